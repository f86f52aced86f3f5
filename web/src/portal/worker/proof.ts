// Proof of work for a ticket, a little at a time so that messages are heard meanwhile.

import type { Bytes } from "../../protocol/bytes.ts";
import { START_LEN, searchNonce } from "../../protocol/ticket.ts";
import { random } from "./random.ts";
import { Trouble } from "./trouble.ts";

const BITS_MAX = 26;
const BATCH = 1024;

/** The 16-byte nonce that proves the work; refuses more than a device does in minutes. */
export async function findNonce(challenge: Bytes, bits: number): Promise<Bytes> {
  if (bits > BITS_MAX) throw new Trouble("old-page");
  const start = random(START_LEN);
  for (let first = 0; ; first += BATCH) {
    const nonce = searchNonce(challenge, bits, start, first, BATCH);
    if (nonce !== null) return nonce;
    await Promise.resolve();
  }
}
