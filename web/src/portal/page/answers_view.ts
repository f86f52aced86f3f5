// Answers as correspondence: newest first, each with who wrote it and when.

import type { Found, Tell } from "../messages.ts";
import { copy, formatDay, sentence, within } from "./dom.ts";

type Told = Extract<Tell, { readonly tell: "found" }>;

/** Show all that was found within this panel. */
export function showAnswers(panel: HTMLElement, told: Told): void {
  const { found, partial, damaged } = told;
  within(panel, "[data-answers]").replaceChildren(...found.map(render));
  show(panel, "[data-none]", found.length === 0 && !partial);
  show(panel, "[data-partial]", partial);
  show(panel, "[data-damaged]", damaged);
}

function show(panel: HTMLElement, selector: string, shown: boolean): void {
  const element = panel.querySelector<HTMLElement>(selector);
  if (element !== null) element.hidden = !shown;
}

function render(each: Found): HTMLElement {
  const article = copy("answer");
  const head = within(article, "p");
  const kind = each.kind === "opened" ? "opened" : each.left ? "left" : "by";
  head.textContent = sentence(head, kind, { name: each.label, day: formatDay(each.day) });
  const text = within(article, ".text");
  if (each.kind === "opened") text.remove();
  else text.textContent = each.text;
  return article;
}
