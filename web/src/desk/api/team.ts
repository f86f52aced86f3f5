// What handlers set on a thread for everybody, and what is deleted here.

import { ask } from "./ask.ts";

export interface Due {
  readonly kind: "acknowledge" | "feedback";
  readonly date: string;
  readonly state: "later" | "due" | "overdue";
}

export interface ThreadTeam {
  readonly assigned: string | null;
  readonly mine: boolean;
  readonly labels: readonly string[];
  readonly closed: string;
  readonly muted: boolean;
  readonly held: boolean;
  readonly due: Due | null;
  readonly come_back: string;
  readonly follow_up: string;
  readonly follow_up_date: string;
  readonly follow_up_due: boolean;
}

export interface TeamAct {
  readonly date: string;
  readonly by: string | null;
  readonly field: string;
  readonly item: string;
  readonly value: string;
}

export interface Who {
  readonly handlers: readonly string[];
  readonly labels: readonly string[];
}

export type Turn = "closed" | "muted" | "held";

export const who = (): Promise<Who> => ask("who");
export const assign = (thread: string, handler: string | null): Promise<object> =>
  ask("assign", { thread, handler });
export const label = (thread: string, word: string, on: boolean): Promise<object> =>
  ask("label", { thread, label: word, on });
export const turn = (thread: string, what: Turn, on: boolean): Promise<object> =>
  ask("turn", { thread, what, on });
export const same = (thread: string, other: string, on: boolean): Promise<object> =>
  ask("same", { thread, other, on });
export const comeBack = (thread: string, date: string): Promise<object> =>
  ask("come-back", { thread, date });
export const followUp = (thread: string, date: string, text: string): Promise<object> =>
  ask("follow-up", { thread, date, text });
export const translate = (
  thread: string,
  entry: string,
  language: string,
  text: string,
): Promise<object> => ask("translate", { thread, entry, language, text });
export const postAgain = (thread: string, entry: string): Promise<object> =>
  ask("post-again", { thread, entry });
export const deleteThread = (thread: string): Promise<object> => ask("delete", { thread });
