// Sealed letters: one length, an age file to every day key. Spec §4.
//
// Only the sealing of a source's letters: a source opens none, and signs none.

import { Encrypter, generateHybridIdentity, identityToRecipient } from "age-encryption";

import { concat, type Bytes } from "./bytes.ts";
import { frame } from "./frame.ts";
import { encodePayload, type SourcePayload } from "./payload.ts";
import { encodeRecipient } from "./recipient.ts";
import {
  LETTER_PAYLOAD_MAX,
  LETTER_PLAINTEXT_LEN,
  LETTER_SLOTS_MAX,
  TRAILER_LEN,
} from "./sizes.ts";

const NO_TRAILER = new Uint8Array(TRAILER_LEN);

/**
 * Seal a source's letter or a cover. Spec §4.1.
 *
 * `recipients` are day keys, 1 to `slots` of them; free slots go to keys that nobody holds, so the
 * letter has exactly letterLen(slots) bytes. The age library draws its randomness itself.
 */
export function sealSourceLetter(
  payload: SourcePayload,
  recipients: readonly Bytes[],
  slots: number,
): Promise<Bytes> {
  const data = encodePayload(payload, LETTER_PAYLOAD_MAX);
  const framed = frame(data, LETTER_PLAINTEXT_LEN - TRAILER_LEN);
  return sealPlaintext(concat(framed, NO_TRAILER), recipients, slots);
}

/** Seal a letter's 16 KiB plaintext to these day keys, filled up to `slots` stanzas. */
export async function sealPlaintext(
  plaintext: Bytes,
  recipients: readonly Bytes[],
  slots: number,
): Promise<Bytes> {
  if (recipients.length < 1 || recipients.length > slots || slots > LETTER_SLOTS_MAX) {
    throw new RangeError("between one recipient and as many as there are slots");
  }
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(encodeRecipient(recipient));
  for (let i = recipients.length; i < slots; i++) encrypter.addRecipient(await nobody());
  return (await encrypter.encrypt(plaintext)) as Bytes;
}

/** A recipient whose identity is forgotten at once. */
async function nobody(): Promise<string> {
  return identityToRecipient(await generateHybridIdentity());
}
