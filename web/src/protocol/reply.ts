// Replies: one signed payload, cut over 1 to 16 cells of the board. Spec §6.
//
// Only the opening: it is handlers who reply.

import { concat, decodeNumber, toHex, type Bytes } from "./bytes.ts";
import { MalformedCellError, ProtocolError, StatementSignatureError } from "./errors.ts";
import { unframe } from "./frame.ts";
import { parseReplyPayload, type InReply } from "./payload.ts";
import { aesGcmOpen } from "./primitives.ts";
import { verify } from "./signing.ts";
import {
  CELL_LEN,
  DEVICE_LEN,
  FRAGMENT_HEADER_LEN,
  REPLY_CELLS_MAX,
  SALT_LEN,
  TAG_LEN,
  TRAILER_LEN,
} from "./sizes.ts";
import { deriveCellKey, type ThreadKey } from "./thread.ts";

const FRAGMENT_ID_LEN = 8;
const HEAD_LEN = TAG_LEN + SALT_LEN;

/** Signing public key by device slot. */
export type DeviceKeys = ReadonlyMap<number, Bytes>;

/** One opened cell: which reply it is of, which part, of how many, and its bytes. */
export interface Fragment {
  readonly reply: Bytes;
  readonly part: number;
  readonly count: number;
  readonly data: Bytes;
}

/** A payload from the board and the device slot that signed it. */
export interface Reply {
  readonly payload: InReply;
  readonly device: number;
}

/** Open one cell whose tag is this thread's. Spec §6.3. */
export async function openCell(cell: Bytes, threadKey: ThreadKey): Promise<Fragment> {
  if (cell.length !== CELL_LEN) throw new MalformedCellError();
  const tag = cell.slice(0, TAG_LEN);
  const salt = cell.slice(TAG_LEN, HEAD_LEN);
  const key = deriveCellKey(threadKey, tag, salt);
  const plaintext = await aesGcmOpen(key, cell.slice(HEAD_LEN));
  const part = plaintext[FRAGMENT_ID_LEN]!;
  const count = plaintext[FRAGMENT_ID_LEN + 1]!;
  if (part >= count || count > REPLY_CELLS_MAX) throw new MalformedCellError();
  const data = plaintext.slice(FRAGMENT_HEADER_LEN);
  return { reply: plaintext.slice(0, FRAGMENT_ID_LEN), part, count, data };
}

/** Put one reply together from all its fragments and verify who signed it. Spec §6.3. */
export function joinFragments(
  fragments: readonly Fragment[],
  device: number,
  orgId: Bytes,
  deviceKeys: DeviceKeys,
): Reply {
  const ordered = fragments.toSorted((left, right) => left.part - right.part);
  const count = ordered[0]?.count ?? 0;
  const whole = ordered.every((each, part) => each.part === part && each.count === count);
  if (count === 0 || ordered.length !== count || !whole) throw new MalformedCellError();
  const body = concat(...ordered.map((fragment) => fragment.data));
  const data = unframe(body.slice(TRAILER_LEN), MalformedCellError);
  verifyHead(body.slice(0, TRAILER_LEN), data, device, orgId, deviceKeys);
  const payload = parseReplyPayload(data);
  if (payload.org_id !== toHex(orgId)) throw new MalformedCellError();
  return { payload, device };
}

/** What fragments came to: whole replies, and how many groups were in part, or not sound. */
export interface Joined {
  readonly replies: readonly Reply[];
  readonly partial: number;
  readonly damaged: number;
}

/** Every whole reply among the fragments, in the order they begin in. Spec §6.3. */
export function joinAll(
  found: readonly { readonly device: number; readonly fragment: Fragment }[],
  orgId: Bytes,
  deviceKeys: DeviceKeys,
): Joined {
  const groups = new Map<string, { device: number; fragments: Fragment[] }>();
  for (const { device, fragment } of found) {
    const name = `${device} ${toHex(fragment.reply)}`;
    const group = groups.get(name) ?? { device, fragments: [] };
    group.fragments.push(fragment);
    groups.set(name, group);
  }
  const replies: Reply[] = [];
  let partial = 0;
  let damaged = 0;
  for (const { device, fragments } of groups.values()) {
    if (deviceKeys.has(device) && isPartial(fragments)) {
      partial += 1;
      continue;
    }
    try {
      replies.push(joinFragments(fragments, device, orgId, deviceKeys));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      damaged += 1;
    }
  }
  return { replies, partial, damaged };
}

/** Whether parts are missing, and nothing else is wrong: cells come, and go, one by one. */
function isPartial(group: readonly Fragment[]): boolean {
  const counts = new Set(group.map((each) => each.count));
  const parts = new Set(group.map((each) => each.part));
  return counts.size === 1 && parts.size === group.length && group.length < group[0]!.count;
}

function verifyHead(
  head: Bytes,
  data: Bytes,
  device: number,
  orgId: Bytes,
  deviceKeys: DeviceKeys,
): void {
  const key = deviceKeys.get(device);
  const claimed = decodeNumber(head.subarray(0, DEVICE_LEN));
  const signature = head.slice(DEVICE_LEN);
  if (
    key === undefined ||
    claimed !== device ||
    !verify("reply", orgId, { device, key }, data, signature)
  ) {
    throw new StatementSignatureError();
  }
}
