// One letter, one act; never while somebody types. The help sheet is made from the same table.

import { useEffect, useRef } from "preact/hooks";

import { mark } from "./tongue.ts";

export type ActName =
  | "search"
  | "next"
  | "before"
  | "reply"
  | "note"
  | "assign"
  | "label"
  | "sync"
  | "lock"
  | "help";
/** What each key does now; an act that does not fit the place is left out. */
export type Acts = Readonly<Partial<Record<ActName, () => void>>> & { readonly back: () => void };

export const KEYS: readonly {
  readonly press: string;
  readonly shown: string;
  readonly meaning: string;
  readonly act?: ActName;
}[] = [
  { press: "j", shown: "j", meaning: mark("the next thread"), act: "next" },
  { press: "k", shown: "k", meaning: mark("the thread before"), act: "before" },
  { press: "", shown: "Enter", meaning: mark("open the row that has the focus") },
  { press: "r", shown: "r", meaning: mark("answer"), act: "reply" },
  { press: "n", shown: "n", meaning: mark("note for colleagues"), act: "note" },
  { press: "a", shown: "a", meaning: mark("who has this thread"), act: "assign" },
  { press: "l", shown: "l", meaning: mark("put a label on it"), act: "label" },
  { press: "/", shown: "/", meaning: mark("search in everything"), act: "search" },
  { press: "s", shown: "s", meaning: mark("sync now"), act: "sync" },
  { press: "L", shown: "Shift L", meaning: mark("lock the desk"), act: "lock" },
  { press: "", shown: "Esc", meaning: mark("leave the box, then the thread") },
  { press: "?", shown: "?", meaning: mark("this sheet"), act: "help" },
];

/** The same keys on a Russian keyboard, where the letters lie elsewhere. */
const CODES: Readonly<Record<string, string>> = {
  KeyJ: "j", KeyK: "k", KeyR: "r", KeyN: "n", KeyS: "s", KeyL: "l", KeyA: "a",
};

export function useKeys(acts: Acts): void {
  const latest = useRef(acts);
  latest.current = acts;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      if (event.key === "Escape") {
        if (target.matches("input, textarea, select")) target.blur();
        else latest.current.back();
        return;
      }
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (target.matches("input, textarea, select")) return;
      const key = pressedKey(event);
      const act = KEYS.find((each) => each.press !== "" && each.press === key)?.act;
      const does = act === undefined ? undefined : latest.current[act];
      if (does === undefined) return;
      does();
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

function pressedKey(event: KeyboardEvent): string {
  // A Russian keyboard has the full stop and the comma on this key.
  if (event.code === "Slash" && event.key === ".") return "/";
  if (event.code === "Slash" && event.key === ",") return "?";
  if (event.key.length === 1 && event.key.charCodeAt(0) < 128) return event.key;
  const letter = CODES[event.code] ?? event.key;
  return event.shiftKey ? letter.toUpperCase() : letter;
}
