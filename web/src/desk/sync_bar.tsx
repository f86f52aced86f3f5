// How syncing goes, in one line: what runs and how far, or when it last did; start and stop.

import * as api from "./api/index.ts";
import { counted, mark, said, t, time } from "./tongue.ts";

const STEPS: Readonly<Record<string, string>> = {
  attachments: mark("Fetching files"),
  connecting: mark("Connecting"),
  keyring: mark("Checking the keyring"),
  letters: mark("Emptying the letterbox"),
  post: mark("Posting"),
  statements: mark("Signing in"),
  tor: mark("Starting Tor"),
};
const SYNCING = mark("Syncing");

export function SyncBar(props: { readonly sync: api.SyncStatus; readonly onChange: () => void }) {
  const { sync, onChange } = props;
  const act = (asked: () => Promise<object>) => () => void asked().then(onChange, onChange);
  if (sync.running) {
    const far = sync.total > 0;
    return (
      <div class="sync" data-state="running">
        <span role="status">{said(STEPS[sync.step] ?? SYNCING)} …</span>
        <progress
          aria-label={t("Sync")}
          value={far ? sync.done : undefined}
          max={far ? sync.total : undefined}
        />
        <button class="small" onClick={act(api.stop)}>{t("Stop")}</button>
      </div>
    );
  }
  return (
    <div class="sync" data-state={sync.finished > 0 && sync.problem === "" ? "synced" : "idle"}>
      <span class="quiet">{told(sync)}</span>
      <button class="small" onClick={act(api.sync)} aria-keyshortcuts="s">{t("Sync")}</button>
    </div>
  );
}

function told(sync: api.SyncStatus): string {
  const waiting = sync.report?.waiting ?? 0;
  const at = { time: time(sync.finished) };
  if (sync.stopped) return t("Stopped; the next sync goes on");
  if (sync.finished > 0 && sync.problem !== "") return t("Last synced at {time}", at);
  if (sync.finished > 0 && waiting > 0) {
    return counted(
      "Synced at {time}, {n} cell still to post",
      "Synced at {time}, {n} cells still to post",
      waiting,
      at,
    );
  }
  if (sync.finished > 0) return t("Synced at {time}", at);
  return sync.problem === "" ? t("Not synced yet") : t("Not synced");
}
