// What the twelve words derive, and what a thread key derives. Spec §3.2-§3.4.
//
// One-way throughout: no later key gives an earlier one. Mistakes of the caller are RangeErrors.

import { bytesOf, concat, encodeNumber, type Bytes } from "./bytes.ts";
import { aesCtrKeystream, hkdfSha256, hmacSha256, sha256 } from "./primitives.ts";
import {
  DEVICES_MAX,
  GENERATIONS,
  HASH_LEN,
  KEY_LEN,
  TAG_LEN,
  TAGS_PER_WEEK,
} from "./sizes.ts";

const AUTH = bytesOf("courier/auth");
const THREAD = bytesOf("courier/thread");
const NEXT = bytesOf("courier/next");
const TAG = bytesOf("courier/tag");
const SEAL = bytesOf("courier/seal");

/** `K(w)` of one source and generation. Spec §3.3. */
export interface ThreadKey {
  readonly key: Bytes;
  readonly generation: number;
  readonly week: number;
}

/** `a_g`: what a letter of this generation carries to say who wrote it. Spec §3.2. */
export function deriveAuth(entropy: Bytes, orgId: Bytes, generation: number): Bytes {
  if (generation < 0 || generation > GENERATIONS) throw new RangeError("generation out of range");
  return hashDown(hkdfSha256(entropy, orgId, AUTH, HASH_LEN), GENERATIONS - generation);
}

/** `a_0` from `a_g`: the name a desk knows the source by. Spec §3.2. */
export function deriveSourceId(auth: Bytes, generation: number): Bytes {
  return hashDown(auth, generation);
}

function hashDown(value: Bytes, steps: number): Bytes {
  let hashed = value;
  for (let i = 0; i < steps; i++) hashed = sha256(concat(AUTH, hashed));
  return hashed;
}

/** `K(week)` of this generation from the 16-byte entropy. Spec §3.3. */
export function deriveThreadKey(
  entropy: Bytes,
  orgId: Bytes,
  generation: number,
  week: number,
): ThreadKey {
  const info = concat(THREAD, encodeNumber(generation, 2));
  const key = hkdfSha256(entropy, orgId, info, KEY_LEN);
  return stepThreadKey({ key, generation, week: 0 }, week);
}

/** The key of a later (or the same) week; an earlier one cannot be had. */
export function stepThreadKey(from: ThreadKey, week: number): ThreadKey {
  if (week < from.week) throw new RangeError("a thread key steps forward only");
  let { key } = from;
  for (let i = from.week; i < week; i++) key = hmacSha256(key, NEXT);
  return { key, generation: from.generation, week };
}

/** All tags of one week for device slots 0 to `devices` - 1, 16 bytes each. Spec §3.4. */
export function deriveTags(threadKey: ThreadKey, devices: number): Promise<Bytes> {
  const key = hmacSha256(threadKey.key, TAG);
  return aesCtrKeystream(key, devices * TAGS_PER_WEEK * TAG_LEN);
}

/** The tag of device slot `device`, number 0 to 255. Spec §3.4. */
export async function deriveTag(
  threadKey: ThreadKey,
  device: number,
  number: number,
): Promise<Bytes> {
  if (number < 0 || number >= TAGS_PER_WEEK || device < 0 || device >= DEVICES_MAX) {
    throw new RangeError("tag position out of range");
  }
  const start = (device * TAGS_PER_WEEK + number) * TAG_LEN;
  return (await deriveTags(threadKey, device + 1)).slice(start, start + TAG_LEN);
}

/** The key of the one cell with this tag and salt. Spec §3.4. */
export function deriveCellKey(threadKey: ThreadKey, tag: Bytes, salt: Bytes): Bytes {
  return hmacSha256(hmacSha256(threadKey.key, SEAL), concat(tag, salt));
}
