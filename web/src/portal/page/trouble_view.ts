// One place for what went wrong, with the sentence that the template has for it.

import type { TroubleName } from "../messages.ts";
import { byId, within } from "./dom.ts";

/** Show the sentence, and lead the reader there. */
export function showTrouble(name: TroubleName): void {
  const place = byId("trouble");
  const { content } = byId<HTMLTemplateElement>("troubles");
  place.replaceChildren(within(content, `[data-trouble="${name}"]`).cloneNode(true));
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}

/** It is over, or about to be tried again. */
export function hideTrouble(): void {
  const place = byId("trouble");
  place.hidden = true;
  place.replaceChildren();
}
