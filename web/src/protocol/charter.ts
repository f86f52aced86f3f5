// The charter: who the organisation is, signed by its root. Spec §8.
//
// A charter file is a JSON body and one or two root signatures over those very bytes. It is
// trusted only as the end of a chain that begins at the organisation's id.

import { bytesOf, concat, fromHex, same, toHex, type Bytes } from "./bytes.ts";
import { handlerOf, parseBody, type CharterBody, type Handler } from "./charter_body.ts";
import {
  CharterExpiredError,
  CharterSerialError,
  CharterSignatureError,
  MalformedCharterError,
  WrongOrganisationError,
  WrongPortalError,
} from "./errors.ts";
import { sha256 } from "./primitives.ts";
import { parseSignedBody, verifyRoot, type RootPublic, type SignedBody } from "./root.ts";
import { CHARTER_LEN_MAX } from "./sizes.ts";

const MAGIC = bytesOf("SCCH\x01");
export const SIGNED_LABEL = bytesOf("courier/charter\0");

/** A verified charter: its body, its hash, and the organisation's id. */
export interface Charter {
  readonly body: CharterBody;
  readonly hash: Bytes;
  readonly orgId: Bytes;
}

/** The handlers who have not left. */
export function currentHandlers(charter: Charter): Handler[] {
  return charter.body.handlers.filter((handler) => handler.left_generation === null);
}

/** Signing public key by slot, of the handlers who have not left. */
export function currentDevices(charter: Charter): Map<number, Bytes> {
  const current = new Set(currentHandlers(charter).map((handler) => handler.handler));
  return new Map([...allDevices(charter)].filter(([slot]) => current.has(handlerOf(slot))));
}

/** Signing public key by slot, of all handlers there ever were. */
export function allDevices(charter: Charter): Map<number, Bytes> {
  return new Map(charter.body.devices.map(({ device, key }) => [device, fromHex(key)]));
}

/** Verify a chain of charters from the first to the current. Spec §8.3. */
export function verifyChain(files: readonly Bytes[], orgId: Bytes): Charter {
  const [firstFile, ...laterFiles] = files;
  if (firstFile === undefined) throw new MalformedCharterError();
  let signed = parseFile(firstFile);
  // 1. begins at the id we were told
  if (!same(sha256(signed.body), orgId)) throw new WrongOrganisationError();
  let body = parseBody(signed.body);
  if (body.org_id !== null) throw new MalformedCharterError();
  verifySignatures(signed, [rootOf(body)]); // 2. signed by its own root
  for (const file of laterFiles) {
    signed = parseFile(file);
    body = verifyNext(signed, body, orgId); // 3. each signed by the last root
  }
  return { body, hash: sha256(signed.body), orgId };
}

/** CharterExpiredError unless `day` lies between the charter's dates, one day early. */
export function checkDates(charter: Charter, day: number): void {
  if (day < charter.body.issued - 1 || day > charter.body.expires) throw new CharterExpiredError();
}

/** WrongPortalError unless an onion is the one that the charter names. Spec §10.3. */
export function checkPortal({ body }: Charter, host: string): void {
  if (host.endsWith(".onion") && host !== body.portal.split(":")[0]) throw new WrongPortalError();
}

function verifyNext(signed: SignedBody, before: CharterBody, orgId: Bytes): CharterBody {
  const body = parseBody(signed.body);
  if (body.org_id !== toHex(orgId)) throw new WrongOrganisationError();
  if (body.serial <= before.serial || body.anchor_day !== before.anchor_day) {
    throw new CharterSerialError();
  }
  const [root, nextRoot] = [rootOf(before), rootOf(body)];
  verifySignatures(signed, isSameRoot(root, nextRoot) ? [root] : [root, nextRoot]);
  return body;
}

function verifySignatures(signed: SignedBody, roots: readonly RootPublic[]): void {
  const message = concat(SIGNED_LABEL, signed.body);
  const verified =
    signed.signatures.length === roots.length &&
    roots.every((root, i) => verifyRoot(root, message, signed.signatures[i]!));
  if (!verified) throw new CharterSignatureError();
}

function rootOf(body: CharterBody): RootPublic {
  return { ed25519: fromHex(body.root.ed25519), mlDsa65: fromHex(body.root.ml_dsa_65) };
}

function isSameRoot(left: RootPublic, right: RootPublic): boolean {
  return same(left.ed25519, right.ed25519) && same(left.mlDsa65, right.mlDsa65);
}

function parseFile(file: Bytes): SignedBody {
  if (file.length > CHARTER_LEN_MAX) throw new MalformedCharterError();
  return parseSignedBody(file, MAGIC);
}
