// From what went wrong to the name of a sentence.

import { ProtocolError } from "../../protocol/errors.ts";
import type { TroubleName } from "../messages.ts";

/** Something a person can do something about. */
export class Trouble extends Error {
  readonly trouble: TroubleName;

  constructor(trouble: TroubleName) {
    super();
    this.trouble = trouble;
  }
}

const BY_CODE: ReadonlyMap<string, TroubleName> = new Map<string, TroubleName>([
  ["clock", "clock"],
  ["too_few_day_keys", "too-few"],
  ["not_emptied", "not-emptied"],
  ["charter_expired", "expired"],
  ["malformed_keyring", "old-page"],
  ["malformed_board", "old-page"],
  ["payload_too_long", "too-long"],
  ["malformed_charter", "organisation"],
  ["charter_signature", "organisation"],
  ["charter_serial", "organisation"],
  ["wrong_organisation", "organisation"],
  ["wrong_portal", "organisation"],
  ["statement_signature", "organisation"],
]);
const BUSY = [403, 429, 500, 503];
const FULL = 507;

/** The sentence for anything that was thrown. */
export function troubleOf(error: unknown): TroubleName {
  if (error instanceof Trouble) return error.trouble;
  if (error instanceof ProtocolError) return BY_CODE.get(error.code) ?? "bug";
  return "bug";
}

/** The sentence for a status that ends a visit. */
export function troubleOfStatus(status: number): Trouble {
  if (status === FULL) return new Trouble("full");
  return new Trouble(BUSY.includes(status) ? "busy" : "old-page");
}
