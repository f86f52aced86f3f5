// The page's script: the way out first, then the app where the page has one.

import { startApp, type App } from "./page/app.ts";
import { canSeal, showLevel } from "./page/level.ts";
import { byId } from "./page/dom.ts";
import { watchForLeaving } from "./page/leave.ts";
import { showTrouble } from "./page/trouble_view.ts";

let app: App | null = null;

watchForLeaving(() => app?.port.end());
showLevel();
if (document.getElementById("app") !== null) {
  if (canSeal()) app = startApp();
  else refuse();
}

/** No form where nothing could be sealed. */
function refuse(): void {
  const place = document.createElement("div");
  place.id = "trouble";
  place.className = "notice alarm";
  place.tabIndex = -1;
  byId("loading").replaceWith(place);
  showTrouble("insecure");
}
