// The rows in sight, of a list that may hold ten thousand; each row has the same height.

import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { ThreadRow } from "../api/index.ts";
import { counted, day, language, listed, t } from "../tongue.ts";
import type { Rows } from "./window.ts";

/** As `--row` in the sheet. */
const ROW_REM = 5.75;
const BEYOND = 8;

interface Props {
  readonly rows: Rows;
  readonly current: string;
  readonly onOpen: (thread: string) => void;
}

export function RowList({ rows, current, onOpen }: Props) {
  const box = useRef<HTMLUListElement>(null);
  const [sight, setSight] = useState<readonly [number, number]>([0, 20]);
  const height = ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);
  const total = rows.total ?? 0;
  const look = (): void => {
    const element = box.current;
    if (!element) return;
    const first = Math.max(0, Math.floor(element.scrollTop / height) - BEYOND);
    const last = Math.ceil((element.scrollTop + element.clientHeight) / height) + BEYOND;
    setSight((before) => (before[0] === first && before[1] === last ? before : [first, last]));
    rows.want(first, Math.max(first, Math.min(last, total - 1)));
  };
  useLayoutEffect(look, [total]);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => watch.disconnect();
  }, [total]);
  const at = rows.indexOf(current);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || at < 0) return;
    const top = at * height;
    if (top < element.scrollTop) element.scrollTop = top;
    const under = top + height - element.clientHeight;
    if (under > element.scrollTop) element.scrollTop = under;
  }, [current, at]);
  const indices = Array.from(
    { length: Math.max(0, Math.min(sight[1] + 1, total) - sight[0]) },
    (_, i) => sight[0] + i,
  );
  return (
    <ul class="rows" ref={box} onScroll={look}>
      <li class="length" aria-hidden="true" style={{ blockSize: `${total * height}px` }} />
      {indices.map((index) => {
        const row = rows.at(index);
        return (
          <li
            key={row?.thread ?? index}
            class="place"
            aria-setsize={total}
            aria-posinset={index + 1}
            style={{ insetBlockStart: `${index * height}px` }}
          >
            {row && <Row row={row} current={row.thread === current} onOpen={onOpen} />}
          </li>
        );
      })}
    </ul>
  );
}

function Row(props: {
  readonly row: ThreadRow;
  readonly current: boolean;
  readonly onOpen: (thread: string) => void;
}) {
  const { row, current } = props;
  return (
    <button
      class={`row${row.unread > 0 ? " unread" : ""}`}
      aria-current={current ? "true" : undefined}
      onClick={() => props.onOpen(row.thread)}
    >
      <span class="line">
        <span class="alias" lang="en">{row.alias}</span>
        <span class="quiet">{day(row.last_date)}</span>
      </span>
      <span class="preview" lang={row.preview && row.language} dir="auto">
        {row.preview || (row.attachments > 0 ? t("No text, only files") : "")}
      </span>
      <span class="line marks">
        <What row={row} />
        <Turn row={row} />
      </span>
    </button>
  );
}

/** Who has it, its labels, and what it is; what matters least is cut off first. */
function What({ row }: { readonly row: ThreadRow }) {
  const { assigned, mine, labels } = row.team;
  return (
    <span class="quiet cut">
      {assigned !== null && <><span class={mine ? "begun" : ""}>{assigned}</span> · </>}
      {labels.length > 0 && <><bdi class="labelled">{labels.join(", ")}</bdi> · </>}
      {language(row.language)}
      {row.attachments > 0 && ` · ${counted("{n} file", "{n} files", row.attachments)}`}
    </span>
  );
}

/** Whose turn it is, in a word or two. */
function Turn({ row }: { readonly row: ThreadRow }) {
  const { team } = row;
  return (
    <span>
      {row.draft && <span class="begun">{t("begun")}</span>}
      {row.disputed ? (
        <span class="wrong">{t("disputed")}</span>
      ) : team.closed !== "" ? (
        <span class="quiet">{t("closed")}</span>
      ) : team.muted ? (
        <span class="quiet">{t("muted")}</span>
      ) : team.due?.state === "overdue" ? (
        <span class="open">{t("overdue")}</span>
      ) : team.follow_up_due ? (
        <span class="open">{t("to be done")}</span>
      ) : team.due?.state === "due" ? (
        <span class="open">{t("due {day}", { day: day(team.due.date) })}</span>
      ) : team.due !== null || row.answered_by.length === 0 ? (
        <span class="open">{row.unread > 0 ? t("new") : t("not answered")}</span>
      ) : (
        <span class="quiet cut">{t("answered: {names}", { names: listed(row.answered_by) })}</span>
      )}
    </span>
  );
}
