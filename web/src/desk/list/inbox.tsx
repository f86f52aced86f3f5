// The list pane: filters, the threads, and the way to what was set aside.

import * as api from "../api/index.ts";
import { counted, language, mark, said, t } from "../tongue.ts";
import { RowList } from "./rows.tsx";
import type { Rows } from "./window.ts";

const SHOWS: Readonly<Record<api.Filter["show"], string>> = {
  open: mark("Open"),
  unread: mark("Not read"),
  unanswered: mark("Not answered"),
  due: mark("Due soon"),
  overdue: mark("Overdue"),
  mine: mark("Mine"),
  drafts: mark("Begun"),
  disputed: mark("Disputed"),
  muted: mark("Muted"),
  held: mark("On hold"),
  closed: mark("Closed"),
  all: mark("All"),
};

interface Props {
  readonly overview: api.Overview;
  readonly rows: Rows;
  readonly filter: api.Filter;
  readonly onFilter: (filter: api.Filter) => void;
  readonly current: string;
  readonly onOpen: (thread: string) => void;
  readonly inQuarantine: boolean;
  readonly onQuarantine: () => void;
}

export function Inbox(props: Props) {
  const { overview, rows } = props;
  return (
    <>
      <h1 class="unseen">{t("Letters")}</h1>
      {overview.threads > 0 && <Filters {...props} />}
      <RowList rows={rows} current={props.current} onOpen={props.onOpen} />
      {rows.total === 0 && overview.threads > 0 && (
        <p class="none quiet">{t("No thread is like this. Show all again.")}</p>
      )}
      {overview.quarantine > 0 && (
        <button
          class="row set-aside"
          aria-current={props.inQuarantine ? "true" : undefined}
          onClick={props.onQuarantine}
        >
          <span class="alias">{t("Quarantine")}</span>
          <span class="quiet">
            {counted("{n} letter set aside", "{n} letters set aside", overview.quarantine)}
            {overview.quarantine_alarms > 0 && <span class="wrong"> · {t("alarm")}</span>}
          </span>
        </button>
      )}
    </>
  );
}

function Filters({ overview, rows, filter, onFilter }: Props) {
  return (
    <div class="filters">
      {overview.overdue > 0 && filter.show !== "overdue" && (
        <button class="link overdue" onClick={() => onFilter({ ...filter, show: "overdue" })}>
          {counted("{n} thread is overdue", "{n} threads are overdue", overview.overdue)}
        </button>
      )}
      <label>
        <span class="unseen">{t("Show")}</span>
        <select
          value={filter.show}
          onChange={(event) =>
            onFilter({ ...filter, show: event.currentTarget.value as api.Filter["show"] })
          }
        >
          {Object.entries(SHOWS).map(([value, name]) => (
            <option key={value} value={value}>{said(name)}</option>
          ))}
        </select>
      </label>
      {overview.languages.length > 1 && (
        <label>
          <span class="unseen">{t("Language of the letters")}</span>
          <select
            value={filter.language}
            onChange={(event) => onFilter({ ...filter, language: event.currentTarget.value })}
          >
            <option value="">{t("Every language")}</option>
            {overview.languages.map((code) => (
              <option key={code} value={code}>{language(code)}</option>
            ))}
          </select>
        </label>
      )}
      {overview.labels.length > 0 && (
        <label>
          <span class="unseen">{t("Label")}</span>
          <select
            value={filter.label}
            onChange={(event) => onFilter({ ...filter, label: event.currentTarget.value })}
          >
            <option value="">{t("Every label")}</option>
            {overview.labels.map((word) => (
              <option key={word} value={word}>{word}</option>
            ))}
          </select>
        </label>
      )}
      <span class="quiet" role="status">
        {rows.total !== null && counted("{n} thread", "{n} threads", rows.total)}
      </span>
    </div>
  );
}
