// Proof of work for a ticket: a nonce whose hash begins with enough zero bits. Spec §10.

import { bytesOf, concat, encodeNumber, type Bytes } from "./bytes.ts";
import { sha256 } from "./primitives.ts";

const LABEL = bytesOf("courier/ticket\0");
const COUNTER_LEN = 6;
const NONCE_LEN = 16;
export const START_LEN = NONCE_LEN - COUNTER_LEN;

/** Whether this 16-byte nonce proves the work for this 16-byte challenge. */
export function provesWork(challenge: Bytes, nonce: Bytes, bits: number): boolean {
  return zeroBits(sha256(concat(LABEL, challenge, nonce))) >= bits;
}

/** A good nonce among `tries` from `first` on behind these 10 bytes; null where there is none. */
export function searchNonce(
  challenge: Bytes,
  bits: number,
  start: Bytes,
  first: number,
  tries: number,
): Bytes | null {
  for (let counter = first; counter < first + tries; counter++) {
    const nonce = concat(start, encodeNumber(counter, COUNTER_LEN));
    if (provesWork(challenge, nonce, bits)) return nonce;
  }
  return null;
}

function zeroBits(digest: Bytes): number {
  const whole = digest.findIndex((byte) => byte !== 0);
  return whole < 0 ? 8 * digest.length : 8 * whole + Math.clz32(digest[whole]!) - 24;
}
