// The desk's page: which of its states it is in, and what keeps it there.

import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import * as api from "./api/index.ts";
import { FirstSync } from "./arriving/first_sync.tsx";
import { Joining } from "./arriving/joining.tsx";
import { MakeVault } from "./arriving/vault.tsx";
import { Gone, Locked } from "./doors.tsx";
import { Office } from "./office.tsx";
import { holdDrafts } from "./thread/drafts.ts";
import { isLanguage, preferred, speak, spoken, t, type Code } from "./tongue.ts";

const WATCH_MS = 1000;
/** A desk that locks starts a new process behind the page: a silence so short is none. */
const SILENT_AFTER_MS = 3000;
/** After that nothing of a letter stays on the screen. */
const GONE_AFTER_MS = 60_000;
const AWAKE_EVERY_MS = 30_000;

type Door = "opening" | "no session" | "silent" | "ready";

interface Watch {
  readonly state: api.State | null;
  readonly look: () => void;
  /** Take the letters off the screen at once, and then have the desk locked. */
  readonly lock: () => void;
}

function useWatch(ready: boolean, lost: (door: Door) => void): Watch {
  const [state, setState] = useState<api.State | null>(null);
  const heard = useRef(Date.now());
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (!ready) return;
    let timer = 0;
    let over = false;
    const look = async (): Promise<void> => {
      try {
        const seen = await api.state();
        heard.current = Date.now();
        if (!over) setState(seen);
        lost("ready");
      } catch (error) {
        const silence = Date.now() - heard.current;
        if (error instanceof api.Refused && error.status === 401) lost("no session");
        else if (silence > SILENT_AFTER_MS) lost("silent");
        if (silence > GONE_AFTER_MS) setState(null);
      }
      if (!over) timer = window.setTimeout(look, WATCH_MS);
    };
    void look();
    return () => {
      over = true;
      window.clearTimeout(timer);
    };
  }, [ready, asked]);
  const look = (): void => setAsked((count) => count + 1);
  const lock = (): void => {
    const language = state?.language ?? "";
    setState({ locked: true, vault: true, lost: false, wait_s: 0, language, broke: false });
    void api.lock().then(look, look);
  };
  return { state, look, lock };
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

/** Speak what the vault remembers, what was chosen at the door, or what the browser asks for. */
function useLanguage(remembered: string): [Code, (code: Code) => void] {
  const [code, setCode] = useState<Code>(spoken());
  const [chosen, setChosen] = useState<Code | "">("");
  const wanted = chosen || (isLanguage(remembered) ? remembered : preferred());
  useEffect(() => {
    if (wanted !== code) speak(wanted).then(() => setCode(wanted), () => undefined);
  }, [wanted]);
  return [code, setChosen];
}

function Desk({ token }: { readonly token: string }) {
  const [door, setDoor] = useState<Door>("opening");
  const begun = door !== "opening" && door !== "no session";
  const { state, look, lock } = useWatch(begun, setDoor);
  const [code, choose] = useLanguage(state?.language ?? "");
  const open = state?.locked === false;
  useEffect(() => {
    // Whose desk it is, and how much is unread, is nobody's business while it is locked.
    if (!open) document.title = t("Desk");
  }, [open, code]);
  usePresence(begun && open);
  useEffect(() => holdDrafts(open), [open]);
  useEffect(() => {
    api.start(token).then(
      (good) => setDoor(good ? "ready" : "no session"),
      () => setDoor("silent"),
    );
  }, []);
  const onLanguage = (code: Code): void => {
    choose(code);
    if (open) api.chooseLanguage(code).catch(() => undefined);
  };
  if (door === "no session") return <Gone kind="session" />;
  if (door === "silent" && !open) return <Gone kind="silent" />;
  if (state === null) return <p class="alone quiet">{t("Opening …")}</p>;
  if (state.locked && !state.vault) {
    return <MakeVault lost={state.lost} onChange={look} onLanguage={onLanguage} />;
  }
  if (state.locked) return <Locked state={state} onOpen={look} onLanguage={onLanguage} />;
  if (state.desk === null) {
    return <Joining onChange={look} onLock={lock} onLanguage={onLanguage} />;
  }
  if (state.arriving) {
    const { desk, sync } = state;
    return <FirstSync desk={desk} sync={sync} onChange={look} onLanguage={onLanguage} />;
  }
  return (
    <Office
      desk={state.desk}
      sync={state.sync}
      version={state.version}
      damaged={state.damaged}
      silent={door === "silent"}
      onChange={look}
      onLock={lock}
      onLanguage={onLanguage}
    />
  );
}

const token = window.location.hash.slice(1);
// The token was good once; it need not stand in the address any longer.
window.history.replaceState(null, "", "/");
const page = document.getElementById("app")!;
// In the reader's own language from the first word on.
void speak(preferred())
  .catch(() => undefined)
  .then(() => render(<Desk token={token} />, page));
