// One thread, like correspondence: letters on paper, answers set in, notes on another ground.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { t } from "../tongue.ts";
import { Composer } from "./composer.tsx";
import { DisputeNotice } from "./dispute.tsx";
import { EntryView } from "./entry.tsx";

export type Box = "none" | api.Kind;

interface Props {
  readonly thread: api.Thread;
  readonly box: Box;
  readonly onBox: (box: Box | ((before: Box) => Box)) => void;
  /** Something was written or begun: the thread and the list are asked for again. */
  readonly onChange: () => void;
  readonly onMatter: () => void;
}

export function ThreadView({ thread, box, onBox, onChange, onMatter }: Props) {
  const { row, drafts } = thread;
  const close = (): void => {
    setTaken(null);
    // Who has opened the other box meanwhile keeps it.
    onBox((before) => (before === box ? "none" : before));
    onChange();
  };
  const [taken, setTaken] = useState<api.TakenBack | null>(null);
  // Nobody can tell to whom an answer would go.
  const shown = row.disputed && box === "reply" ? "none" : box;
  const takenBack = (back: api.TakenBack): void => {
    setTaken(back);
    onBox(back.kind);
    onChange();
  };
  return (
    <article class="column" aria-label={t("Thread with {alias}", { alias: row.alias })}>
      <header class="thread-head">
        <h1 class="alias" lang="en" tabIndex={-1}>{row.alias}</h1>
        <button class="small to-matter" onClick={onMatter}>{t("About this thread")}</button>
        <Tags row={row} />
      </header>
      {row.disputed && <DisputeNotice />}
      {thread.entries.map((entry) => (
        <EntryView
          key={entry.id}
          entry={entry}
          row={row}
          onTakenBack={takenBack}
          onChange={onChange}
        />
      ))}
      {shown === "none" ? (
        <div class="actions">
          {!row.disputed && (
            <button class="primary" onClick={() => onBox("reply")} aria-keyshortcuts="r">
              {drafts.reply ? t("Go on with your answer") : t("Answer")}
            </button>
          )}
          <button onClick={() => onBox("note")} aria-keyshortcuts="n">
            {drafts.note ? t("Go on with your note") : t("Note for colleagues")}
          </button>
        </div>
      ) : (
        <Composer
          key={shown}
          kind={shown}
          row={row}
          draft={taken?.kind === shown ? taken.text : (drafts[shown] ?? "")}
          onSent={close}
          onClose={close}
        />
      )}
    </article>
  );
}

/** Who has it, and its labels: what a colleague should see before reading on. */
function Tags({ row: { team } }: { readonly row: api.ThreadRow }) {
  if (team.assigned === null && team.labels.length === 0) return null;
  return (
    <p class="tags">
      {team.assigned !== null && (
        <span class="quiet">{t("{name} has it", { name: team.assigned })}</span>
      )}
      {team.labels.map((label) => <bdi key={label} class="label">{label}</bdi>)}
    </p>
  );
}
