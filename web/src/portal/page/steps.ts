// A visit as a list of steps that tick by.

import type { Step } from "../messages.ts";
import { byId, sentence, within } from "./dom.ts";

const MEGABYTE = 1_000_000;

/** Begin again: nothing is done. */
export function resetSteps(panel: HTMLElement, withFiles: boolean): void {
  for (const item of panel.querySelectorAll<HTMLElement>("[data-step]")) {
    item.className = "";
    item.removeAttribute("aria-current");
    if (item.dataset["step"] === "files") item.hidden = !withFiles;
  }
}

/** Everything before this step is done. */
export function showStep(panel: HTMLElement, step: Step): void {
  let before = true;
  for (const item of panel.querySelectorAll<HTMLElement>("[data-step]")) {
    const now = item.dataset["step"] === step;
    if (now) before = false;
    item.className = now ? "now" : before ? "done" : "";
    item.toggleAttribute("aria-current", now);
  }
}

/** Everything is done. */
export function finishSteps(panel: HTMLElement): void {
  for (const item of panel.querySelectorAll<HTMLElement>("[data-step]")) {
    item.className = "done";
    item.removeAttribute("aria-current");
  }
}

/** How far the files are. */
export function showProgress(done: number, total: number, secondsLeft: number | null): void {
  const bar = byId<HTMLProgressElement>("progress");
  bar.hidden = false;
  bar.max = total;
  bar.value = done;
  const line = byId("files-left");
  line.hidden = secondsLeft === null;
  line.textContent = sentence(line, "text", {
    done: Math.round(done / MEGABYTE),
    total: Math.round(total / MEGABYTE),
    left: Math.ceil((secondsLeft ?? 0) / 60),
  });
}

/** Files are through, or were never there. */
export function hideProgress(): void {
  byId("progress").hidden = true;
  byId("files-left").hidden = true;
  byId("pause").hidden = true;
}

/** Let the person try again, or not. */
export function offerAgain(panel: HTMLElement, offered: boolean): void {
  within(panel, "[data-again]").hidden = !offered;
  const back = panel.querySelector<HTMLElement>("[data-back]");
  if (back !== null) back.hidden = !offered;
}
