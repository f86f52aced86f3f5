// The original of a file leaves the vault: on purpose, with a sentence on what that can do.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { mark, rich, said, t } from "../tongue.ts";

const PROBLEMS: Readonly<Record<string, string>> = {
  damaged: mark("The file is not what the letter says it is, and was not saved."),
  gone: mark("The server no longer has all parts of this file."),
  waiting: mark("The file is not complete yet; the next syncs fetch it."),
};

export function Export(props: {
  readonly name: string;
  readonly save: () => Promise<api.Saved>;
  readonly onClose: () => void;
}) {
  const [saved, setSaved] = useState<api.Saved | null>(null);
  const [problem, setProblem] = useState("");
  const save = (): void => {
    props.save().then(
      (file) => (file.path === null ? setProblem(PROBLEMS[file.problem ?? ""] ?? "") : setSaved(file)),
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <div class="notice care" role="group" aria-label={t("Export the original")}>
      {saved ? (
        <p role="status">{rich(t("Saved as {path}"), { path: <code>{saved.path}</code> })}</p>
      ) : (
        <p>
          <strong>
            {rich(t("Export {name} as it came?"), { name: <bdi>{props.name}</bdi> })}
          </strong>{" "}
          {t(
            "It can be made to attack the program that opens it, and can say who made it. Open it " +
              "only on a computer where nothing can be lost.",
          )}
        </p>
      )}
      {problem !== "" && <p class="wrong" role="alert">{said(problem)}</p>}
      <div class="actions">
        {!saved && <button onClick={save}>{t("Export the original")}</button>}
        <button onClick={props.onClose}>{saved ? t("Done") : t("Do not export")}</button>
      </div>
    </div>
  );
}
