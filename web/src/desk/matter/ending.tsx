// Deleting a thread from this desk: a deliberate act, with what it does not reach.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { said, t } from "../tongue.ts";
import type { MatterProps } from "./matter.tsx";
import { Section } from "./section.tsx";

export function Ending({ thread: { row }, onDeleted }: MatterProps) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState("");
  const remove = (): void => {
    api.deleteThread(row.thread).then(onDeleted, (error: Error) => setProblem(error.message));
  };
  if (row.team.held) return null;
  return (
    <Section title={t("Delete")}>
      {!asked ? (
        <button class="small" onClick={() => setAsked(true)}>{t("Delete this thread…")}</button>
      ) : (
        <div class="notice care" role="group" aria-label={t("Delete this thread")}>
          <p>
            <strong>{t("Delete it from this desk for ever?")}</strong>{" "}
            {t(
              "Colleagues keep theirs, and so do copies and exports made before. Its letters are " +
                "not fetched again.",
            )}
          </p>
          <div class="actions">
            <button class="small" onClick={remove}>{t("Delete")}</button>
            <button class="small" onClick={() => setAsked(false)}>{t("Keep it")}</button>
          </div>
        </div>
      )}
      {problem !== "" && <p class="notice care" role="alert">{said(problem)}</p>}
    </Section>
  );
}
