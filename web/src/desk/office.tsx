// The open desk: bars on top, then the list, the thread and the matter beside it.

import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "./api.ts";
import { Help } from "./help.tsx";
import { Inbox, filtered, type Filter } from "./inbox.tsx";
import { Quarantine } from "./quarantine.tsx";
import { SyncBar } from "./sync_bar.tsx";
import { ThreadView, type Box } from "./thread.tsx";
import { counted, day } from "./words.ts";

interface Props {
  readonly desk: api.DeskInfo;
  readonly sync: api.SyncStatus;
  readonly version: number;
  /** The program did not answer the last time. */
  readonly silent: boolean;
  readonly onChange: () => void;
}
type Place = { readonly at: "list" } | { readonly at: "thread"; readonly thread: string }
  | { readonly at: "quarantine" };

const EXPIRY_WARNING_DAYS = 60;
const ALARMS_SHOWN = 3;

export function Office({ desk, sync, version, silent, onChange }: Props) {
  const [lists, setLists] = useState<api.Lists | null>(null);
  const [place, setPlace] = useState<Place>({ at: "list" });
  const [filter, setFilter] = useState<Filter>({ show: "all", language: "" });
  const [box, setBox] = useState<Box>("none");
  const [help, setHelp] = useState(false);
  useEffect(() => {
    let over = false;
    api.lists().then((found) => over || setLists(found), () => undefined);
    return () => {
      over = true;
    };
  }, [version]);
  const rows = lists ? filtered(lists.threads, filter) : [];
  const current = place.at === "thread" ? place.thread : "";
  const open = (thread: string): void => {
    setBox("none");
    setPlace({ at: "thread", thread });
  };
  useKeys({
    rows,
    current,
    open,
    box,
    setBox,
    help: () => setHelp((shown) => !shown),
    back: () => (help ? setHelp(false) : setPlace({ at: "list" })),
    lock: () => void api.lock().then(onChange, onChange),
    sync: () => void api.sync().then(onChange, onChange),
  });
  const unread = lists?.threads.filter((row) => row.unread > 0).length ?? 0;
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${desk.label} · Desk`;
  }, [unread, desk.label]);
  const row = lists?.threads.find((each) => each.thread === current);
  return (
    <div class="office" data-at={place.at}>
      <header class="top">
        <p class="whose">
          <strong>{desk.organisation}</strong> <span class="quiet">{desk.label}</span>
        </p>
        <SyncBar sync={sync} onChange={onChange} />
        <button class="small keys" onClick={() => setHelp(true)} aria-keyshortcuts="?">Keys</button>
        <button class="small" onClick={() => void api.lock().then(onChange, onChange)}>Lock</button>
      </header>
      <Alarms
        desk={desk}
        sync={sync}
        lists={lists}
        silent={silent}
        onChange={onChange}
        onQuarantine={() => setPlace({ at: "quarantine" })}
      />
      <main class="panes">
        <nav class="list" aria-label="Letters">
          {lists && (
            <Inbox
              lists={lists}
              rows={rows}
              filter={filter}
              onFilter={setFilter}
              current={current}
              onOpen={open}
              inQuarantine={place.at === "quarantine"}
              onQuarantine={() => setPlace({ at: "quarantine" })}
              portal={desk.portal}
            />
          )}
        </nav>
        <div class="desk">
          {place.at !== "list" && (
            <button class="small back" onClick={() => setPlace({ at: "list" })}>← All letters</button>
          )}
          {place.at === "quarantine" && lists && <Quarantine rows={lists.quarantine} />}
          {place.at === "thread" && row && (
            <ThreadView
              key={current}
              row={row}
              desk={desk}
              sync={sync}
              version={version}
              box={box}
              onBox={setBox}
              onChange={onChange}
            />
          )}
          {place.at === "list" && lists && lists.threads.length > 0 && <Nothing unread={unread} />}
          {place.at === "list" && lists?.threads.length === 0 && <Empty desk={desk} sync={sync} />}
        </div>
      </main>
      {help && <Help onClose={() => setHelp(false)} />}
    </div>
  );
}

function Nothing({ unread }: { readonly unread: number }) {
  return (
    <div class="nothing">
      <h1>{unread > 0 ? `${counted(unread, "thread")} not read yet` : "Everything is read"}</h1>
      <p class="quiet">
        Choose a letter, or press <kbd>j</kbd>. All keys: <kbd>?</kbd>
      </p>
    </div>
  );
}

function Empty({ desk, sync }: { readonly desk: api.DeskInfo; readonly sync: api.SyncStatus }) {
  return (
    <div class="column">
      <div class="flap" aria-hidden="true" />
      <h1>No letters yet</h1>
      <p>
        Somebody writes on your portal. Their letter is sealed in their own browser, to every
        handler's key of the day. Your desk fetches it at the next sync and opens it here.
      </p>
      <h2>Your portal</h2>
      <p class="address">{desk.portal}</p>
      <p>
        People open this address in Tor Browser. Publish it together with the fingerprint of the
        organisation, on paper or on a site that people trust:
      </p>
      <p class="address fingerprint">{desk.org_id.match(/.{8}/g)?.join(" ")}</p>
      <p class="quiet">
        {sync.finished > 0
          ? "The letterbox was emptied; it was empty."
          : "The letterbox has not been emptied yet since the desk was opened."}
      </p>
    </div>
  );
}

function Alarms(props: {
  readonly desk: api.DeskInfo;
  readonly sync: api.SyncStatus;
  readonly lists: api.Lists | null;
  readonly silent: boolean;
  readonly onChange: () => void;
  readonly onQuarantine: () => void;
}) {
  const { desk, sync, lists, silent } = props;
  const alarms = lists?.quarantine.filter((row) => row.alarm).length ?? 0;
  const bars: ComponentChildren[] = [];
  if (silent) {
    bars.push(
      <Bar kind="alarm" key="silent">
        <strong>The desk does not answer.</strong> It may be busy, or have ended in the terminal.
        What you write now is not kept until it answers again.
      </Bar>,
    );
  }
  if (alarms > 0) {
    bars.push(
      <Bar kind="alarm" key="quarantine">
        <strong>
          Talk with your colleagues about {counted(alarms, "letter")} in quarantine.
        </strong>{" "}
        No honest source or colleague causes this.{" "}
        <button class="link" onClick={props.onQuarantine}>Show</button>
      </Bar>,
    );
  }
  const raised = lists?.alarms ?? [];
  for (const alarm of raised.slice(0, ALARMS_SHOWN)) {
    bars.push(
      <Bar kind="alarm" key={alarm.id}>
        <strong>{alarm.sentence}</strong> {day(alarm.date)}
        {alarm.details.length > 0 && `: ${alarm.details.join(", ")}`}.{" "}
        <button
          class="link"
          onClick={() => void api.dismiss(alarm.id).then(props.onChange, props.onChange)}
        >
          Put away
        </button>
      </Bar>,
    );
  }
  if (raised.length > ALARMS_SHOWN) {
    bars.push(
      <Bar kind="alarm" key="more">
        {counted(raised.length - ALARMS_SHOWN, "alarm")} more, behind these.
      </Bar>,
    );
  }
  if (sync.problem !== "") {
    bars.push(
      <Bar kind="care" key="problem">
        <strong>The last sync did not finish.</strong> {sync.problem} Nothing is lost; the next sync
        goes on where this one stopped.
      </Bar>,
    );
  }
  for (const trouble of sync.report?.troubles ?? []) {
    bars.push(
      <Bar kind="care" key={trouble}>
        <strong>{trouble}</strong> Everything else was synced. If this stays, tell your operator.
      </Bar>,
    );
  }
  const told = raised.some((alarm) => alarm.kind === "charter-ends");
  if (!told && desk.expires_in_days <= EXPIRY_WARNING_DAYS) {
    bars.push(
      <Bar kind={desk.expires_in_days <= 14 ? "alarm" : "care"} key="expiry">
        <strong>The charter ends on {day(desk.expires)}.</strong> After that nobody can write. Ask
        whoever holds the root key to renew it.
      </Bar>,
    );
  }
  return <div class="bars" role="status">{bars}</div>;
}

function Bar(props: { readonly kind: "alarm" | "care"; readonly children: ComponentChildren }) {
  return <p class={`notice ${props.kind}`}>{props.children}</p>;
}

interface Acts {
  readonly rows: readonly api.ThreadRow[];
  readonly current: string;
  readonly open: (thread: string) => void;
  readonly box: Box;
  readonly setBox: (box: Box) => void;
  readonly help: () => void;
  readonly back: () => void;
  readonly lock: () => void;
  readonly sync: () => void;
}

/** One letter, one act; never while somebody types. */
function useKeys(acts: Acts): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const now = latest.current;
      const target = event.target as HTMLElement;
      if (event.key === "Escape") {
        if (target.matches("textarea")) target.blur();
        else now.back();
        return;
      }
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (target.matches("input, textarea, select")) return;
      if (act(event.key, now)) event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

function act(key: string, acts: Acts): boolean {
  const at = acts.rows.findIndex((row) => row.thread === acts.current);
  const step = (by: number): void => {
    const next = acts.rows[at < 0 ? 0 : Math.min(acts.rows.length - 1, Math.max(0, at + by))];
    if (next) acts.open(next.thread);
  };
  switch (key) {
    case "j":
      step(1);
      return true;
    case "k":
      step(-1);
      return true;
    case "r":
    case "n":
      if (acts.current !== "") acts.setBox(key === "r" ? "reply" : "note");
      return true;
    case "s":
      acts.sync();
      return true;
    case "L":
      acts.lock();
      return true;
    case "?":
      acts.help();
      return true;
    default:
      return false;
  }
}
