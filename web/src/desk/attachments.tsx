// A letter's files as a table. Nothing of them is opened or shown here.

import { useState } from "preact/hooks";

import * as api from "./api.ts";
import { size } from "./words.ts";

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
        <caption class="unseen">Files of this letter</caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Size</th>
            <th scope="col">SHA-256</th>
            <th scope="col">Original</th>
          </tr>
        </thead>
        <tbody>
          {attachments.map((file, position) => (
            <tr key={position}>
              <td data-name="File"><bdi>{file.name}</bdi></td>
              <td data-name="Size">{size(file.size)}</td>
              <td data-name="SHA-256">
                <span class="hex" title={file.sha256}>{file.sha256.slice(0, 16)}…</span>
              </td>
              <td data-name="Original">
                {file.state === "complete" ? (
                  <button class="link" onClick={() => setAsked(position)}>Export…</button>
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
  if (file.state === "damaged") return <span class="wrong">Damaged, not kept</span>;
  return <span class="quiet">{file.chunks_here} of {file.chunks} parts here</span>;
}

const PROBLEMS: Readonly<Record<string, string>> = {
  damaged: "The file is not what the letter says it is, and was not saved.",
  waiting: "The file is not complete yet; the next syncs fetch it.",
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
    <div class="notice care" role="group" aria-label="Export the original">
      {saved ? (
        <p role="status">
          Saved as <code>{saved.path}</code>
        </p>
      ) : (
        <p>
          <strong>Export <bdi>{props.name}</bdi> as it came?</strong> It can be made to attack the
          program that opens it, and can say who made it. Open it only on a computer where nothing
          can be lost.
        </p>
      )}
      {problem !== "" && <p class="wrong" role="alert">{problem}</p>}
      <div class="actions">
        {!saved && <button onClick={save}>Export the original</button>}
        <button onClick={props.onClose}>{saved ? "Done" : "Do not export"}</button>
      </div>
    </div>
  );
}
