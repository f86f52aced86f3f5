// An answer that leaves the board can be posted again; nobody knows whether it was read.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { day, said, t } from "../tongue.ts";

interface Props {
  readonly thread: string;
  readonly entry: api.Entry;
  readonly onChange: () => void;
}

export function PostAgain({ thread, entry, onChange }: Props) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const gone = entry.may_leave <= new Date().toISOString().slice(0, 10);
  const again = (): void => {
    setBusy(true);
    api.postAgain(thread, entry.id).then(onChange, (error: Error) => {
      setProblem(error.message);
      setBusy(false);
    });
  };
  return (
    <p class={`small-print${gone ? " leaves" : ""}`}>
      {gone
        ? t("Since {day} it may be gone from the board.", { day: day(entry.may_leave) })
        : t("On the board at least until {day}.", { day: day(entry.may_leave) })}{" "}
      <button class="link" disabled={busy} onClick={again}>{t("Post again")}</button>
      {problem !== "" && <span class="wrong" role="alert"> {said(problem)}</span>}
    </p>
  );
}
