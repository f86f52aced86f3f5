// One item of a thread: a letter, an answer or a note, as text and nothing else.

import { useState } from "preact/hooks";

import * as api from "../api/index.ts";
import { day, listed, mark, moment, said, t } from "../tongue.ts";
import { PostAgain } from "./again.tsx";
import { Attachments } from "./attachments.tsx";
import { Believe } from "./dispute.tsx";
import { SideBySide } from "./translation.tsx";

const FORM: Readonly<Record<string, string>> = {
  danger: mark("Danger now"),
  how: mark("How they know"),
  others: mark("Who else knows"),
  what: mark("What it is about"),
  when: mark("Time limits"),
};

interface Props {
  readonly entry: api.Entry;
  readonly row: api.ThreadRow;
  readonly onTakenBack: (taken: api.TakenBack) => void;
  readonly onChange: () => void;
}

export function EntryView({ entry, row, onTakenBack, onChange }: Props) {
  return (
    <article
      class={`entry ${entry.kind}`}
      id={`entry-${entry.id}`}
      tabIndex={-1}
      aria-label={heading(entry)}
    >
      <header>
        <h2>{heading(entry)}</h2>
        <p class="quiet">{day(entry.date)}</p>
      </header>
      {entry.form.length > 0 && (
        <dl>
          {entry.form.map(([name, answer]) => (
            <>
              <dt key={name}>{said(FORM[name] ?? name)}</dt>
              <dd dir="auto">{answer}</dd>
            </>
          ))}
        </dl>
      )}
      {entry.text !== "" &&
        (entry.kind === "letter" || entry.translations.length > 0 ? (
          <SideBySide thread={row.thread} entry={entry} onChange={onChange} />
        ) : (
          <p class="text" lang={entry.language || undefined} dir="auto">{entry.text}</p>
        ))}
      {entry.text === "" && entry.attachments.length > 0 && (
        <p class="small-print">{t("Without text of its own: a long letter comes as a file.")}</p>
      )}
      {entry.attachments.length > 0 && (
        <Attachments thread={row.thread} entry={entry.id} attachments={entry.attachments} />
      )}
      {entry.former_can_read && (
        <p class="notice care">
          <strong>{t("A former handler could read this.")}</strong>{" "}
          {t("The source has not written since that person left. Ask them to write again.")}
        </p>
      )}
      {entry.resealed_by !== null && (
        <p class="quiet small-print">{t("Passed on by {name}.", { name: entry.resealed_by })}</p>
      )}
      {entry.kind === "letter" && entry.read_by.length > 0 && (
        <p class="small-print">{t("Opened by {names}.", { names: listed(entry.read_by) })}</p>
      )}
      {entry.posted_again !== "" && (
        <p class="small-print">
          {t("Posted again: the answer of {day}.", { day: day(entry.posted_again) })}
        </p>
      )}
      {entry.own && entry.kind !== "letter" && (
        <Posting entry={entry} thread={row.thread} onTakenBack={onTakenBack} />
      )}
      {entry.kind === "reply" && (entry.state === "posted" || !entry.own) && (
        <PostAgain thread={row.thread} entry={entry} onChange={onChange} />
      )}
      {entry.state === "disputed" && entry.letter !== null && (
        <Believe thread={row.thread} letter={entry.letter} onChange={onChange} />
      )}
    </article>
  );
}

function heading(entry: api.Entry): string {
  if (entry.kind === "letter") return t("Letter");
  const reply = entry.kind === "reply";
  if (entry.own) return reply ? t("Answer by you") : t("Note for colleagues by you");
  const name = entry.by ?? t("a colleague");
  return reply ? t("Answer by {name}", { name }) : t("Note for colleagues by {name}", { name });
}

interface PostingProps {
  readonly entry: api.Entry;
  readonly thread: string;
  readonly onTakenBack: (taken: api.TakenBack) => void;
}

function Posting({ entry, thread, onTakenBack }: PostingProps) {
  const [problem, setProblem] = useState("");
  if (entry.state === "refused") {
    return (
      <p class="notice alarm">
        <strong>{t("The server did not take this.")}</strong>{" "}
        {t(
          "It holds something else in its place. Tell your colleagues, and write the answer again.",
        )}
      </p>
    );
  }
  const takeBack = (): void => {
    api.takeBack(thread, entry.id).then(
      onTakenBack,
      (error: Error) => setProblem(error.message),
    );
  };
  return (
    <p class={`small-print state ${entry.state}`}>
      {posting(entry)}
      {entry.can_take_back && (
        <>
          {" "}
          <button class="link" onClick={takeBack}>{t("Take it back")}</button>
        </>
      )}
      {problem !== "" && <strong role="alert"> {said(problem)}</strong>}
    </p>
  );
}

function posting(entry: api.Entry): string {
  if (entry.state === "waiting") {
    if (entry.kind === "note") return t("Waiting: it goes with the next letters to colleagues.");
    return entry.posting_at === null
      ? t("Waiting, behind much that goes before it.")
      : t("Waiting: it goes by {when}, while the desk is on.", { when: moment(entry.posting_at) });
  }
  if (entry.on_board !== "") {
    return t("Posted, and seen on the board on {day}.", { day: day(entry.on_board) });
  }
  return entry.kind === "reply"
    ? t("Posted. It appears on the board as room comes free, usually within hours.")
    : t("Posted to your colleagues.");
}
