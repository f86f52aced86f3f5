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
  const start = byId(first).querySelector<HTMLElement>("h2, textarea");
  start?.focus();
  start?.scrollIntoView({ block: "nearest" });
}

/** Show this one too. */
export function showAlso(panel: Panel): void {
  byId(panel).hidden = false;
}

/** Whether this panel can be seen. */
export function isShown(panel: Panel): boolean {
  return maybe(panel)?.hidden === false;
}
