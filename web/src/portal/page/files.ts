// The list of files under the letter.

import type { WorkerPort } from "./worker_port.ts";
import type { Cleaning } from "../messages.ts";
import { byId, copy, formatNumber, listen, sentence, within } from "./dom.ts";
import { hideTrouble, showTrouble } from "./trouble_view.ts";

const SIZE_MAX = 2 ** 31;
const COUNT_MAX = 16;
const MEGABYTE = 1_000_000;
/** What Tor usually carries, in bytes a second. */
const USUAL_SPEED = 400_000;

/** The files that were chosen, each under a number of its own. */
export class Files {
  private readonly port: WorkerPort;
  private readonly list = byId("files");
  private readonly onLookedAt: () => void;
  private next = 0;

  constructor(port: WorkerPort, onLookedAt: () => void) {
    this.port = port;
    this.onLookedAt = onLookedAt;
    const pick = byId<HTMLInputElement>("pick");
    listen(pick, "change", () => {
      for (const file of pick.files ?? []) this.add(file);
      pick.value = "";
    });
    port.on("file", ({ id, size, cleaning }) => this.describe(id, size, cleaning));
  }

  get count(): number {
    return this.list.childElementCount;
  }

  /** Whether a picture is still being looked at. */
  get busy(): boolean {
    return this.list.querySelector("[data-busy]") !== null;
  }

  clear(): void {
    this.list.replaceChildren();
  }

  private add(file: File): void {
    hideTrouble();
    if (file.size > SIZE_MAX) return showTrouble("too-large");
    if (this.count >= COUNT_MAX) return showTrouble("too-many");
    const id = this.next++;
    const row = copy("file-row");
    row.id = `file-${id}`;
    row.dataset["busy"] = "";
    within(row, "[data-name]").textContent = file.name;
    const state = within(row, "[data-state]");
    state.textContent = sentence(state, "reading");
    const remove = within(row, "button");
    remove.setAttribute("aria-label", sentence(remove, "remove", { name: file.name }));
    listen(remove, "click", () => {
      row.remove();
      this.port.ask({ ask: "remove", id });
    });
    this.list.append(row);
    this.port.ask({ ask: "add", id, file });
  }

  private describe(id: number, size: number, cleaning: Cleaning): void {
    const row = document.getElementById(`file-${id}`);
    if (row === null) return;
    delete row.dataset["busy"];
    const place = within(row, "[data-size]");
    const minutes = Math.max(1, Math.ceil(size / USUAL_SPEED / 60));
    const megabytes = Math.max(0.1, Math.round(size / (MEGABYTE / 10)) / 10);
    const values = { size: formatNumber(megabytes), n: minutes };
    place.textContent = sentence(place, "time", values);
    const state = within(row, "[data-state]");
    state.textContent = sentence(state, cleaning);
    this.onLookedAt();
  }
}
