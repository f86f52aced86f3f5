// Answers as correspondence: newest first, each with who wrote it and when.

import type { Found } from "../messages.ts";
import { copy, formatDay, sentence, within } from "./dom.ts";

/** Show all that was found within this panel. */
export function showAnswers(panel: HTMLElement, found: readonly Found[], damaged: boolean): void {
  within(panel, "[data-answers]").replaceChildren(...found.map(render));
  const none = panel.querySelector<HTMLElement>("[data-none]");
  if (none !== null) none.hidden = found.length > 0;
  const notice = panel.querySelector<HTMLElement>("[data-damaged]");
  if (notice !== null) notice.hidden = !damaged;
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
