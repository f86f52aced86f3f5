// What the board holds for the owner of twelve words: answers, and *opened on …*. Spec §6.3.
//
// Refuses what a handler signed under a generation that began after they had left, what is
// addressed to anybody else, and what is dated out of all reason; each is counted as damage rather
// than dropped without a word.

import { findFragments, type FoundFragment } from "../../protocol/board.ts";
import type { Board } from "../../protocol/board_format.ts";
import { toHex, type Bytes } from "../../protocol/bytes.ts";
import { weekOf } from "../../protocol/calendar.ts";
import { allDevices, type Charter } from "../../protocol/charter.ts";
import { handlerOf } from "../../protocol/charter_body.ts";
import { CLOCK_DAYS_MAX } from "../../protocol/keyring.ts";
import { joinAll, type Joined, type DeviceKeys, type Reply } from "../../protocol/reply.ts";
import { ANSWER_DAYS_MAX, WEEKS_AHEAD, WEEKS_BACK } from "../../protocol/sizes.ts";
import { deriveAuth, deriveThreadKey, stepThreadKey, type ThreadKey } from "../../protocol/thread.ts";
import type { Found } from "../messages.ts";

/** All that was found, newest first; how much of it is here in part, or was not sound. */
export interface Mailbox {
  readonly found: readonly Found[];
  readonly partial: number;
  readonly damaged: number;
}

/** Find, open and verify everything on the board that is for these words. */
export async function readMailbox(
  board: Board,
  charter: Charter,
  entropy: Bytes,
  today: number,
): Promise<Mailbox> {
  const devices = [...allDevices(charter).keys()];
  const keys = threadKeys(charter, entropy, today);
  const { found, damaged } = await findFragments(board, keys, devices);
  const joined = join(found, charter, today);
  const sourceId = toHex(deriveAuth(entropy, charter.orgId, 0));
  const ours = joined.replies.filter(
    ({ payload }) => payload.to === sourceId && isDated(payload, today),
  );
  const unsound = damaged + joined.damaged + joined.replies.length - ours.length;
  return { found: sort(unique(ours), charter), partial: joined.partial, damaged: unsound };
}

/** Of every week looked at and every generation there was: an answer may be given late. */
function threadKeys(charter: Charter, entropy: Bytes, today: number): ThreadKey[] {
  const { anchor_day, generation_days } = charter.body;
  const thisWeek = weekOf(today, anchor_day);
  const first = Math.max(0, thisWeek - WEEKS_BACK);
  return generation_days.flatMap((_, i) => {
    const keys = [deriveThreadKey(entropy, charter.orgId, i + 1, first)];
    for (let week = first + 1; week <= thisWeek + WEEKS_AHEAD; week++) {
      keys.push(stepThreadKey(keys.at(-1)!, week));
    }
    return keys;
  });
}

function join(found: readonly FoundFragment[], charter: Charter, today: number): Joined {
  const replies: Reply[] = [];
  let partial = 0;
  let damaged = 0;
  for (const generation of new Set(found.map((each) => each.generation))) {
    const group = found.filter((each) => each.generation === generation);
    const joined = joinAll(group, charter.orgId, signers(charter, generation, today));
    replies.push(...joined.replies);
    partial += joined.partial;
    damaged += joined.damaged;
  }
  return { replies, partial, damaged };
}

/**
 * Whose word counts under this generation's keys. Who left speaks only under generations they were
 * part of, and only while those were current in the weeks looked at.
 */
function signers(charter: Charter, generation: number, today: number): DeviceKeys {
  const lapsed = isLapsed(charter, generation, today);
  const speakers = new Set(
    charter.body.handlers
      .filter(({ left_generation: left }) => left === null || (generation < left && !lapsed))
      .map(({ handler }) => handler),
  );
  return new Map([...allDevices(charter)].filter(([slot]) => speakers.has(handlerOf(slot))));
}

/** Whether the next generation began before the first of the weeks looked at. */
function isLapsed({ body }: Charter, generation: number, today: number): boolean {
  const next = body.generation_days[generation];
  if (next === undefined) return false;
  return weekOf(next - 1, body.anchor_day) < weekOf(today, body.anchor_day) - WEEKS_BACK;
}

/** Whether it is of days from which something can be on the board: dates are read, and sort. */
function isDated(payload: Reply["payload"], today: number): boolean {
  const days = payload.kind === "opened" ? [payload.day, payload.opened] : [payload.day];
  return days.every((day) => day >= today - ANSWER_DAYS_MAX && day <= today + CLOCK_DAYS_MAX);
}

/** The first of each id a device used; another device cannot hide a reply by using its id. */
function unique(replies: readonly Reply[]): Reply[] {
  const first = new Map<string, Reply>();
  for (const each of replies) {
    const name = `${each.device} ${each.payload.id}`;
    if (!first.has(name)) first.set(name, each);
  }
  return [...first.values()];
}

/**
 * Newest first; of one day, answers stand before what was opened, and what a device posted later
 * before what it posted earlier.
 */
function sort(replies: readonly Reply[], charter: Charter): Found[] {
  const rank = { answer: 0, opened: 1 };
  return replies
    .toReversed()
    .map((reply) => shown(reply, charter))
    .toSorted((left, right) => right.day - left.day || rank[left.kind] - rank[right.kind]);
}

function shown({ payload, device }: Reply, charter: Charter): Found {
  const handler = charter.body.handlers.find((each) => each.handler === handlerOf(device))!;
  const { label } = handler;
  const left = handler.left_generation !== null;
  return payload.kind === "reply"
    ? { kind: "answer", day: payload.day, label, left, text: payload.text }
    : { kind: "opened", day: payload.opened, label, left, text: "" };
}
