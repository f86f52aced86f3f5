// The body of a charter: its schema, and the rules between its fields. Spec §8.2, §8.3.

import type { Bytes } from "./bytes.ts";
import { MalformedCharterError, MalformedPayloadError } from "./errors.ts";
import { day, generation } from "./payload.ts";
import {
  hex,
  integer,
  listOf,
  matching,
  nullable,
  object,
  oneOf,
  optional,
  such,
  text,
  type Check,
  type Checked,
} from "./schema.ts";
import {
  BOARD_CELLS_MAX,
  DEVICES_MAX,
  ED25519_PUBLIC_LEN,
  GENERATIONS,
  HANDLERS_MAX,
  LETTER_SLOTS_MAX,
  ML_DSA_PUBLIC_LEN,
  SLOTS_PER_HANDLER,
} from "./sizes.ts";
import { parseDocument } from "./strict_json.ts";

const SECONDS_PER_DAY = 86_400;
const address = matching(/^[a-z0-9.:[\]-]{1,128}$/);

// Control, format, surrogate, private, line and paragraph separator: two names must look different.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u;
const name = (most: number): Check<string> => such(text(1, most), (each) => !INVISIBLE.test(each));

const rootKeys = object({ ed25519: hex(ED25519_PUBLIC_LEN), ml_dsa_65: hex(ML_DSA_PUBLIC_LEN) });
const handler = object({
  handler: integer(0, HANDLERS_MAX - 1),
  label: name(60),
  left_generation: optional(nullable(generation), null),
});
const device = object({ device: integer(0, DEVICES_MAX - 1), key: hex(32) });
const parameters = object({
  epoch_seconds: optional(integer(1, SECONDS_PER_DAY), 3600),
  births_per_epoch: optional(integer(1, 256), 2),
  cell_life_epochs_min: optional(integer(1, 2 ** 20), 30 * 24),
  cell_life_epochs_max: optional(integer(1, 2 ** 20), 44 * 24),
  cells_per_day: integer(1, 2 ** 20),
  minimum_handlers: integer(1, HANDLERS_MAX),
  sign_of_life_days: optional(integer(1, 30), 7),
  letter_slots: integer(1, LETTER_SLOTS_MAX),
});
const charterBody = object({
  kind: oneOf("charter"),
  version: oneOf(1),
  name: name(120),
  org_id: nullable(hex(32)),
  previous: nullable(hex(32)),
  serial: integer(1, 2 ** 31),
  issued: day,
  expires: day,
  anchor_day: day,
  generation_days: listOf(day, GENERATIONS, 1),
  portal: address,
  desk: address,
  root: rootKeys,
  parameters,
  handlers: listOf(handler, HANDLERS_MAX, 1),
  devices: listOf(device, DEVICES_MAX, 1),
});

export type Handler = Checked<typeof handler>;
export type CharterBody = Checked<typeof charterBody>;

/** The handler whose device slot this is. */
export function handlerOf(device: number): number {
  return Math.floor(device / SLOTS_PER_HANDLER);
}

/** The body from its JSON; MalformedCharterError if a rule is broken. */
export function parseBody(data: Bytes): CharterBody {
  const body = check(data);
  if (!isConsistent(body)) throw new MalformedCharterError();
  return body;
}

function check(data: Bytes): CharterBody {
  try {
    return charterBody(parseDocument(data));
  } catch (error) {
    if (error instanceof MalformedPayloadError) throw new MalformedCharterError();
    throw error;
  }
}

function isConsistent(body: CharterBody): boolean {
  const { parameters: p } = body;
  const isFirst = body.serial === 1;
  return (
    (body.org_id === null) === isFirst &&
    (body.previous === null) === isFirst &&
    body.issued <= body.expires &&
    p.cell_life_epochs_min <= p.cell_life_epochs_max &&
    p.births_per_epoch * p.cell_life_epochs_max <= BOARD_CELLS_MAX &&
    body.generation_days.every((each, i, days) => i === 0 || each >= days[i - 1]!) &&
    isRosterConsistent(body)
  );
}

function isRosterConsistent(body: CharterBody): boolean {
  const handlers = body.handlers.map((each) => each.handler);
  const devices = body.devices.map((each) => each.device);
  const owners = new Set(devices.map(handlerOf));
  const leavings = body.handlers.map((each) => each.left_generation);
  return (
    isAscending(handlers) &&
    isAscending(devices) &&
    owners.size === handlers.length &&
    handlers.every((each) => owners.has(each)) &&
    leavings.includes(null) &&
    leavings.every((each) => each === null || (each >= 2 && each <= body.generation_days.length))
  );
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((each, i) => i === 0 || each > numbers[i - 1]!);
}
