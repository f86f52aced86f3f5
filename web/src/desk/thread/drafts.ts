// What is begun and not sent is kept in the vault while one types. What the vault does not take, on a
// full disk say, stays in this page's memory and is tried again, until the desk locks.

import { useEffect, useState } from "preact/hooks";

import * as api from "../api/index.ts";

const AGAIN_MS = 2000;

interface Draft {
  readonly thread: string;
  readonly kind: api.Kind;
  readonly text: string;
  readonly code: string;
}

const unkept = new Map<string, Draft>();
/** How often each was asked to be kept: what was asked before counts no more. */
const rounds = new Map<string, number>();
const watching = new Set<() => void>();
let timer = 0;
let open = false;

function nameOf(thread: string, kind: api.Kind): string {
  return `${kind} ${thread}`;
}

function tell(): void {
  for (const watcher of watching) watcher();
}

/** Keep a text; Refused when the vault did not take it, and then it is tried again. */
export function keepDraft(draft: Draft): Promise<api.Measured> {
  return attempt(draft, false);
}

async function attempt(draft: Draft, again: boolean): Promise<api.Measured> {
  const name = nameOf(draft.thread, draft.kind);
  const round = (rounds.get(name) ?? 0) + 1;
  rounds.set(name, round);
  const isLatest = (): boolean => rounds.get(name) === round;
  try {
    const { thread, kind, text, code } = draft;
    const measured = await api.keepDraft(thread, kind, text, code, again);
    if (isLatest() && unkept.delete(name)) tell();
    return measured;
  } catch (error) {
    if (isLatest() && open) {
      unkept.set(name, draft);
      tryLater();
      tell();
    }
    throw error;
  }
}

function tryLater(): void {
  if (timer !== 0) return;
  timer = window.setTimeout(() => {
    timer = 0;
    for (const draft of [...unkept.values()]) attempt(draft, true).catch(() => undefined);
  }, AGAIN_MS);
}

/** The text that could not be kept yet, if there is one. */
export function unkeptText(thread: string, kind: api.Kind): string | undefined {
  return unkept.get(nameOf(thread, kind))?.text;
}

/** It was sent. */
export function sentDraft(thread: string, kind: api.Kind): void {
  const name = nameOf(thread, kind);
  rounds.set(name, (rounds.get(name) ?? 0) + 1);
  if (unkept.delete(name)) tell();
}

/** Whether the desk is open. A locked one leaves nothing in the page, not even this. */
export function holdDrafts(isOpen: boolean): void {
  open = isOpen;
  if (isOpen) return;
  unkept.clear();
  rounds.clear();
  window.clearTimeout(timer);
  timer = 0;
  tell();
}

/** Whether there is a text that the vault did not take yet; the page is shown anew when it changes. */
export function useUnkept(): boolean {
  const [any, setAny] = useState(unkept.size > 0);
  useEffect(() => {
    const look = (): void => setAny(unkept.size > 0);
    watching.add(look);
    return () => void watching.delete(look);
  }, []);
  return any;
}

// Whoever closes or reloads the page is asked first.
window.addEventListener("beforeunload", (event) => {
  if (unkept.size > 0) event.preventDefault();
});
