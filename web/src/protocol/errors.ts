// Every refusal, by the name it has in the spec. Spec §13.
//
// A code is constant and carries nothing of a peer: the page turns it into a sentence.

/** What a peer sent is not what the spec says. */
export abstract class ProtocolError extends Error {
  abstract readonly code: string;
}

/** Not sealed to us, or altered: deliberately the same. */
export class CannotOpenError extends ProtocolError {
  readonly code = "cannot_open";
}

export class MalformedLetterError extends ProtocolError {
  readonly code = "malformed_letter";
}

export class MalformedPayloadError extends ProtocolError {
  readonly code = "malformed_payload";
}

export class PayloadTooLongError extends ProtocolError {
  readonly code = "payload_too_long";
}

export class MalformedCellError extends ProtocolError {
  readonly code = "malformed_cell";
}

export class MalformedBoardError extends ProtocolError {
  readonly code = "malformed_board";
}

export class MalformedChunkError extends ProtocolError {
  readonly code = "malformed_chunk";
}

export class MalformedCharterError extends ProtocolError {
  readonly code = "malformed_charter";
}

export class CharterSignatureError extends ProtocolError {
  readonly code = "charter_signature";
}

export class CharterExpiredError extends ProtocolError {
  readonly code = "charter_expired";
}

export class CharterSerialError extends ProtocolError {
  readonly code = "charter_serial";
}

export class WrongOrganisationError extends ProtocolError {
  readonly code = "wrong_organisation";
}

/** The charter names another onion than the one it came from. */
export class WrongPortalError extends ProtocolError {
  readonly code = "wrong_portal";
}

export class MalformedKeyringError extends ProtocolError {
  readonly code = "malformed_keyring";
}

export class StatementSignatureError extends ProtocolError {
  readonly code = "statement_signature";
}

export class ClockError extends ProtocolError {
  readonly code = "clock";
}

/** Fewer handlers than the charter's minimum could read today. */
export class TooFewDayKeysError extends ProtocolError {
  readonly code = "too_few_day_keys";
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super();
    this.missing = missing;
  }
}

/** Nobody empties this letterbox now. */
export class NotEmptiedError extends ProtocolError {
  readonly code = "not_emptied";
}

/** `position` (from 1) is that of the first word that no list has in this place. */
export class MalformedWordsError extends ProtocolError {
  readonly code = "malformed_words";
  readonly position: number | null;

  constructor(position: number | null) {
    super();
    this.position = position;
  }
}
