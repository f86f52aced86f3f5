// One thread: what is in it, what is begun, what goes into the outbox, and its files.

import { ask } from "./ask.ts";
import type { ThreadRow } from "./lists.ts";
import type { TeamAct } from "./team.ts";

export interface Attachment {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly state: string;
  readonly chunks_here: number;
  readonly chunks: number;
  /** By its content; empty while nobody has looked. */
  readonly label: string;
  /** It can be seen as pixels. */
  readonly drawn: boolean;
  /** Sentences of the program. */
  readonly warnings: readonly string[];
}

export interface Translation {
  readonly language: string;
  readonly text: string;
  readonly by: string | null;
}

export interface Entry {
  readonly kind: "letter" | "reply" | "note";
  readonly id: string;
  readonly date: string;
  readonly by: string | null;
  readonly own: boolean;
  readonly text: string;
  readonly language: string;
  readonly letter: string | null;
  readonly resealed_by: string | null;
  readonly former_can_read: boolean;
  readonly state: "received" | "waiting" | "posted" | "refused" | "disputed";
  readonly form: readonly (readonly [string, string])[];
  readonly attachments: readonly Attachment[];
  readonly read_by: readonly string[];
  readonly translations: readonly Translation[];
  readonly posted_again: string;
  readonly may_leave: string;
  /** When the last cell of a waiting answer goes while the desk is on; seconds since 1970. */
  readonly posting_at: number | null;
  readonly can_take_back: boolean;
  /** When this desk has seen its own answer on the board; empty before. */
  readonly on_board: string;
}

/** How much room a text takes, and when it would go. cells 0: too long. */
export interface Measured {
  readonly cells: number;
  readonly cells_max: number;
  readonly posting_at: number | null;
}

export type Kind = "reply" | "note";
export interface Thread {
  readonly row: ThreadRow;
  readonly entries: readonly Entry[];
  readonly acts: readonly TeamAct[];
  readonly drafts: Readonly<Partial<Record<Kind, string>>>;
}
export interface Saved {
  readonly name: string;
  readonly path: string | null;
  readonly problem: string | null;
}

export const readThread = (thread: string): Promise<Thread> => ask("thread", { thread });
export const exportOne = (thread: string, entry: string, position: number): Promise<Saved> =>
  ask("export", { thread, entry, position });
export const keepDraft = (
  thread: string,
  kind: Kind,
  text: string,
  language: string,
  again = false,
): Promise<Measured> =>
  ask("draft", { thread, kind, text, language, again });
export const write = (
  thread: string,
  kind: Kind,
  text: string,
  language: string,
): Promise<object> => ask("write", { thread, kind, text, language });
/** What was taken back is a draft again, with this text. */
export interface TakenBack {
  readonly kind: Kind;
  readonly text: string;
}
export const takeBack = (thread: string, entry: string): Promise<TakenBack> =>
  ask("take-back", { thread, entry });
