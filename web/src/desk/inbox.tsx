// The list of threads: whose turn it is at a glance, and filters over it.

import { useEffect, useRef, useState } from "preact/hooks";

import type { Lists, ThreadRow } from "./api.ts";
import { counted, day, language } from "./words.ts";

export interface Filter {
  readonly show: "all" | "unread" | "unanswered" | "drafts";
  readonly language: string;
}

/** How many rows are drawn at first, and more each time the end comes near. */
const PAGE = 100;
const SHOWS = { all: "All", unread: "Not read", unanswered: "Not answered", drafts: "Begun" } as const;

/** The rows that the filter lets through. */
export function filtered(rows: readonly ThreadRow[], filter: Filter): readonly ThreadRow[] {
  return rows.filter(
    (row) =>
      (filter.language === "" || row.language === filter.language) &&
      (filter.show !== "unread" || row.unread > 0) &&
      (filter.show !== "unanswered" || row.replies === 0) &&
      (filter.show !== "drafts" || row.draft),
  );
}

interface Props {
  readonly lists: Lists;
  readonly rows: readonly ThreadRow[];
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
  readonly current: string;
  readonly onOpen: (thread: string) => void;
  readonly inQuarantine: boolean;
  readonly onQuarantine: () => void;
  readonly portal: string;
}

export function Inbox(props: Props) {
  const { lists, rows, filter, onFilter, current } = props;
  const [limit, setLimit] = useState(PAGE);
  const list = useRef<HTMLUListElement>(null);
  const languages = [...new Set(lists.threads.map((row) => row.language))].filter(Boolean).sort();
  useEffect(() => {
    const at = rows.findIndex((row) => row.thread === current);
    if (at >= limit) setLimit(at + PAGE);
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const grow = (event: Event): void => {
    const element = event.currentTarget as HTMLElement;
    if (element.scrollTop + 2 * element.clientHeight > element.scrollHeight) {
      setLimit((before) => Math.min(rows.length, before + PAGE) || PAGE);
    }
  };
  return (
    <>
      <h1 class="unseen">Letters</h1>
      <div class="filters" hidden={lists.threads.length === 0}>
        <label>
          <span class="unseen">Show</span>
          <select
            value={filter.show}
            onChange={(event) =>
              onFilter({ ...filter, show: event.currentTarget.value as Filter["show"] })
            }
          >
            {Object.entries(SHOWS).map(([value, name]) => (
              <option key={value} value={value}>{name}</option>
            ))}
          </select>
        </label>
        {languages.length > 1 && (
          <label>
            <span class="unseen">Language</span>
            <select
              value={filter.language}
              onChange={(event) => onFilter({ ...filter, language: event.currentTarget.value })}
            >
              <option value="">Every language</option>
              {languages.map((code) => (
                <option key={code} value={code}>{language(code)}</option>
              ))}
            </select>
          </label>
        )}
        <span class="quiet" role="status">{counted(rows.length, "thread")}</span>
      </div>
      <ul class="rows" ref={list} onScroll={grow}>
        {rows.slice(0, limit).map((row) => (
          <Row key={row.thread} row={row} current={row.thread === current} onOpen={props.onOpen} />
        ))}
        {rows.length === 0 && lists.threads.length > 0 && (
          <li class="none quiet">No thread is like this. Show all again.</li>
        )}
        {lists.quarantine.length > 0 && (
          <li>
            <button
              class="row set-aside"
              aria-current={props.inQuarantine ? "true" : undefined}
              onClick={props.onQuarantine}
            >
              <span class="alias">Quarantine</span>
              <span class="quiet">
                {counted(lists.quarantine.length, "letter")} set aside
                {lists.quarantine.some((row) => row.alarm) && <span class="wrong"> · alarm</span>}
              </span>
            </button>
          </li>
        )}
      </ul>
    </>
  );
}

function Row(props: {
  readonly row: ThreadRow;
  readonly current: boolean;
  readonly onOpen: (thread: string) => void;
}) {
  const { row, current } = props;
  return (
    <li>
      <button
        class={`row${row.unread > 0 ? " unread" : ""}`}
        aria-current={current ? "true" : undefined}
        onClick={() => props.onOpen(row.thread)}
      >
        <span class="line">
          <span class="alias">{row.alias}</span>
          <span class="quiet">{day(row.last_date)}</span>
        </span>
        <span class="preview" lang={row.language} dir="auto">{row.preview}</span>
        <span class="line marks">
          <span class="quiet">
            {language(row.language)}
            {row.attachments > 0 && ` · ${counted(row.attachments, "file")}`}
          </span>
          <span>
            {row.draft && <span class="begun">begun</span>}
            {row.answered_by.length > 0 ? (
              <span class="quiet">answered by {row.answered_by.join(", ")}</span>
            ) : (
              <span class="open">{row.unread > 0 ? "new" : "not answered"}</span>
            )}
          </span>
        </span>
      </button>
    </li>
  );
}
