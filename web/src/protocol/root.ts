// What the root signs: Ed25519 and ML-DSA-65, both or nothing. Spec §8.1.

import { decodeNumber, same, type Bytes } from "./bytes.ts";
import { MalformedCharterError } from "./errors.ts";
import { ed25519Verify, mlDsa65Verify } from "./primitives.ts";
import { ED25519_SIGNATURE_LEN, LENGTH_PREFIX_LEN, ROOT_SIGNATURE_LEN } from "./sizes.ts";

const SIGNATURES_MAX = 2;

/** The root's public keys. */
export interface RootPublic {
  readonly ed25519: Bytes;
  readonly mlDsa65: Bytes;
}

/** The parts of a signed file: body as signed, and each root signature. */
export interface SignedBody {
  readonly body: Bytes;
  readonly signatures: readonly Bytes[];
}

/** Whether both halves verify. */
export function verifyRoot(root: RootPublic, message: Bytes, signature: Bytes): boolean {
  return (
    ed25519Verify(root.ed25519, signature.subarray(0, ED25519_SIGNATURE_LEN), message) &&
    mlDsa65Verify(root.mlDsa65, signature.subarray(ED25519_SIGNATURE_LEN), message)
  );
}

/** Take a signed file apart; nothing is verified yet. */
export function parseSignedBody(file: Bytes, magic: Bytes): SignedBody {
  const start = magic.length + LENGTH_PREFIX_LEN;
  const end = start + decodeNumber(file.subarray(magic.length, start));
  const rest = file.length - end;
  const count = rest / ROOT_SIGNATURE_LEN;
  if (
    !same(file.subarray(0, magic.length), magic) ||
    !Number.isInteger(count) ||
    count < 1 ||
    count > SIGNATURES_MAX
  ) {
    throw new MalformedCharterError();
  }
  const signatures = Array.from({ length: count }, (_, i) =>
    file.slice(end + i * ROOT_SIGNATURE_LEN, end + (i + 1) * ROOT_SIGNATURE_LEN),
  );
  return { body: file.slice(start, end), signatures };
}
