// Two letters speak for one source and disagree: a person may know which is the source's.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { said, t } from "../tongue.ts";

export function DisputeNotice() {
  return (
    <p class="notice alarm">
      <strong>{t("Two letters here speak for this source and carry different keys.")}</strong>{" "}
      {t(
        "One of them was written by somebody else, and the desk cannot tell which. Nothing can be " +
          "answered until you say whom you believe. Compare what they know, and ask your colleagues.",
      )}
    </p>
  );
}

export function Believe(props: {
  readonly thread: string;
  readonly letter: string;
  readonly onChange: () => void;
}) {
  const [asked, setAsked] = useState(false);
  const [problem, setProblem] = useState("");
  const settle = (): void => {
    api.settle(props.thread, props.letter).then(props.onChange, (error: Error) => {
      setProblem(error.message);
    });
  };
  if (!asked) {
    return (
      <p>
        <button class="small" onClick={() => setAsked(true)}>{t("Believe this letter…")}</button>
      </p>
    );
  }
  return (
    <div class="notice care" role="group" aria-label={t("Believe this letter…")}>
      <p>
        {t(
          "From now on answers go to whoever wrote this letter, and to nobody else. What another key " +
            "wrote stays in the thread, for people to read.",
        )}
      </p>
      {problem !== "" && <p class="wrong" role="alert">{said(problem)}</p>}
      <div class="actions">
        <button onClick={settle}>{t("Believe it")}</button>
        <button onClick={() => setAsked(false)}>{t("Not yet")}</button>
      </div>
    </div>
  );
}
