// What devices state about themselves: day keys, signs of life, closures. Spec §9.1-§9.4.
//
// Each has one fixed length and one signed text. Parsing verifies nothing; `verifyStatement` does.

import { concat, decodeNumber, type Bytes } from "./bytes.ts";
import { currentDevices, type Charter } from "./charter.ts";
import { MalformedKeyringError, StatementSignatureError } from "./errors.ts";
import { isXWingPublic } from "./primitives.ts";
import { verify } from "./signing.ts";
import {
  CLOSURE_DAYS_MAX,
  DAY_LEN,
  DEVICE_LEN,
  ED25519_SIGNATURE_LEN,
  RECIPIENT_LEN,
} from "./sizes.ts";

const COUNT_LEN = 2;

interface Signed {
  readonly device: number;
  /** What the label is put before and the signature is over, but for the charter's hash. */
  readonly content: Bytes;
  readonly signature: Bytes;
}

/** *On this day, letters to me are sealed to this recipient.* */
export interface DayStatement extends Signed {
  readonly label: "day-key";
  readonly day: number;
  readonly recipient: Bytes;
}

/** *On this day I emptied the letterbox under this charter.* */
export interface SignOfLife extends Signed {
  readonly label: "alive";
  readonly day: number;
}

/** *From `day` I am away until the end of `until`.* */
export interface Closure extends Signed {
  readonly label: "closed";
  readonly day: number;
  readonly until: number;
}

export type Statement = DayStatement | SignOfLife | Closure;

/** One batch: the second half of a keyring. */
export interface Statements {
  readonly dayStatements: readonly DayStatement[];
  readonly signsOfLife: readonly SignOfLife[];
  readonly closures: readonly Closure[];
}

/** Take a batch apart; MalformedKeyringError if it does not add up. Nothing is verified yet. */
export function parseStatements(data: Bytes): Statements {
  const days = parseSection(data, DAY_LEN + RECIPIENT_LEN);
  const signs = parseSection(days.rest, DAY_LEN);
  const closures = parseSection(signs.rest, 2 * DAY_LEN);
  const dayStatements = days.entries.map(toDayStatement);
  const places = new Set(dayStatements.map(({ device, day }) => `${device} ${day}`));
  if (closures.rest.length > 0 || places.size !== dayStatements.length) {
    throw new MalformedKeyringError();
  }
  return {
    dayStatements,
    signsOfLife: signs.entries.map(toSignOfLife),
    closures: closures.entries.map(toClosure),
  };
}

/** All of a batch, in the order in which it stands. */
export function everything(statements: Statements): Statement[] {
  return [...statements.dayStatements, ...statements.signsOfLife, ...statements.closures];
}

/** Whether a closure ends on a day that people can be told. */
export function isInRange({ day, until }: Closure): boolean {
  return until <= day + CLOSURE_DAYS_MAX;
}

/** Hold a statement against the charter it must be made under. Spec §9.1. */
export function verifyStatement(statement: Statement, charter: Charter): void {
  const { label, device, signature } = statement;
  const key = currentDevices(charter).get(device);
  const content = concat(charter.hash, statement.content);
  if (key === undefined || !verify(label, charter.orgId, { device, key }, content, signature)) {
    throw new StatementSignatureError();
  }
  // A day key that nobody can seal to would stop every letter.
  if (label === "day-key" && !isXWingPublic(statement.recipient)) {
    throw new MalformedKeyringError();
  }
}

function parseSection(data: Bytes, contentLen: number): { entries: Signed[]; rest: Bytes } {
  const length = DEVICE_LEN + contentLen + ED25519_SIGNATURE_LEN;
  const count = decodeNumber(data.subarray(0, COUNT_LEN));
  const end = COUNT_LEN + count * length;
  if (data.length < end) throw new MalformedKeyringError();
  const entries = Array.from({ length: count }, (_, i) => {
    const start = COUNT_LEN + i * length;
    return parseEntry(data.slice(start, start + length));
  });
  return { entries, rest: data.slice(end) };
}

function parseEntry(entry: Bytes): Signed {
  return {
    device: decodeNumber(entry.subarray(0, DEVICE_LEN)),
    content: entry.slice(DEVICE_LEN, -ED25519_SIGNATURE_LEN),
    signature: entry.slice(-ED25519_SIGNATURE_LEN),
  };
}

function dayAt(content: Bytes, position: number): number {
  return decodeNumber(content.subarray(position, position + DAY_LEN));
}

function toDayStatement(signed: Signed): DayStatement {
  const recipient = signed.content.slice(DAY_LEN);
  return { ...signed, label: "day-key", day: dayAt(signed.content, 0), recipient };
}

function toSignOfLife(signed: Signed): SignOfLife {
  return { ...signed, label: "alive", day: dayAt(signed.content, 0) };
}

function toClosure(signed: Signed): Closure {
  const { content } = signed;
  return { ...signed, label: "closed", day: dayAt(content, 0), until: dayAt(content, DAY_LEN) };
}
