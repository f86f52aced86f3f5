// The one visit that writing and reading both make. Spec §10.3.
//
// Keyring, board, ticket, letter: the same requests in the same order and of the same lengths,
// whether the letter says something or is a cover. What the board holds is told before anything
// is sent.

import { parseBoard } from "../../protocol/board_format.ts";
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
import { readMailbox, type Mailbox } from "./mailbox.ts";
import { getBoard, getKeyring, postLetter, takeTicket } from "./portal.ts";
import { Tickets } from "./upload.ts";

/** A board may be so much larger than its charter says: an older one may have given it more. */
const BOARD_SLACK = 4;

export interface Listener {
  readonly onStep: (step: Step) => void;
  readonly onMailbox: (mailbox: Mailbox) => void;
}

/** Makes the sealed letter, having sent what must go before it. */
export type MakeLetter = (keyring: VerifiedKeyring, tickets: Tickets) => Promise<Bytes>;

/** The first half: keyring and board, and what the board holds for these words. */
export async function read(
  orgId: Bytes,
  entropy: Bytes,
  { onStep, onMailbox }: Listener,
): Promise<VerifiedKeyring> {
  onStep("keyring");
  const today = now();
  const keyring = verifyKeyringStatements(await getKeyring(), orgId, today);
  checkPortal(keyring.charter, location.hostname);
  onStep("board");
  const board = parseBoard(await getBoard(boardLenMax(keyring.charter)));
  onMailbox(await readMailbox(board, keyring.charter, entropy, today));
  return keyring;
}

/** The second half: a ticket, and a letter or cover. Nothing is sealed where nobody reads. */
export async function deliver(
  keyring: VerifiedKeyring,
  makeLetter: MakeLetter,
  { onStep }: Listener,
): Promise<void> {
  checkOpen(keyring, now());
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

function now(): number {
  return dayOf(Date.now() / 1000);
}

function boardLenMax({ body: { parameters } }: Charter): number {
  const cells = BOARD_SLACK * parameters.births_per_epoch * parameters.cell_life_epochs_max;
  return BOARD_HEADER_LEN + CELL_LEN * Math.min(cells, BOARD_CELLS_MAX);
}
