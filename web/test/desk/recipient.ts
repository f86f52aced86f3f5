// Identities of the hybrid kind, which only desks have. Spec §4.1.

import { bech32 } from "@scure/base";
import { identityToRecipient } from "age-encryption";

import type { Bytes } from "../../src/protocol/bytes.ts";

/** The identity of a 32-byte seed as age writes it, and its public key. */
export async function publicKeyOf(seed: Bytes): Promise<{ identity: string; publicKey: Bytes }> {
  const identity = bech32.encodeFromBytes("AGE-SECRET-KEY-PQ-", seed).toUpperCase();
  const { words } = bech32.decode((await identityToRecipient(identity)) as `${string}1${string}`, false);
  return { identity, publicKey: bech32.fromWords(words) as Bytes };
}
