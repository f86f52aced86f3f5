// The open desk: bars on top, then three panes, the list, the thread and the matter beside it.

import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "./api/index.ts";
import { Bars } from "./bars.tsx";
import { Empty, Nothing } from "./empty.tsx";
import { Help } from "./help.tsx";
import { useKeys } from "./keys.ts";
import { Inbox } from "./list/inbox.tsx";
import { useRows, type Rows } from "./list/window.ts";
import { Matter, type Held, type Wanted } from "./matter/matter.tsx";
import { useNotices } from "./notices.ts";
import { Quarantine } from "./quarantine.tsx";
import { Records } from "./records/records.tsx";
import { Hits, SearchBox } from "./search/search.tsx";
import { Settings } from "./settings.tsx";
import { LanguageSwitch } from "./switch.tsx";
import { SyncBar } from "./sync_bar.tsx";
import { ThreadView, type Box } from "./thread/thread.tsx";
import { useThread } from "./thread/use_thread.ts";
import { said, spoken, t, type Code } from "./tongue.ts";

interface Props {
  readonly desk: api.DeskInfo;
  readonly sync: api.SyncStatus;
  readonly version: number;
  readonly damaged: boolean;
  /** The program did not answer the last time. */
  readonly silent: boolean;
  readonly onChange: () => void;
  readonly onLock: () => void;
  readonly onLanguage: (code: Code) => void;
}

/** Which pane a narrow screen shows, and what stands in the middle one. */
type Place =
  | { readonly at: "list" }
  | { readonly at: "thread" | "matter"; readonly thread: string }
  | { readonly at: "quarantine" | "records" };

const LIST: Place = { at: "list" };

export function Office(props: Props) {
  const { desk, sync, version, damaged, silent, onChange, onLock, onLanguage } = props;
  const [place, setPlace] = useState<Place>(LIST);
  const [filter, setFilter] = useState<api.Filter>({ show: "open", language: "", label: "" });
  const [box, setBox] = useState<Box>("none");
  const [help, setHelp] = useState(false);
  const [settings, setSettings] = useState(false);
  const [words, setWords] = useState("");
  const searchField = useRef<HTMLInputElement>(null);
  const [wanted, setWanted] = useState<Wanted | null>(null);
  const [held, setHeld] = useState<Held | null>(null);
  const overview = useOverview(version);
  const rows = useRows(filter, version);
  const current = "thread" in place ? place.thread : "";
  const { thread, problem, again } = useThread(current, version);
  const open = (id: string): void => {
    setBox("none");
    setWanted(null);
    setPlace({ at: "thread", thread: id });
  };
  const toEntry = useEntry(thread);
  const step = useStep(rows, current, open);
  const changed = (): void => {
    again();
    onChange();
  };
  const want = (field: Wanted["field"]): void => {
    setPlace({ at: "matter", thread: current });
    setWanted({ field });
  };
  const acts = {
    reply: () => setBox("reply"),
    note: () => setBox("note"),
    assign: () => want("assign"),
    label: () => want("label"),
  };
  useKeys({
    next: () => step(1),
    before: () => step(-1),
    ...(current === "" ? {} : acts),
    search: () => {
      setPlace((before) => (before.at === "thread" && !isNarrow() ? before : LIST));
      // At once, so that no letter is lost that is typed behind the key; and where the list had to
      // be brought back first, when it is there.
      const toField = (): void => {
        searchField.current?.focus();
        searchField.current?.select();
      };
      toField();
      if (document.activeElement !== searchField.current) window.setTimeout(toField);
    },
    sync: () => void api.sync().then(onChange, onChange),
    lock: onLock,
    help: () => setHelp((shown) => !shown),
    back: () => (help ? setHelp(false) : setPlace(LIST)),
  });
  const unread = overview?.unread ?? 0;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${desk.label} · ${t("Desk")}`;
  }, [unread, desk.label, spoken()]);
  useNotices(overview && unread + overview.alarms.length + overview.quarantine_alarms);
  const quarantine = (): void => setPlace({ at: "quarantine" });
  return (
    <div class="office" data-at={place.at}>
      <header class="top">
        <p class="whose">
          <strong>{desk.organisation}</strong> <span class="quiet">{desk.label}</span>
        </p>
        <SyncBar sync={sync} onChange={onChange} />
        <button class="small to-records" onClick={() => setPlace({ at: "records" })}>
          {t("Records")}
        </button>
        <LanguageSwitch onChoose={onLanguage} />
        <button class="small to-settings" onClick={() => setSettings(true)}>{t("Settings")}</button>
        <button class="small keys" onClick={() => setHelp(true)} aria-keyshortcuts="?">
          {t("Keys")}
        </button>
        <button class="small" onClick={onLock} aria-keyshortcuts="Shift+L">{t("Lock")}</button>
      </header>
      <Bars
        desk={desk}
        sync={sync}
        overview={overview}
        damaged={damaged}
        silent={silent}
        onChange={onChange}
        onQuarantine={quarantine}
      />
      <main class="panes">
        <nav class="list" aria-label={t("Letters")}>
          {overview && overview.threads > 0 && (
            <SearchBox words={words} field={searchField} onWords={setWords} />
          )}
          {words.trim() !== "" && (
            <Hits
              words={words}
              version={version}
              current={current}
              onOpen={(id, entry) => {
                open(id);
                toEntry(entry);
              }}
            />
          )}
          {overview && words.trim() === "" && (
            <Inbox
              overview={overview}
              rows={rows}
              filter={filter}
              onFilter={setFilter}
              current={current}
              onOpen={open}
              inQuarantine={place.at === "quarantine"}
              onQuarantine={quarantine}
            />
          )}
        </nav>
        <div class="desk">
          {place.at !== "list" && (
            <button class="small back" onClick={() => setPlace(LIST)}>← {t("All letters")}</button>
          )}
          {place.at === "records" && <Records version={version} />}
          {place.at === "quarantine" && <Quarantine version={version} onChange={changed} />}
          {current !== "" && problem !== "" && <p class="notice care">{said(problem)}</p>}
          {thread && (
            <ThreadView
              key={current}
              thread={thread}
              box={box}
              onBox={setBox}
              onChange={changed}
              onMatter={() => setPlace({ at: "matter", thread: current })}
            />
          )}
          {place.at === "list" && overview && overview.threads > 0 && <Nothing unread={unread} />}
          {place.at === "list" && overview?.threads === 0 && <Empty desk={desk} sync={sync} />}
        </div>
        {thread && (
          <div class="beside">
            <button class="small back" onClick={() => open(current)}>← {t("The thread")}</button>
            <h1 class="alias back" lang="en">{thread.row.alias}</h1>
            <Matter
              key={current}
              desk={desk}
              thread={thread}
              wanted={wanted}
              held={held}
              onHold={setHeld}
              onOpen={open}
              onDeleted={() => {
                setPlace(LIST);
                onChange();
              }}
              onChange={changed}
            />
          </div>
        )}
      </main>
      {settings && (
        <Settings
          label={desk.label}
          onLanguage={onLanguage}
          onClose={() => setSettings(false)}
          onLocked={onChange}
        />
      )}
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

function isNarrow(): boolean {
  return window.matchMedia("(max-width: 48rem)").matches;
}

/** Brings an entry of the open thread into sight once it is there. */
function useEntry(thread: api.Thread | null): (entry: string) => void {
  const [wanted, setWanted] = useState("");
  useEffect(() => {
    if (wanted === "" || !thread?.entries.some((entry) => entry.id === wanted)) return;
    const found = document.getElementById(`entry-${wanted}`);
    found?.focus({ preventScroll: true });
    found?.scrollIntoView({ block: "start" });
    setWanted("");
  }, [thread, wanted]);
  return setWanted;
}

function useOverview(version: number): api.Overview | null {
  const [overview, setOverview] = useState<api.Overview | null>(null);
  useEffect(() => {
    let over = false;
    api.overview().then((found) => over || setOverview(found), () => undefined);
    return () => {
      over = true;
    };
  }, [version]);
  return overview;
}

/** To the thread after or before the one that is open, or that was: reading may filter it away. */
function useStep(rows: Rows, current: string, open: (thread: string) => void) {
  const last = useRef(-1);
  const at = rows.indexOf(current);
  if (at >= 0) last.current = at;
  return (by: 1 | -1): void => {
    const gone = current !== "" && at < 0 && last.current >= 0;
    const from = current === "" ? -1 : last.current;
    const wanted = gone && by === 1 ? from : from + by;
    const end = (rows.total ?? 0) - 1;
    void rows.load(Math.min(end, Math.max(0, wanted))).then((row) => row && open(row.thread));
  };
}
