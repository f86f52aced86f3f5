// The one place where randomness comes from.

import type { Bytes } from "../../protocol/bytes.ts";

/** So many random bytes. */
export function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}
