// A hybrid recipient as age writes it: `age1pq1…` for 1216 bytes. Spec §4.1.

import { bech32 } from "@scure/base";

/** The text of a public key that `isXWingPublic` has found sound. */
export function encodeRecipient(publicKey: Uint8Array): string {
  return bech32.encode("age1pq", bech32.toWords(publicKey), false);
}
