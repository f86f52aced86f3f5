// One thread, like correspondence: letters on paper, answers set in, notes on another ground.

import { useEffect, useState } from "preact/hooks";

import * as api from "./api.ts";
import { Attachments } from "./attachments.tsx";
import { Composer } from "./composer.tsx";
import { counted, day, language, question, time } from "./words.ts";

export type Box = "none" | api.Kind;

interface Props {
  readonly row: api.ThreadRow;
  readonly desk: api.DeskInfo;
  readonly sync: api.SyncStatus;
  readonly version: number;
  readonly box: Box;
  readonly onBox: (box: Box) => void;
  readonly onChange: () => void;
}

export function ThreadView({ row, desk, sync, version, box, onBox, onChange }: Props) {
  const [thread, setThread] = useState<api.Thread | null>(null);
  const [problem, setProblem] = useState("");
  const [reread, setReread] = useState(0);
  // Reading changes the version once more: what was just read is not read again for that.
  const shown = `${row.letters}/${row.replies}/${row.notes}/${sync.finished}/${reread}`;
  useEffect(() => {
    let over = false;
    api.readThread(row.thread).then(
      (found) => {
        if (over) return;
        setThread(found);
        onChange();
      },
      (error: Error) => over || setProblem(error.message),
    );
    return () => {
      over = true;
    };
  }, [row.thread, shown]);
  if (problem !== "") return <p class="notice care">{problem}</p>;
  if (thread === null) return null;
  const sent = (): void => {
    onBox("none");
    setReread((count) => count + 1);
    onChange();
  };
  const written = box === "none" ? "" : (thread.drafts[box] ?? "");
  return (
    <div class="thread">
      <article class="column" aria-label={`Thread with ${row.alias}`} data-version={version}>
        <h1 class="alias" tabIndex={-1}>{row.alias}</h1>
        {thread.entries.map((entry) => (
          <EntryView key={entry.id} entry={entry} row={row} sync={sync} />
        ))}
        {box === "none" ? (
          <div class="actions">
            <button class="primary" onClick={() => onBox("reply")} aria-keyshortcuts="r">
              {thread.drafts.reply ? "Go on with your answer" : "Answer"}
            </button>
            <button onClick={() => onBox("note")} aria-keyshortcuts="n">
              {thread.drafts.note ? "Go on with your note" : "Note for colleagues"}
            </button>
          </div>
        ) : (
          <Composer
            key={box}
            kind={box}
            row={row}
            draft={written}
            nextSync={sync.next}
            onSent={sent}
            onClose={() => {
              onBox("none");
              setReread((count) => count + 1);
            }}
          />
        )}
      </article>
      <Matter row={row} desk={desk} />
    </div>
  );
}

function EntryView(props: {
  readonly entry: api.Entry;
  readonly row: api.ThreadRow;
  readonly sync: api.SyncStatus;
}) {
  const { entry, row, sync } = props;
  return (
    <section class={`entry ${entry.kind}`} aria-label={heading(entry)}>
      <header>
        <h2>{heading(entry)}</h2>
        <p class="quiet">{day(entry.date)}</p>
      </header>
      {entry.form.length > 0 && (
        <dl>
          {entry.form.map(([name, answer]) => (
            <>
              <dt key={name}>{question(name)}</dt>
              <dd dir="auto">{answer}</dd>
            </>
          ))}
        </dl>
      )}
      {entry.text !== "" && (
        <p class="text" lang={entry.language || undefined} dir="auto">
          {entry.text}
        </p>
      )}
      {entry.attachments.length > 0 && (
        <Attachments thread={row.thread} entry={entry.id} attachments={entry.attachments} />
      )}
      {entry.former_can_read && (
        <p class="notice care">
          <strong>A former handler could read this.</strong> The source has not written since that
          person left. Ask them to write again.
        </p>
      )}
      {entry.resealed_by !== null && (
        <p class="quiet small-print">Passed on by {entry.resealed_by}.</p>
      )}
      {entry.state !== "received" && <Posting entry={entry} next={sync.next} />}
    </section>
  );
}

function heading(entry: api.Entry): string {
  if (entry.kind === "letter") return "Letter";
  const who = entry.own ? "you" : (entry.by ?? "a colleague");
  return entry.kind === "reply" ? `Answer by ${who}` : `Note for colleagues by ${who}`;
}

function Posting({ entry, next }: { readonly entry: api.Entry; readonly next: number }) {
  if (entry.state === "refused") {
    return (
      <p class="notice alarm">
        <strong>The server did not take this.</strong> It holds something else in its place. Tell
        your colleagues, and write the answer again.
      </p>
    );
  }
  const when = next > 0 ? `at the next sync, about ${time(next)}` : "at the next sync";
  const posted =
    entry.kind === "reply"
      ? "Posted. It appears on the board as room comes free, usually within hours."
      : "Posted to your colleagues.";
  return (
    <p class={`small-print state ${entry.state}`}>
      {entry.state === "waiting" ? `Waiting: it is posted ${when}.` : posted}
    </p>
  );
}

function Matter({ row, desk }: { readonly row: api.ThreadRow; readonly desk: api.DeskInfo }) {
  return (
    <aside class="matter" aria-label="About this thread">
      <h2>About this thread</h2>
      <dl>
        <dt>First letter</dt>
        <dd>{day(row.first_date)}</dd>
        <dt>Last change</dt>
        <dd>{day(row.last_date)}</dd>
        <dt>Language</dt>
        <dd>{language(row.language)}</dd>
        <dt>In it</dt>
        <dd>
          {counted(row.letters, "letter")}, {counted(row.replies, "answer")},{" "}
          {counted(row.notes, "note")}, {counted(row.attachments, "file")}
        </dd>
        <dt>Answered by</dt>
        <dd>{row.answered_by.join(", ") || "nobody yet"}</dd>
        <dt>Id</dt>
        <dd class="hex">{row.thread.slice(0, 8)}</dd>
      </dl>
      <p class="quiet">
        {desk.organisation} calls this source by two words that mean nothing. When the source last
        read is not known to anybody.
      </p>
    </aside>
  );
}
