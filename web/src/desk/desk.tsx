// The desk's page: which of its states it is in, and what keeps it there.

import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "./api.ts";
import { Office } from "./office.tsx";
import { Gone, Locked, NotJoined } from "./doors.tsx";

const WATCH_MS = 1000;
const AWAKE_EVERY_MS = 30_000;

type Door = "opening" | "no session" | "silent" | "ready";

function useWatch(ready: boolean, lost: (door: Door) => void): [api.State | null, () => void] {
  const [state, setState] = useState<api.State | null>(null);
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (!ready) return;
    let timer = 0;
    let over = false;
    const look = async (): Promise<void> => {
      try {
        const seen = await api.state();
        if (!over) setState(seen);
        lost("ready");
      } catch (error) {
        lost(error instanceof api.Refused && error.status === 401 ? "no session" : "silent");
      }
      if (!over) timer = window.setTimeout(look, WATCH_MS);
    };
    void look();
    return () => {
      over = true;
      window.clearTimeout(timer);
    };
  }, [ready, asked]);
  return [state, () => setAsked((count) => count + 1)];
}

/** Say that somebody is here, now and then, so that the desk does not lock itself under them. */
function usePresence(open: boolean): void {
  const last = useRef(0);
  useEffect(() => {
    if (!open) return;
    const here = (): void => {
      if (Date.now() - last.current < AWAKE_EVERY_MS) return;
      last.current = Date.now();
      api.awake().catch(() => undefined);
    };
    const events = ["keydown", "pointerdown", "pointermove", "wheel"] as const;
    for (const event of events) window.addEventListener(event, here, { passive: true });
    return () => {
      for (const event of events) window.removeEventListener(event, here);
    };
  }, [open]);
}

function Desk({ token }: { readonly token: string }) {
  const [door, setDoor] = useState<Door>("opening");
  const begun = door !== "opening" && door !== "no session";
  const [state, look] = useWatch(begun, setDoor);
  usePresence(begun && state?.locked === false);
  useEffect(() => {
    api.start(token).then(
      (good) => setDoor(good ? "ready" : "no session"),
      () => setDoor("silent"),
    );
  }, []);
  if (door === "no session") return <Gone kind="session" />;
  if (door === "silent" && (state === null || state.locked)) return <Gone kind="silent" />;
  if (state === null) return <p class="alone quiet">Opening …</p>;
  if (state.locked) return <Locked wait={state.wait_s} onOpen={look} />;
  if (state.desk === null) return <NotJoined />;
  const silent = door === "silent";
  return (
    <Office
      desk={state.desk}
      sync={state.sync}
      version={state.version}
      silent={silent}
      onChange={look}
    />
  );
}

const token = window.location.hash.slice(1);
// The token was good once; it need not stand in the address any longer.
window.history.replaceState(null, "", "/");
render(<Desk token={token} />, document.getElementById("app")!);
