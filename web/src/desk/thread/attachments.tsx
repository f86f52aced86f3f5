// A letter's files as a table. Nothing of them is opened or shown here.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { mark, rich, said, size, t } from "../tongue.ts";

interface Props {
  readonly thread: string;
  readonly entry: string;
  readonly attachments: readonly api.Attachment[];
}

export function Attachments({ thread, entry, attachments }: Props) {
  const [asked, setAsked] = useState(-1);
  return (
    <div class="attachments">
      <table>
        <caption class="unseen">{t("Files of this letter")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("File")}</th>
            <th scope="col">{t("Size")}</th>
            <th scope="col">SHA-256</th>
            <th scope="col">{t("Original")}</th>
          </tr>
        </thead>
        <tbody>
          {attachments.map((file, position) => (
            <tr key={position}>
              <td data-name={t("File")}><bdi>{file.name}</bdi></td>
              <td data-name={t("Size")}>{size(file.size)}</td>
              <td data-name="SHA-256">
                <span class="hex" title={file.sha256}>{file.sha256.slice(0, 16)}…</span>
              </td>
              <td data-name={t("Original")}>
                {file.state === "complete" ? (
                  <button class="link" onClick={() => setAsked(position)}>{t("Export…")}</button>
                ) : (
                  <State file={file} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {asked >= 0 && attachments[asked] && (
        <Export
          key={asked}
          name={attachments[asked].name}
          save={() => api.exportOne(thread, entry, asked)}
          onClose={() => setAsked(-1)}
        />
      )}
    </div>
  );
}

function State({ file }: { readonly file: api.Attachment }) {
  if (file.state === "damaged") return <span class="wrong">{t("Damaged, not kept")}</span>;
  if (file.state === "gone") return <span class="wrong">{t("No longer on the server")}</span>;
  return (
    <span class="quiet">
      {t("{here} of {all} parts here", { here: file.chunks_here, all: file.chunks })}
    </span>
  );
}

const PROBLEMS: Readonly<Record<string, string>> = {
  damaged: mark("The file is not what the letter says it is, and was not saved."),
  gone: mark("The server no longer has all parts of this file."),
  waiting: mark("The file is not complete yet; the next syncs fetch it."),
};

function Export(props: {
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
