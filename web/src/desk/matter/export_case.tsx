// The whole thread, or all threads of one matter, as a ZIP for somebody outside: what it shows is said before it is made.

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { visible } from "../names.ts";
import { counted, listed, rich, said, size, spoken, t } from "../tongue.ts";
import type { MatterProps } from "./matter.tsx";
import { Writing } from "../writing.tsx";
import { Section } from "./section.tsx";

export function ExportCase({ thread: { row } }: MatterProps) {
  const [open, setOpen] = useState(false);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [notes, setNotes] = useState(false);
  const [files, setFiles] = useState(true);
  const [busy, setBusy] = useState(false);
  const [made, setMade] = useState<api.ExportedCase | null>(null);
  const [problem, setProblem] = useState("");
  const others = row.matters.filter((other) => !left.includes(other.thread));
  const make = (): void => {
    setBusy(true);
    setProblem("");
    api
      .exportCase([row.thread, ...others.map((other) => other.thread)], notes, files, spoken())
      .then(setMade, (error: Error) => setProblem(error.message))
      .finally(() => setBusy(false));
  };
  const close = (): void => {
    setOpen(false);
    setMade(null);
    setProblem("");
  };
  return (
    <Section title={t("Export")}>
      {!open && (
        <button class="small" onClick={() => setOpen(true)}>{t("Export this case…")}</button>
      )}
      {open && made === null && (
        <>
          <p class="warning">
            {t(
              "The export is not encrypted: whoever has it reads all that the source wrote, and who " +
                "answered. Give away only what has to be given away.",
            )}
          </p>
          {row.matters.length > 0 && (
            <Matters row={row} left={left} onLeft={setLeft} />
          )}
          <Choice on={files} onChange={setFiles}>{t("With the files, and pictures of them")}</Choice>
          <Choice on={notes} onChange={setNotes}>{t("With notes for colleagues")}</Choice>
          {busy && <Writing />}
          <div class="actions">
            <button class="small" disabled={busy} onClick={make}>{t("Export as a ZIP")}</button>
            <button class="small" disabled={busy} onClick={close}>{t("Do not export")}</button>
          </div>
        </>
      )}
      {made && <Made made={made} onClose={close} />}
      {problem !== "" && <p class="wrong" role="alert">{said(problem)}</p>}
    </Section>
  );
}

/** The other threads of the matter, each to be left out. */
function Matters(props: {
  readonly row: api.ThreadRow;
  readonly left: readonly string[];
  readonly onLeft: (left: readonly string[]) => void;
}) {
  const { row, left, onLeft } = props;
  return (
    <fieldset class="matters">
      <legend>{t("Other threads of the same matter that go along")}</legend>
      {row.matters.map((other) => (
        <Choice
          key={other.thread}
          on={!left.includes(other.thread)}
          onChange={(on) =>
            onLeft(on ? left.filter((each) => each !== other.thread) : [...left, other.thread])
          }
        >
          <span class="alias" lang="en">{other.alias}</span>
        </Choice>
      ))}
    </fieldset>
  );
}

function Choice(props: {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: ComponentChildren;
}) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={props.on}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />{" "}
      {props.children}
    </label>
  );
}

function Made({ made, onClose }: { readonly made: api.ExportedCase; readonly onClose: () => void }) {
  return (
    <>
      <p role="status">
        {rich(t("Saved as {path}"), { path: <code>{made.path}</code> })}{" "}
        {counted("{n} file, listed and signed.", "{n} files, listed and signed.", made.files)}{" "}
        {t("{size} in all.", { size: size(made.size) })}
      </p>
      {made.missing.length > 0 && (
        <p class="warning">{t("Not in it: {names}.", { names: listed(made.missing.map(visible)) })}</p>
      )}
      <button class="small" onClick={onClose}>{t("Done")}</button>
    </>
  );
}
