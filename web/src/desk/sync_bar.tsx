// How syncing goes, in one line: what runs and how far, or when it last did; start and stop.

import * as api from "./api.ts";
import { counted, time } from "./words.ts";

const STEPS: Readonly<Record<string, string>> = {
  attachments: "Fetching files",
  connecting: "Connecting",
  keyring: "Checking the keyring",
  letters: "Emptying the letterbox",
  post: "Posting",
  statements: "Signing in",
  tor: "Starting Tor",
};

export function SyncBar(props: { readonly sync: api.SyncStatus; readonly onChange: () => void }) {
  const { sync, onChange } = props;
  const act = (asked: () => Promise<object>) => () => void asked().then(onChange, onChange);
  if (sync.running) {
    const far = sync.total > 0;
    return (
      <div class="sync">
        <span role="status">{STEPS[sync.step] ?? "Syncing"} …</span>
        <progress
          aria-label="Sync"
          value={far ? sync.done : undefined}
          max={far ? sync.total : undefined}
        />
        <button class="small" onClick={act(api.stop)}>Stop</button>
      </div>
    );
  }
  return (
    <div class="sync">
      <span class="quiet">{told(sync)}</span>
      <button class="small" onClick={act(api.sync)} aria-keyshortcuts="s">Sync</button>
    </div>
  );
}

function told(sync: api.SyncStatus): string {
  const waiting = sync.report?.waiting ?? 0;
  const rest = waiting > 0 ? `, ${counted(waiting, "cell")} still to post` : "";
  if (sync.stopped) return "Stopped; the next sync goes on";
  if (sync.finished > 0 && sync.problem !== "") return `Last synced at ${time(sync.finished)}`;
  if (sync.finished > 0) return `Synced at ${time(sync.finished)}${rest}`;
  return sync.problem === "" ? "Not synced yet" : "Not synced";
}
