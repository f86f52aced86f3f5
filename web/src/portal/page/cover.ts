// When the empty letter of who only reads goes: at a moment like those at which others send what
// they wrote. Spec §10.3.
//
// Nothing waits for it: answers are shown as soon as they are found, and leaving is leaving.

import { byId, listen, sentence } from "./dom.ts";
import type { WorkerPort } from "./worker_port.ts";

const SECOND = 1000;
/** Hardly anybody writes, notes twelve words and types three back in less. */
export const SOONEST_MS = 100 * SECOND;
const MEAN_MS = 140 * SECOND;
export const LATEST_MS = 600 * SECOND;
/** Whoever reads an answer may want to write: that letter would be the one of this visit. */
const READING_MS = 30 * SECOND;
const AGAIN_MS = [10 * SECOND, 60 * SECOND] as const;
const TRIES = 3;

type State = "idle" | "armed" | "going" | "over";

/** Milliseconds from the page's opening to its empty letter, for a number drawn from 0 to 1. */
export function coverDelay(drawn: number): number {
  return Math.min(LATEST_MS, SOONEST_MS - MEAN_MS * Math.log(1 - drawn));
}

/** The empty letter of this page; there is at most one. */
export class Cover {
  private readonly port: WorkerPort;
  private readonly line = byId("cover");
  private readonly button = byId<HTMLButtonElement>("finish");
  private state: State = "idle";
  private moment = coverDelay(draw());
  private tries = 0;
  private stopped = false;
  private timer = 0;

  constructor(port: WorkerPort) {
    this.port = port;
    port.on("covered", ({ done }) => this.hear(done));
    listen(this.button, "click", () => this.hurry());
  }

  /** Whether the one letter of this visit has been tried. */
  get spent(): boolean {
    return this.state === "going" || this.state === "over";
  }

  /** The answers are there; `taken`: whether a letter would be taken today. */
  arm(taken: boolean): void {
    this.stopped = false;
    if (this.state !== "idle") return;
    this.line.hidden = this.button.hidden = !taken;
    if (!taken) return;
    this.say("armed");
    this.goAt(Math.max(this.moment, performance.now() + READING_MS));
  }

  /** A letter will go instead. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.state === "armed") this.state = this.tries === 0 ? "idle" : "over";
  }

  /** The person is done; the moment is theirs, but no sooner than anybody could have written. */
  private hurry(): void {
    if (this.state !== "armed") return;
    this.say("soon");
    this.goAt(Math.max(SOONEST_MS, performance.now()));
  }

  private goAt(moment: number): void {
    clearTimeout(this.timer);
    this.state = "armed";
    this.moment = moment;
    this.timer = window.setTimeout(() => this.go(), moment - performance.now());
  }

  private go(): void {
    this.state = "going";
    this.tries += 1;
    this.button.hidden = true;
    this.say("soon");
    this.port.ask({ ask: "cover" });
  }

  private hear(done: boolean): void {
    const [least, most] = AGAIN_MS;
    if (!done && !this.stopped && this.tries < TRIES) {
      // Who writes tries again too.
      this.goAt(performance.now() + least + draw() * (most - least));
      return;
    }
    this.state = "over";
    this.say(done ? "done" : "failed");
  }

  private say(what: "armed" | "soon" | "done" | "failed"): void {
    this.line.textContent = sentence(this.line, what);
  }
}

function draw(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32;
}
