// Letters from the desk's side: opened with `age-encryption`, untouched. Spec §4.3, §4.4.

import { Decrypter, type Identity } from "age-encryption";

import { concat, decodeNumber, fromHex, toHex, type Bytes } from "../../src/protocol/bytes.ts";
import {
  CannotOpenError,
  MalformedLetterError,
  StatementSignatureError,
} from "../../src/protocol/errors.ts";
import { frame, unframe } from "../../src/protocol/frame.ts";
import { sealPlaintext } from "../../src/protocol/letter.ts";
import {
  encodePayload,
  parseLetterPayload,
  type ColleaguePayload,
  type InLetter,
} from "../../src/protocol/payload.ts";
import type { DeviceKeys } from "../../src/protocol/reply.ts";
import { verify } from "../../src/protocol/signing.ts";
import {
  DEVICE_LEN,
  LETTER_PAYLOAD_MAX,
  LETTER_PLAINTEXT_LEN,
  LETTER_SLOTS_MAX,
  TRAILER_LEN,
  letterLen,
} from "../../src/protocol/sizes.ts";
import { signedHead, type DeviceKey } from "./signing.ts";

const HEADER_END = "\n--- ";
const MAC_CHARS = 43;

/** A payload and the device slot that signed it, null for a source's letter or cover. */
export interface Letter {
  readonly payload: InLetter;
  readonly device: number | null;
}

/** Open a letter with these identities, each a text or age's own interface. */
export async function openLetter(
  sealed: Bytes,
  identities: readonly (string | Identity)[],
): Promise<{ plaintext: Bytes; fileKey: Bytes }> {
  checkLength(sealed);
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  const opened = await decrypter.decrypt(sealed).catch(() => null);
  // The library does not say what was wrong: not for us, altered and malformed are one.
  if (opened === null) throw new CannotOpenError();
  if (opened.length !== LETTER_PLAINTEXT_LEN) throw new MalformedLetterError();
  const fileKey = await decrypter.decryptHeader(headerOf(sealed));
  return { plaintext: opened as Bytes, fileKey: fileKey as Bytes };
}

/** An identity that holds one file key, as a colleague sends it. */
export function fileKeyIdentity(fileKey: Bytes): Identity {
  return { unwrapFileKey: () => fileKey };
}

/** Decide what an opened letter is. Spec §4.4. */
export function readLetter(plaintext: Bytes, orgId: Bytes, deviceKeys: DeviceKeys): Letter {
  const data = unframe(plaintext.slice(0, -TRAILER_LEN), MalformedLetterError);
  const device = signerOf(plaintext.slice(-TRAILER_LEN), data, orgId, deviceKeys);
  const payload = parseLetterPayload(data);
  const isSources = payload.kind === "letter" || payload.kind === "cover";
  if (isSources !== (device === null)) throw new MalformedLetterError();
  if (payload.kind !== "cover" && payload.org_id !== toHex(orgId)) throw new MalformedLetterError();
  return { payload, device };
}

/** Seal a handler's letter to colleagues. Spec §4.3. */
export function sealColleagueLetter(
  payload: ColleaguePayload,
  key: DeviceKey,
  recipients: readonly Bytes[],
  slots: number,
): Promise<Bytes> {
  const data = encodePayload(payload, LETTER_PAYLOAD_MAX);
  const trailer = signedHead("letter", fromHex(payload.org_id), key, data);
  const framed = frame(data, LETTER_PLAINTEXT_LEN - TRAILER_LEN);
  return sealPlaintext(concat(framed, trailer), recipients, slots);
}

function checkLength(sealed: Bytes): void {
  const lengths = Array.from({ length: LETTER_SLOTS_MAX }, (_, i) => letterLen(i + 1));
  if (!lengths.includes(sealed.length)) throw new MalformedLetterError();
}

function headerOf(sealed: Bytes): Bytes {
  const text = Buffer.from(sealed).toString("latin1");
  return sealed.slice(0, text.indexOf(HEADER_END) + HEADER_END.length + MAC_CHARS + 1);
}

function signerOf(
  trailer: Bytes,
  data: Bytes,
  orgId: Bytes,
  deviceKeys: DeviceKeys,
): number | null {
  if (trailer.every((byte) => byte === 0)) return null;
  const device = decodeNumber(trailer.subarray(0, DEVICE_LEN));
  const key = deviceKeys.get(device);
  const signature = trailer.slice(DEVICE_LEN);
  if (key === undefined || !verify("letter", orgId, { device, key }, data, signature)) {
    throw new StatementSignatureError();
  }
  return device;
}
