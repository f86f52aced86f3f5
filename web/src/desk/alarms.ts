// What to do about an alarm: a next step for each kind.

import { mark, said } from "./tongue.ts";

const COMPARE = mark(
  "Ask that colleague, by another way than this desk, what they were shown. If it stays so, the " +
    "server treats desks differently: tell your operator and whoever holds the root key.",
);
const OPERATOR = mark("Tell your operator today, and look again after the next sync.");

const NEXT: Readonly<Record<string, string>> = {
  "shown-here-alone": COMPARE,
  withheld: COMPARE,
  "lists-differ": COMPARE,
  "not-opened": mark(
    "Ask a colleague whether they could open them; their desk passes them on by itself.",
  ),
  "two-day-keys": mark(
    "Ask the handler it is about, by another way, what they know of it, and tell whoever holds " +
      "the root key: the device may have to be revoked.",
  ),
  "foreign-day-key": mark(
    "Do not answer from this device. Tell whoever holds the root key at once: it may have to be " +
      "revoked.",
  ),
  "not-in-keyring": mark(
    "Sync once more. If it stays, the server leaves you out: tell your operator, and ask a " +
      "colleague to answer meanwhile.",
  ),
  "cells-missing": OPERATOR,
  "old-board": OPERATOR,
  "charter-ends": mark("Ask whoever holds the root key to renew it: courier org renew."),
  "charter-conflict": mark(
    "Answer nothing until whoever holds the root key has told you, by another way, which charter " +
      "is theirs.",
  ),
  "too-many": mark(
    "Ask that colleague, by another way than this desk, whether it was them. If not, whoever holds " +
      "the root key revokes them at once: courier org revoke. What was kept apart stands in quarantine.",
  ),
  "vault-copied": mark(
    "Find out where the copy is. Then make a new desk, have it enrolled, and let colleagues pass " +
      "the threads on.",
  ),
  "day-keys-end": mark(
    "Let a sync end. If none does, tell your operator: the server does not take what this desk " +
      "states, or cannot be reached.",
  ),
  clock: mark(
    "Look at the date, the time and the time zone of this computer. If they are right, tell your " +
      "operator.",
  ),
  flood: mark(
    "Nothing is lost, and nothing is dropped. Tell your operator, who can make letters cost more " +
      "work; read what is not part of the flood first.",
  ),
  "flooding-thread": mark(
    "Look whether it says anything. If not, mute the thread: its letters are kept, and ask for no " +
      "attention.",
  ),
  "portal-changed": mark(
    "Warn sources by every way you have not to write in a browser now, and have the operator " +
      "look at the server. The command line is not affected.",
  ),
};
const ANY = mark("Talk with your colleagues, by another way than this desk, before you go on.");

/** The next step, in the page's language. */
export function nextStep(kind: string): string {
  return said(NEXT[kind] ?? ANY);
}
