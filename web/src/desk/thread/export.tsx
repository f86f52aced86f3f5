// The original of a file leaves the vault: on purpose, with a sentence on what that can do.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { mark, rich, said, t } from "../tongue.ts";
import { Writing } from "../writing.tsx";

const PROBLEMS: Readonly<Record<string, string>> = {
  damaged: mark("The file is not what the letter says it is, and was not saved."),
  gone: mark("The server no longer has all parts of this file."),
  waiting: mark("The file is not complete yet; the next syncs fetch it."),
};

const NO_PROMISE = mark(
  "Hidden details that mat2 knows are gone. What can be seen or heard is still there: faces, names, " +
    "handwriting, a printer's dots. The file can still be made to attack the program that opens it.",
);

export function Export(props: {
  readonly name: string;
  readonly cleaned: boolean;
  readonly save: () => Promise<api.Saved>;
  readonly onClose: () => void;
}) {
  const [saved, setSaved] = useState<api.Saved | null>(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const save = (): void => {
    setBusy(true);
    props
      .save()
      .then(
        (file) => (file.path === null ? setProblem(why(file.problem ?? "")) : setSaved(file)),
        (error: Error) => setProblem(error.message),
      )
      .finally(() => setBusy(false));
  };
  const act = props.cleaned ? t("Export cleaned") : t("Export the original");
  return (
    <div class="notice care" role="group" aria-label={act}>
      {saved ? (
        <p role="status">
          {rich(t("Saved as {path}"), { path: <code>{saved.path}</code> })}{" "}
          {props.cleaned && said(NO_PROMISE)}
        </p>
      ) : (
        <Question name={props.name} cleaned={props.cleaned} />
      )}
      {busy && <Writing />}
      {problem !== "" && <p class="wrong" role="alert">{said(problem)}</p>}
      <div class="actions">
        {!saved && <button disabled={busy} onClick={save}>{act}</button>}
        <button onClick={props.onClose}>{saved ? t("Done") : t("Do not export")}</button>
      </div>
    </div>
  );
}

function Question({ name, cleaned }: { readonly name: string; readonly cleaned: boolean }) {
  const parts = { name: <bdi>{name}</bdi> };
  if (cleaned) {
    return (
      <p>
        <strong>{rich(t("Export {name} without hidden details?"), parts)}</strong>{" "}
        {t(
          "It takes out who made it, when and where, as far as mat2 knows. What can be seen or heard " +
            "stays, and so does what attacks the program that opens it.",
        )}
      </p>
    );
  }
  return (
    <p>
      <strong>{rich(t("Export {name} as it came?"), parts)}</strong>{" "}
      {t(
        "It can be made to attack the program that opens it, and can say who made it. Open it " +
          "only on a computer where nothing can be lost.",
      )}
    </p>
  );
}

function why(problem: string): string {
  return PROBLEMS[problem] ?? problem;
}
