// Replies from the desk's side: signed, cut and sealed. Spec §6.2.

import { concat, fromHex, type Bytes, type Random } from "../../src/protocol/bytes.ts";
import { frame } from "../../src/protocol/frame.ts";
import { encodePayload, type InReply } from "../../src/protocol/payload.ts";
import { aesGcmSeal } from "../../src/protocol/primitives.ts";
import {
  FRAGMENT_LEN,
  REPLY_FRAME_OVERHEAD,
  REPLY_PAYLOAD_MAX,
  SALT_LEN,
  TRAILER_LEN,
} from "../../src/protocol/sizes.ts";
import { deriveCellKey, deriveTag, type ThreadKey } from "../../src/protocol/thread.ts";
import { signedHead, type DeviceKey } from "./signing.ts";

/** Sign and seal a reply into cells, under tags from number `first` on. */
export async function sealReply(
  payload: InReply,
  key: DeviceKey,
  threadKey: ThreadKey,
  first: number,
  random: Random,
): Promise<Bytes[]> {
  const data = encodePayload(payload, REPLY_PAYLOAD_MAX);
  const count = Math.ceil((data.length + REPLY_FRAME_OVERHEAD) / FRAGMENT_LEN);
  const head = signedHead("reply", fromHex(payload.org_id), key, data);
  const body = concat(head, frame(data, count * FRAGMENT_LEN - TRAILER_LEN));
  const reply = random(8);
  const cells: Bytes[] = [];
  for (let part = 0; part < count; part++) {
    const data = body.subarray(part * FRAGMENT_LEN, (part + 1) * FRAGMENT_LEN);
    const fragment = concat(reply, new Uint8Array([part, count]), data);
    const tag = await deriveTag(threadKey, key.device, first + part);
    const salt = random(SALT_LEN);
    const sealed = await aesGcmSeal(deriveCellKey(threadKey, tag, salt), fragment);
    cells.push(concat(tag, salt, sealed));
  }
  return cells;
}
