// A letter's files as a table: what each really is, and what to be wary of. Nothing of them is opened
// here; *Open as pixels* shows what a sandbox drew.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { visible } from "../names.ts";
import { said, size, t } from "../tongue.ts";
import { Export } from "./export.tsx";
import { Viewer } from "./viewer.tsx";

interface Props {
  readonly thread: string;
  readonly entry: string;
  readonly attachments: readonly api.Attachment[];
}

export function Attachments({ thread, entry, attachments }: Props) {
  const [asked, setAsked] = useState<{ position: number; cleaned: boolean } | null>(null);
  const [seen, setSeen] = useState(-1);
  const looked = attachments[seen];
  const wanted = asked && attachments[asked.position];
  return (
    <div class="attachments">
      <table>
        <caption class="unseen">{t("Files of this letter")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("File")}</th>
            <th scope="col">{t("What it is")}</th>
            <th scope="col">{t("Look")}</th>
          </tr>
        </thead>
        <tbody>
          {attachments.map((file, position) => (
            <tr key={position}>
              <td class="name" data-name={t("File")}>
                <div>
                  <bdi>{visible(file.name)}</bdi>
                  <span class="hex small-print" title={file.sha256}>
                    SHA-256 {file.sha256.slice(0, 12)}…
                  </span>
                </div>
              </td>
              <td data-name={t("What it is")}><Kind file={file} /></td>
              <td data-name={t("Look")}>
                {file.state === "complete" ? (
                  <Acts
                    file={file}
                    onLook={() => setSeen(position)}
                    onExport={(cleaned) => setAsked({ position, cleaned })}
                  />
                ) : (
                  <State file={file} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {wanted && asked && (
        <Export
          key={`${asked.position} ${asked.cleaned}`}
          name={visible(wanted.name)}
          cleaned={asked.cleaned}
          save={() =>
            (asked.cleaned ? api.exportCleaned : api.exportOne)(thread, entry, asked.position)
          }
          onClose={() => setAsked(null)}
        />
      )}
      {looked && (
        <Viewer
          key={seen}
          name={visible(looked.name)}
          look={(page) => api.picture(thread, entry, seen, page)}
          onClose={() => setSeen(-1)}
        />
      )}
    </div>
  );
}

function Kind({ file }: { readonly file: api.Attachment }) {
  return (
    <div class="kind">
      {file.label === "" ? <span class="quiet">{t("not looked at yet")}</span> : said(file.label)}
      {", "}
      <span class="size">{size(file.size)}</span>
      {file.warnings.map((warning) => (
        <p key={warning} class="warning">{said(warning)}</p>
      ))}
    </div>
  );
}

function Acts(props: {
  readonly file: api.Attachment;
  readonly onLook: () => void;
  readonly onExport: (cleaned: boolean) => void;
}) {
  const about = { name: visible(props.file.name) };
  return (
    <div class="acts">
      {props.file.drawn && (
        <button
          class="small look"
          onClick={props.onLook}
          aria-label={t("Open as pixels: {name}", about)}
        >
          {t("Open as pixels")}
        </button>
      )}
      <details class="menu">
        <summary aria-label={t("More: {name}", about)}>{t("More")}</summary>
        <button class="link export" onClick={() => props.onExport(false)}>
          {t("Export original…")}
        </button>
        <button class="link" onClick={() => props.onExport(true)}>{t("Export cleaned…")}</button>
      </details>
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
