// What this browser lets a page do: which sentence about the security level is true here.

import { sentence } from "./dom.ts";

/** Whether letters can be sealed here at all. */
export function canSeal(): boolean {
  return isSecureContext && typeof crypto.subtle === "object" && typeof Worker === "function";
}

/** Say on the first page at which level the browser seems to be. */
export function showLevel(): void {
  const place = document.getElementById("level");
  if (place === null) return;
  // WebAssembly is off at “Safer”, and cannot be looked for in any other way under our policy.
  const level = !canSeal() ? "insecure" : typeof WebAssembly === "object" ? "standard" : "safer";
  place.textContent = sentence(place, level);
  place.classList.toggle("good", level === "safer");
  place.classList.toggle("care", level === "standard");
  place.classList.toggle("alarm", level === "insecure");
  place.hidden = false;
}
