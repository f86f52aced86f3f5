// The one visit that writing and reading both make. Spec §10.3.
//
// Keyring and board come as soon as the page is open, before it is known what the person wants;
// then a ticket and a letter, which says something or is a cover: the same requests in the same
// order and of the same lengths.

import { parseBoard, type Board } from "../../protocol/board_format.ts";
import type { Bytes } from "../../protocol/bytes.ts";
import { dayOf } from "../../protocol/calendar.ts";
import { checkPortal, type Charter } from "../../protocol/charter.ts";
import {
  checkOpen,
  chooseDayStatements,
  verifyKeyringStatements,
  type VerifiedKeyring,
} from "../../protocol/keyring.ts";
import { sealSourceLetter } from "../../protocol/letter.ts";
import type { SourcePayload } from "../../protocol/payload.ts";
import { BOARD_CELLS_MAX, BOARD_HEADER_LEN, CELL_LEN } from "../../protocol/sizes.ts";
import type { Step } from "../messages.ts";
import { getBoard, getKeyring, postLetter, takeTicket } from "./portal.ts";
import { Tickets } from "./upload.ts";

/** A board may be so much larger than its charter says: an older one may have given it more. */
const BOARD_SLACK = 4;

export type OnStep = (step: Step) => void;

/** What the first half of a visit brought, and on which day by the clock of this device. */
export interface Reading {
  readonly keyring: VerifiedKeyring;
  readonly board: Board;
  readonly today: number;
}

/** Makes the sealed letter, having sent what must go before it. */
export type MakeLetter = (keyring: VerifiedKeyring, tickets: Tickets) => Promise<Bytes>;

/** The first half: keyring and board, for whatever purpose. */
export async function fetchReading(orgId: Bytes, onStep: OnStep): Promise<Reading> {
  onStep("keyring");
  const today = currentDay();
  const keyring = verifyKeyringStatements(await getKeyring(), orgId, today);
  checkPortal(keyring.charter, location.hostname);
  onStep("board");
  const board = parseBoard(await getBoard(boardLenMax(keyring.charter)));
  return { keyring, board, today };
}

/** The second half: a ticket, and a letter or cover. Nothing is sealed where nobody reads. */
export async function deliver(
  keyring: VerifiedKeyring,
  makeLetter: MakeLetter,
  onStep: OnStep,
): Promise<void> {
  checkOpen(keyring, currentDay());
  onStep("ticket");
  const tickets = new Tickets(await takeTicket());
  const letter = await makeLetter(keyring, tickets);
  onStep("letter");
  await postLetter(letter, tickets.current);
}

/** The sealed letter, of the one length this charter's letters have. */
export function sealFor(keyring: VerifiedKeyring, payload: SourcePayload): Promise<Bytes> {
  const recipients = chooseDayStatements(keyring).map((statement) => statement.recipient);
  return sealSourceLetter(payload, recipients, keyring.charter.body.parameters.letter_slots);
}

/** The day by the clock of this device. */
export function currentDay(): number {
  return dayOf(Date.now() / 1000);
}

function boardLenMax({ body: { parameters } }: Charter): number {
  const cells = BOARD_SLACK * parameters.births_per_epoch * parameters.cell_life_epochs_max;
  return BOARD_HEADER_LEN + CELL_LEN * Math.min(cells, BOARD_CELLS_MAX);
}
