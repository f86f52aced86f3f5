// One panel at a time: letter, words, typing back, sending, sent; asking, looking, answers.

import { byId, maybe } from "./dom.ts";
import { hideTrouble } from "./trouble_view.ts";

const PANELS = ["ask", "looking", "answers", "letter", "words", "typed", "sending", "sent"] as const;
export type Panel = (typeof PANELS)[number];

/** Show these panels and no others; the reader is led to the first one's heading. */
export function show(first: Panel, ...more: readonly Panel[]): void {
  hideTrouble();
  for (const panel of PANELS) {
    const element = maybe(panel);
    if (element !== null) element.hidden = panel !== first && !more.includes(panel);
  }
  const notice = maybe("emptied");
  if (notice !== null) notice.hidden = first !== "letter";
  const start = byId(first).querySelector<HTMLElement>("h2, textarea");
  start?.focus();
  start?.scrollIntoView({ block: "nearest" });
}

/** Answers stand above the steps that still go on, so that nothing moves when these are over. */
export function showAnswersFirst(): void {
  byId("answers").hidden = false;
  byId("answers-title").focus();
}

export function hide(panel: Panel): void {
  byId(panel).hidden = true;
}

/** The letter is in: the page's title says so, under a closed envelope. */
export function closeEnvelope(): void {
  const title = byId("title");
  title.textContent = byId("sent-title").textContent;
  byId("sent-title").hidden = true;
  byId("flap").classList.add("closed");
  title.focus();
  scrollTo(0, 0);
}

/** Whether this panel can be seen. */
export function isShown(panel: Panel): boolean {
  return maybe(panel)?.hidden === false;
}
