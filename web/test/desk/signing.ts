// What handlers and the organisation do and a source never does: signing.

import { ed25519 } from "@noble/curves/ed25519.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";

import { concat, encodeNumber, type Bytes } from "../../src/protocol/bytes.ts";
import type { RootPublic } from "../../src/protocol/root.ts";
import { signedText, type SignedLabel } from "../../src/protocol/signing.ts";
import { DEVICE_LEN } from "../../src/protocol/sizes.ts";

/** A device's slot and its Ed25519 seed. */
export interface DeviceKey {
  readonly device: number;
  readonly seed: Bytes;
}

/** The root's two seeds. */
export interface RootKey {
  readonly ed25519Seed: Bytes;
  readonly mlDsa65Seed: Bytes;
}

/** Device slot and signature of this content: the trailer of a letter, the head of a reply. */
export function signedHead(
  label: SignedLabel,
  orgId: Bytes,
  key: DeviceKey,
  content: Bytes,
): Bytes {
  const signature = ed25519.sign(signedText(label, orgId, key.device, content), key.seed);
  return concat(encodeNumber(key.device, DEVICE_LEN), signature);
}

/** The public halves of a root. */
export function rootPublic(key: RootKey): RootPublic {
  return {
    ed25519: ed25519.getPublicKey(key.ed25519Seed) as Bytes,
    mlDsa65: ml_dsa65.keygen(key.mlDsa65Seed).publicKey as Bytes,
  };
}

/** Ed25519 signature, then ML-DSA-65 signature. */
export function signRoot(key: RootKey, message: Bytes): Bytes {
  const { secretKey } = ml_dsa65.keygen(key.mlDsa65Seed);
  return concat(ed25519.sign(message, key.ed25519Seed), ml_dsa65.sign(message, secretKey));
}
