// One panel at a time: the choice; letter, words, typing back, sending, sent; asking, looking,
// answers.

import { byId, sentence } from "./dom.ts";
import { hideTrouble } from "./trouble_view.ts";

const PANELS = [
  "choose",
  "ask",
  "looking",
  "answers",
  "letter",
  "words",
  "typed",
  "sending",
  "sent",
] as const;
export type Panel = (typeof PANELS)[number];

/** What the person has come for. The server is not told. */
export type Purpose = "write" | "read";

/** Show this panel and no other; the reader is led to its heading. */
export function show(panel: Panel): void {
  hideTrouble();
  for (const each of PANELS) byId(each).hidden = each !== panel;
  byId("emptied").hidden = panel !== "letter" && panel !== "choose";
  const start = byId(panel).querySelector<HTMLElement>("h2:not([hidden]), textarea");
  start?.focus();
  start?.scrollIntoView({ block: "nearest" });
}

/** Show what is for this purpose within a panel, and say its sentences. */
export function fit(panel: Panel, purpose: Purpose): void {
  for (const part of byId(panel).querySelectorAll<HTMLElement>("[data-for]")) {
    part.hidden = part.dataset["for"] !== purpose;
  }
  for (const part of byId(panel).querySelectorAll<HTMLElement>("[data-read]")) {
    part.textContent = sentence(part, purpose);
  }
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
  return !byId(panel).hidden;
}
