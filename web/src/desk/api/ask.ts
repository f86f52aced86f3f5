// Asking the program behind the page. The session's token lives in this module's memory alone: a
// reloaded page has none and says how to get a new address.

import { mark } from "../tongue.ts";

/** What was refused; its message is the English sentence of the program, for `said`. */
export class Refused extends Error {
  readonly status: number;
  /** What to do about it, if that is known; a sentence of the program, too. */
  readonly remedy: string;
  constructor(status: number, sentence: string, remedy = "") {
    super(sentence);
    this.status = status;
    this.remedy = remedy;
  }
}

/** What is shown of a failure: what happened, and what to do. English, for `said`. */
export interface Problem {
  readonly sentence: string;
  readonly remedy: string;
}

export function problemOf(error: unknown): Problem {
  const sentence = error instanceof Error ? error.message : "";
  return { sentence, remedy: error instanceof Refused ? error.remedy : "" };
}

const GONE = mark("The desk does not answer. Is it still running in the terminal?");
const START = mark("If this stays, start it again: courier desk run DIR.");
let session = "";

/** The answer to a question; Refused. */
export async function ask<T>(path: string, question: object = {}): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  if (session !== "") headers["Authorization"] = `Bearer ${session}`;
  let answer: Response;
  try {
    const body = JSON.stringify(question);
    answer = await fetch(`/api/${path}`, { method: "POST", headers, body });
  } catch {
    throw new Refused(0, GONE, START);
  }
  const told = (await answer.json()) as T & { readonly error?: string; readonly remedy?: string };
  if (!answer.ok) throw new Refused(answer.status, told.error ?? GONE, told.remedy ?? "");
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
