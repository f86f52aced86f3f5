// Sending the chunks of all files, a few at a time, with a ticket for each 64. Spec §10.3.

import type { Bytes } from "../../protocol/bytes.ts";
import { CHUNK_LEN, TICKET_CHUNKS } from "../../protocol/sizes.ts";
import type { Enclosure } from "./enclosure.ts";
import { putChunk, takeTicket } from "./portal.ts";

const IN_FLIGHT_MAX = 4;

/** Told bytes done, bytes in all, and seconds left where they can be guessed. */
export type OnProgress = (done: number, total: number, secondsLeft: number | null) => void;

/** Resolves when sending may go on. */
export type Gate = () => Promise<void>;

/** Hands out tickets; a new one when 64 chunks are used or the old one no longer holds. */
export class Tickets {
  current: string;
  private left = TICKET_CHUNKS;
  private renewing: Promise<void> | null = null;

  constructor(first: string) {
    this.current = first;
  }

  async next(): Promise<string> {
    while (this.left === 0 || this.renewing !== null) await this.renew(this.current);
    this.left -= 1;
    return this.current;
  }

  /** Replace this ticket, once however many ask for it. */
  renew(spent: string): Promise<void> {
    if (spent !== this.current) return Promise.resolve();
    this.renewing ??= takeTicket()
      .then((ticket) => {
        this.current = ticket;
        this.left = TICKET_CHUNKS;
      })
      .finally(() => {
        this.renewing = null;
      });
    return this.renewing;
  }
}

/** Upload every chunk that has not arrived; what has arrived stays so for the next attempt. */
export async function sendChunks(
  enclosures: readonly Enclosure[],
  orgId: Bytes,
  tickets: Tickets,
  gate: Gate,
  tell: OnProgress,
): Promise<void> {
  const meter = new Meter(enclosures, tell);
  const flying = new Set<Promise<void>>();
  for (const enclosure of enclosures) {
    for (let index = 0; index < enclosure.chunks; index++) {
      await gate();
      if (enclosure.arrived.has(index)) continue;
      const data = await enclosure.read(index);
      const job = sendOne(enclosure, index, data, orgId, tickets).then(() => {
        flying.delete(job);
        meter.tell();
      });
      job.catch(() => undefined); // heard below, by whoever waits
      flying.add(job);
      if (flying.size >= IN_FLIGHT_MAX) await Promise.race(flying);
    }
  }
  await Promise.all(flying);
}

async function sendOne(
  enclosure: Enclosure,
  index: number,
  data: Bytes,
  orgId: Bytes,
  tickets: Tickets,
): Promise<void> {
  const { id, sealed } = await enclosure.seal(index, data, orgId);
  for (;;) {
    const ticket = await tickets.next();
    if (await putChunk(id, sealed, ticket)) break;
    await tickets.renew(ticket);
  }
  enclosure.arrived.add(index);
}

/** Turns chunks done into bytes and a guess of the rest. */
class Meter {
  private readonly enclosures: readonly Enclosure[];
  private readonly tellAll: OnProgress;
  private readonly total: number;
  private readonly before: number;
  private readonly began = performance.now();

  constructor(enclosures: readonly Enclosure[], tell: OnProgress) {
    this.enclosures = enclosures;
    this.tellAll = tell;
    this.total = enclosures.reduce((sum, each) => sum + each.chunks, 0);
    this.before = this.done();
    tell(this.before * CHUNK_LEN, this.total * CHUNK_LEN, null);
  }

  tell(): void {
    const done = this.done();
    const seconds = (performance.now() - this.began) / 1000;
    const left = (seconds / Math.max(1, done - this.before)) * (this.total - done);
    this.tellAll(done * CHUNK_LEN, this.total * CHUNK_LEN, left);
  }

  private done(): number {
    return this.enclosures.reduce((sum, each) => sum + each.arrived.size, 0);
  }
}
