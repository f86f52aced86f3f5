// Receipts, as a server's assisted form makes and reads them. Spec §3.5. No page does.

import { argon2id } from "@noble/hashes/argon2.js";

import { bytesOf, concat, type Bytes } from "../src/protocol/bytes.ts";
import { ProtocolError } from "../src/protocol/errors.ts";
import { hkdfSha256, sha256 } from "../src/protocol/primitives.ts";
import { ENTROPY_LEN, RECEIPT_DIGITS } from "../src/protocol/sizes.ts";
import { SPACES } from "../src/protocol/word_list.ts";

const LABEL = bytesOf("courier/receipt");
const COSTS = { t: 3, m: 64 * 1024, p: 1, dkLen: 32, version: 0x13 };
const ZEROS = [0x30, 0x660, 0x6f0, 0xff10];
const HYPHENS = /[-\u2010-\u2013]/;

export class MalformedReceiptError extends ProtocolError {
  readonly code = "malformed_receipt";
}

export function encodeReceipt(drawn: Bytes): string {
  const number = drawn.reduce((sum, byte) => 256n * sum + BigInt(byte), 0n) % 10n ** 23n;
  const digits = number.toString().padStart(RECEIPT_DIGITS - 1, "0");
  return digits + "0123456789".split("").find((last) => isSound(digits + last));
}

export function parseReceipt(text: string): string {
  const digits = text
    .split(SPACES)
    .flatMap((part) => [...part])
    .filter((char) => !HYPHENS.test(char))
    .map(digitOf);
  if (digits.length !== RECEIPT_DIGITS || !isSound(digits.join(""))) {
    throw new MalformedReceiptError();
  }
  return digits.join("");
}

export function deriveReceiptEntropy(digits: string, orgId: Bytes): Bytes {
  const salt = sha256(concat(LABEL, orgId)).slice(0, 16);
  return hkdfSha256(argon2id(bytesOf(digits), salt, COSTS) as Bytes, orgId, LABEL, ENTROPY_LEN);
}

function digitOf(char: string): number {
  const code = char.codePointAt(0)!;
  const zero = ZEROS.find((each) => code >= each && code < each + 10);
  if (zero === undefined) throw new MalformedReceiptError();
  return code - zero;
}

function isSound(digits: string): boolean {
  const values = [...digits].toReversed().map((digit, i) => {
    const value = Number(digit) * (1 + (i % 2));
    return value > 9 ? value - 9 : value;
  });
  return values.reduce((sum, value) => sum + value, 0) % 10 === 0;
}
