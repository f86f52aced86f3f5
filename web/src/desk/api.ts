// What the page asks of the program behind it. The session's token lives in this module's memory
// alone: a reloaded page has none and says how to get a new address.

export interface DeskInfo {
  readonly label: string;
  readonly organisation: string;
  readonly org_id: string;
  readonly portal: string;
  readonly expires: string;
  readonly expires_in_days: number;
}

export interface SyncReport {
  readonly letters: number;
  readonly quarantined: number;
  readonly waiting: number;
  readonly troubles: readonly string[];
}

export interface SyncStatus {
  readonly running: boolean;
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly finished: number;
  readonly next: number;
  readonly stopped: boolean;
  readonly problem: string;
  readonly report: SyncReport | null;
}

export type State =
  | { readonly locked: true; readonly wait_s: number }
  | {
      readonly locked: false;
      readonly desk: DeskInfo | null;
      readonly sync: SyncStatus;
      readonly version: number;
    };

export interface ThreadRow {
  readonly thread: string;
  readonly alias: string;
  readonly letters: number;
  readonly replies: number;
  readonly notes: number;
  readonly attachments: number;
  readonly unread: number;
  readonly language: string;
  readonly first_date: string;
  readonly last_date: string;
  readonly answered_by: readonly string[];
  readonly preview: string;
  readonly draft: boolean;
}

export interface QuarantineRow {
  readonly letter: string;
  readonly date: string;
  readonly reason: string;
  readonly sentence: string;
  readonly alarm: boolean;
  readonly by: string | null;
  readonly text: string | null;
}

export interface AlarmRow {
  readonly id: number;
  readonly kind: string;
  readonly date: string;
  readonly sentence: string;
  readonly details: readonly string[];
}

export interface Attachment {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly state: string;
  readonly chunks_here: number;
  readonly chunks: number;
}

export interface Entry {
  readonly kind: "letter" | "reply" | "note";
  readonly id: string;
  readonly date: string;
  readonly by: string | null;
  readonly own: boolean;
  readonly text: string;
  readonly language: string;
  readonly resealed_by: string | null;
  readonly former_can_read: boolean;
  readonly state: "received" | "waiting" | "posted" | "refused";
  readonly form: readonly (readonly [string, string])[];
  readonly attachments: readonly Attachment[];
}

export type Kind = "reply" | "note";
export interface Lists {
  readonly threads: readonly ThreadRow[];
  readonly quarantine: readonly QuarantineRow[];
  readonly alarms: readonly AlarmRow[];
}
export interface Thread {
  readonly entries: readonly Entry[];
  readonly drafts: Readonly<Partial<Record<Kind, string>>>;
}
export interface Saved {
  readonly name: string;
  readonly path: string | null;
  readonly problem: string | null;
}

/** What was refused, with the sentence that the program says about it. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

const GONE = "The desk does not answer. Is it still running in the terminal?";
let session = "";

async function ask<T>(path: string, question: object = {}): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (session !== "") headers["Authorization"] = `Bearer ${session}`;
  let answer: Response;
  try {
    const body = JSON.stringify(question);
    answer = await fetch(`/api/${path}`, { method: "POST", headers, body });
  } catch {
    throw new Refused(0, GONE);
  }
  const told = (await answer.json()) as T & { readonly error?: string };
  if (!answer.ok) throw new Refused(answer.status, told.error ?? GONE);
  return told;
}

/** Exchange the start token for a session; false when it was used already. */
export async function start(token: string): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(token)) return false;
  try {
    session = (await ask<{ session: string }>("start", { token })).session;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return false;
    throw error;
  }
  return true;
}

export const state = (): Promise<State> => ask("state");
export const unlock = (passphrase: string): Promise<object> => ask("unlock", { passphrase });
export const lock = (): Promise<object> => ask("lock");
export const awake = (): Promise<object> => ask("awake");
export const lists = (): Promise<Lists> => ask("threads");
export const readThread = (thread: string): Promise<Thread> => ask("thread", { thread });
export const dismiss = (alarm: number): Promise<object> => ask("dismiss", { alarm });
export const sync = (): Promise<object> => ask("sync");
export const stop = (): Promise<object> => ask("stop");
export const exportOne = (thread: string, entry: string, position: number): Promise<Saved> =>
  ask("export", { thread, entry, position });
export const keepDraft = (
  thread: string,
  kind: Kind,
  text: string,
  language: string,
): Promise<{ cells: number; cells_max: number }> =>
  ask("draft", { thread, kind, text, language });
export const write = (
  thread: string,
  kind: Kind,
  text: string,
  language: string,
): Promise<object> => ask("write", { thread, kind, text, language });
