// The only door to the crypto libraries but for age. Spec §1.3.
//
// WebCrypto does what must be fast without a JIT, noble what WebCrypto cannot do everywhere or
// what is too short to wait for. Refuses to explain why an opening failed.

import { ed25519, x25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as nobleSha256, sha512 } from "@noble/hashes/sha2.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";

import { concat, same, type Bytes } from "./bytes.ts";
import { CannotOpenError } from "./errors.ts";
import {
  ED25519_PUBLIC_LEN,
  ED25519_SIGNATURE_LEN,
  ML_DSA_SIGNATURE_LEN,
  RECIPIENT_LEN,
} from "./sizes.ts";

const ML_KEM_COEFFICIENTS_LEN = 1152;
const ML_KEM_PUBLIC_LEN = 1184;
const ML_KEM_MODULUS = 3329;
// Any scalar will do: clamped, it takes every point of low order to zero and no other.
const PROBE = new Uint8Array(32);

/** SHA-256. */
export function sha256(data: Uint8Array): Bytes {
  return nobleSha256(data) as Bytes;
}

/** HMAC-SHA256. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Bytes {
  return hmac(nobleSha256, key, data) as Bytes;
}

/** HKDF-SHA256, extract and expand. */
export function hkdfSha256(
  ikm: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Bytes {
  return hkdf(nobleSha256, ikm, salt, info, length) as Bytes;
}

/** The first bytes of AES-256-CTR under this key, counter from zero. */
export async function aesCtrKeystream(key: Bytes, length: number): Promise<Bytes> {
  const cipher = await crypto.subtle.importKey("raw", key, "AES-CTR", false, ["encrypt"]);
  const counter = { name: "AES-CTR", counter: new Uint8Array(16), length: 128 };
  return new Uint8Array(await crypto.subtle.encrypt(counter, cipher, new Uint8Array(length)));
}

const ONCE = { name: "AES-GCM", iv: new Uint8Array(12) };

/** AES-256-GCM under a key that is used this once, zero nonce. */
export async function aesGcmSeal(key: Bytes, plaintext: Bytes): Promise<Bytes> {
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["encrypt"]);
  return new Uint8Array(await crypto.subtle.encrypt(ONCE, cipher, plaintext));
}

/** Open what `aesGcmSeal` made; CannotOpenError for another key, or when altered. */
export async function aesGcmOpen(key: Bytes, sealed: Bytes): Promise<Bytes> {
  const cipher = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  try {
    return new Uint8Array(await crypto.subtle.decrypt(ONCE, cipher, sealed));
  } catch {
    throw new CannotOpenError();
  }
}

const { Point: Edwards } = ed25519;

/**
 * Whether this Ed25519 signature verifies: RFC 8032 without the cofactor. Spec §1.3.
 *
 * noble's own `verify` multiplies by the cofactor, `zip215: false` or not, and so takes signatures
 * that others refuse; its points do the same here without it.
 */
export function ed25519Verify(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): boolean {
  if (signature.length !== ED25519_SIGNATURE_LEN) return false;
  const r = signature.subarray(0, ED25519_PUBLIC_LEN);
  const s = bytesToNumberLE(signature.subarray(ED25519_PUBLIC_LEN));
  try {
    const key = Edwards.fromBytes(publicKey, false);
    if (key.isSmallOrder()) return false;
    const challenge = Edwards.Fn.create(bytesToNumberLE(sha512(concat(r, publicKey, message))));
    // It throws unless S is below the group's order.
    const difference = Edwards.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(challenge));
    return same(difference.toBytes(), r);
  } catch {
    return false;
  }
}

/** Whether this ML-DSA-65 signature verifies, context empty. */
export function mlDsa65Verify(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): boolean {
  if (signature.length !== ML_DSA_SIGNATURE_LEN) return false;
  try {
    return ml_dsa65.verify(signature, message, publicKey);
  } catch {
    return false;
  }
}

/** Whether one can seal to these bytes: right length, reduced, no point of low order. */
export function isXWingPublic(publicKey: Uint8Array): boolean {
  return (
    publicKey.length === RECIPIENT_LEN &&
    isReduced(publicKey.subarray(0, ML_KEM_COEFFICIENTS_LEN)) &&
    !isLowOrder(publicKey.subarray(ML_KEM_PUBLIC_LEN))
  );
}

/** Whether every coefficient, twelve bits each, lies below the modulus. */
function isReduced(coefficients: Uint8Array): boolean {
  for (let i = 0; i < coefficients.length; i += 3) {
    const [a, b, c] = [coefficients[i]!, coefficients[i + 1]!, coefficients[i + 2]!];
    if ((a | ((b & 15) << 8)) >= ML_KEM_MODULUS || ((b >> 4) | (c << 4)) >= ML_KEM_MODULUS) {
      return false;
    }
  }
  return true;
}

function isLowOrder(share: Uint8Array): boolean {
  try {
    x25519.getSharedSecret(PROBE, share);
  } catch {
    return true;
  }
  return false;
}

