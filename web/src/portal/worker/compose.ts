// From what a person wrote to the payload of a letter. Spec §5.3.

import { bytesOf, toHex, type Bytes } from "../../protocol/bytes.ts";
import { weekOf } from "../../protocol/calendar.ts";
import type { Charter } from "../../protocol/charter.ts";
import type { Attachment, FormAnswer, LetterPayload } from "../../protocol/payload.ts";
import { GENERATIONS, HASH_LEN, ID_LEN, LETTER_PAYLOAD_MAX } from "../../protocol/sizes.ts";
import { deriveAuth, deriveThreadKey } from "../../protocol/thread.ts";

const LONGEST_NUMBER = 2 ** 31;

/** What a person wants to send, beside files. */
export interface Draft {
  readonly text: string;
  readonly language: string;
  readonly form: readonly FormAnswer[];
}

/** The payload of a letter of this day, under the charter's current generation. */
export function composeLetter(
  draft: Draft,
  attachments: readonly Attachment[],
  letterId: Bytes,
  charter: Charter,
  entropy: Bytes,
  day: number,
): LetterPayload {
  const generation = charter.body.generation_days.length;
  const week = weekOf(day, charter.body.anchor_day);
  return {
    kind: "letter",
    version: 1,
    id: toHex(letterId),
    org_id: toHex(charter.orgId),
    charter: toHex(charter.hash),
    day,
    generation,
    auth: toHex(deriveAuth(entropy, charter.orgId, generation)),
    thread_key: toHex(deriveThreadKey(entropy, charter.orgId, generation, week).key),
    week,
    language: draft.language,
    text: draft.text,
    attachments,
    form: draft.form,
  };
}

/** Whether a letter of this draft is short enough, whatever charter and day it goes under. */
export function fits(draft: Draft, attachments: readonly Attachment[]): boolean {
  const nothing = "0".repeat(2 * HASH_LEN);
  const payload: LetterPayload = {
    kind: "letter",
    version: 1,
    id: "0".repeat(2 * ID_LEN),
    org_id: nothing,
    charter: nothing,
    day: LONGEST_NUMBER,
    generation: GENERATIONS,
    auth: nothing,
    thread_key: nothing,
    week: LONGEST_NUMBER,
    language: draft.language,
    text: draft.text,
    attachments,
    form: draft.form,
  };
  return bytesOf(JSON.stringify(payload)).length <= LETTER_PAYLOAD_MAX;
}
