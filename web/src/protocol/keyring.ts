// The keyring: everything a source needs before it writes, in one document. Spec §9.
//
// The server puts it together and is trusted for nothing in it. The steps of `verifyKeyring`
// carry the numbers of spec §9.5.

import { bytesOf, decodeNumber, same, type Bytes } from "./bytes.ts";
import { checkDates, currentHandlers, verifyChain, type Charter } from "./charter.ts";
import { handlerOf, type Handler } from "./charter_body.ts";
import {
  ClockError,
  MalformedKeyringError,
  NotEmptiedError,
  TooFewDayKeysError,
} from "./errors.ts";
import { DAY_LEN, KEYRING_LEN_MAX, LENGTH_PREFIX_LEN } from "./sizes.ts";
import {
  everything,
  isInRange,
  parseStatements,
  verifyStatement,
  type Closure,
  type DayStatement,
  type Statements,
} from "./statements.ts";

const MAGIC = bytesOf("SCKR\x01");
const HEAD_LEN = MAGIC.length + DAY_LEN + 1;
export const CLOCK_DAYS_MAX = 1;

/** A keyring taken apart; nothing in it is verified. */
export interface Keyring {
  readonly day: number;
  readonly charters: readonly Bytes[];
  readonly statements: Statements;
}

/** What may be relied on: the charter, today's day keys, who is missing, when it was emptied. */
export interface VerifiedKeyring {
  readonly charter: Charter;
  readonly day: number;
  readonly dayStatements: readonly DayStatement[];
  readonly missing: readonly Handler[];
  /** Day of the last sign of life by handler. */
  readonly lastSignOfLife: ReadonlyMap<number, number>;
  readonly closures: readonly Closure[];
}

/** Take a keyring apart; MalformedKeyringError if its lengths do not add up. */
export function parseKeyring(data: Bytes): Keyring {
  if (
    data.length < HEAD_LEN ||
    data.length > KEYRING_LEN_MAX ||
    !same(data.subarray(0, MAGIC.length), MAGIC)
  ) {
    throw new MalformedKeyringError();
  }
  const charters: Bytes[] = [];
  let position = HEAD_LEN;
  for (let left = data[HEAD_LEN - 1]!; left > 0; left--) {
    const start = position + LENGTH_PREFIX_LEN;
    position = start + decodeNumber(data.subarray(position, start));
    if (position > data.length) throw new MalformedKeyringError();
    charters.push(data.slice(start, position));
  }
  const day = decodeNumber(data.subarray(MAGIC.length, HEAD_LEN - 1));
  return { day, charters, statements: parseStatements(data.slice(position)) };
}

/** Verify a keyring as a source must before it seals a letter. Spec §9.5. */
export function verifyKeyring(data: Bytes, orgId: Bytes, today: number): VerifiedKeyring {
  const verified = verifyKeyringStatements(data, orgId, today);
  checkOpen(verified, today);
  return verified;
}

/** Steps 6 and 7, without which no letter may be sealed. Spec §9.5. */
export function checkOpen(keyring: VerifiedKeyring, today: number): void {
  checkEnoughHandlers(keyring); // 6
  checkEmptied(keyring, today); // 7
}

/** Steps 1 to 5, which are enough to read answers where no letter may be sealed. Spec §9.5. */
export function verifyKeyringStatements(
  data: Bytes,
  orgId: Bytes,
  today: number,
): VerifiedKeyring {
  const keyring = parseKeyring(data); // 1
  if (Math.abs(keyring.day - today) > CLOCK_DAYS_MAX) throw new ClockError(); // 2
  const charter = verifyChain(keyring.charters, orgId); // 3
  checkDates(charter, today); // 4
  for (const statement of everything(keyring.statements)) verifyStatement(statement, charter); // 5
  const { day, statements } = keyring;
  const dayStatements = statements.dayStatements.filter((each) => each.day === day);
  const present = new Set(dayStatements.map((each) => handlerOf(each.device)));
  return {
    charter,
    day,
    dayStatements,
    missing: currentHandlers(charter).filter((each) => !present.has(each.handler)),
    lastSignOfLife: lastSigns(statements, today),
    // One without a sensible end is passed over: it refuses nothing, and must not stop anything.
    closures: statements.closures.filter(
      (each) => each.day <= day && day <= each.until && isInRange(each),
    ),
  };
}

/**
 * The day keys a letter is sealed to: at most `letter_slots`, every handler's first device before
 * anyone's second. Spec §9.6.
 */
export function chooseDayStatements(keyring: VerifiedKeyring): DayStatement[] {
  const all = keyring.dayStatements;
  const rank = ({ device }: DayStatement): number =>
    all.filter((each) => handlerOf(each.device) === handlerOf(device) && each.device < device)
      .length;
  return all
    .toSorted((left, right) => rank(left) - rank(right) || left.device - right.device)
    .slice(0, keyring.charter.body.parameters.letter_slots);
}

/** A device whose clock once ran ahead must not hide what the handler's others say. */
function lastSigns(statements: Statements, today: number): Map<number, number> {
  const last = new Map<number, number>();
  for (const { device, day } of statements.signsOfLife) {
    if (day > today + CLOCK_DAYS_MAX) continue;
    const handler = handlerOf(device);
    last.set(handler, Math.max(day, last.get(handler) ?? 0));
  }
  return last;
}

/** By those a letter is sealed to, who are fewer where a charter has too few stanzas for all. */
function checkEnoughHandlers(keyring: VerifiedKeyring): void {
  const { charter } = keyring;
  const readers = new Set(chooseDayStatements(keyring).map(({ device }) => handlerOf(device)));
  if (readers.size < charter.body.parameters.minimum_handlers) {
    const others = currentHandlers(charter).filter(({ handler }) => !readers.has(handler));
    throw new TooFewDayKeysError(others.map(({ label }) => label));
  }
}

function checkEmptied({ charter, lastSignOfLife }: VerifiedKeyring, today: number): void {
  const oldest = today - charter.body.parameters.sign_of_life_days;
  const fresh = [...lastSignOfLife.values()].filter((day) => day >= oldest).length;
  if (fresh < Math.min(2, currentHandlers(charter).length)) throw new NotEmptiedError();
}
