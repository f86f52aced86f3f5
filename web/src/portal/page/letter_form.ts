// The letter's form: its text, the room left, the questions.

import type { Question } from "../messages.ts";
import { byId, listen, sentence, within } from "./dom.ts";

const QUESTIONS: readonly Question[] = ["what", "how", "others", "when", "danger"];
/** Bytes of JSON that a text surely has; a longer one goes as a file. */
const ROOM = 15_000;
const COARSE = 100;

export interface Written {
  readonly text: string;
  readonly form: readonly { readonly question: Question; readonly answer: string }[];
}

/** Count what is typed. */
export function watchRoom(): void {
  const text = byId<HTMLTextAreaElement>("text");
  const count = byId("count");
  listen(text, "input", () => {
    const bytes = new TextEncoder().encode(JSON.stringify(text.value)).length;
    const left = ((ROOM - bytes) * text.value.length) / bytes;
    count.textContent =
      bytes < ROOM / 2
        ? ""
        : left > 0
          ? sentence(count, "left", { n: Math.ceil(left / COARSE) * COARSE })
          : sentence(count, "over");
  });
}

/** Say whether the letter goes under words that are known, or whether new ones come first. */
export function knowWords(known: boolean): void {
  const form = byId("letter");
  within(form, "[data-known]").hidden = !known;
  within(form, "[data-new]").hidden = known;
}

/** What the person wrote. */
export function readLetter(): Written {
  const form = QUESTIONS.map((question) => ({
    question,
    answer: byId<HTMLTextAreaElement>(`form-${question}`).value.trim().toWellFormed(),
  })).filter(({ answer }) => answer !== "");
  return { text: byId<HTMLTextAreaElement>("text").value, form };
}

/** Whether there is nothing at all. */
export function isEmpty({ text, form }: Written): boolean {
  return text.trim() === "" && form.length === 0;
}

export function clearLetter(): void {
  byId<HTMLFormElement>("letter").reset();
  byId("count").textContent = "";
}
