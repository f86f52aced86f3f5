// Cobblestone-256: C2SP chunked encryption with AES-256-GCM and SHA-512, over WebCrypto. Spec §7.3.
//
// Expand is made of HMAC, as WebCrypto's HKDF always extracts first. All blocks of a chunk are in
// flight at once: it is the waiting, not the work, that takes time.

import { bytesOf, concat, encodeNumber, same, type Bytes } from "./bytes.ts";
import { CannotOpenError } from "./errors.ts";
import { AEAD_TAG_LEN, COBBLESTONE_BLOCK_LEN, COBBLESTONE_HEADER_LEN } from "./sizes.ts";

export const SALT_LEN = 24;
const KEY_LEN = 32;
const NONCE_LEN = 12;
const COMMITMENT_LEN = COBBLESTONE_HEADER_LEN - SALT_LEN;
const LABEL = bytesOf("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0");
const SEALED_BLOCK_LEN = COBBLESTONE_BLOCK_LEN + AEAD_TAG_LEN;
/** The specification's vectors are of the second; nothing else is. */
type Hash = "SHA-512" | "SHA-256";

interface Derived {
  readonly cipher: CryptoKey;
  readonly nonce: Bytes;
  readonly commitment: Bytes;
}

/** Seal under a 32-byte key, with a fresh 24-byte salt. */
export async function seal(
  key: Bytes,
  context: Bytes,
  salt: Bytes,
  plaintext: Bytes,
  hash: Hash = "SHA-512",
): Promise<Bytes> {
  const derived = await derive(key, context, salt, hash);
  // One block more than there are whole ones: the last is shorter, perhaps empty.
  const blocks = Array.from(
    { length: Math.floor(plaintext.length / COBBLESTONE_BLOCK_LEN) + 1 },
    (_, number) => {
      const start = number * COBBLESTONE_BLOCK_LEN;
      const block = plaintext.subarray(start, start + COBBLESTONE_BLOCK_LEN);
      return crypto.subtle.encrypt(place(derived, number), derived.cipher, block);
    },
  );
  return concat(salt, derived.commitment, ...(await Promise.all(blocks)).map(view));
}

/** Open what `seal` made for the same key and context; else CannotOpenError. */
export async function open(
  key: Bytes,
  context: Bytes,
  sealed: Bytes,
  hash: Hash = "SHA-512",
): Promise<Bytes> {
  const body = sealed.subarray(COBBLESTONE_HEADER_LEN);
  if (key.length !== KEY_LEN || body.length % SEALED_BLOCK_LEN < AEAD_TAG_LEN) {
    throw new CannotOpenError();
  }
  const derived = await derive(key, context, sealed.slice(0, SALT_LEN), hash);
  if (!same(derived.commitment, sealed.subarray(SALT_LEN, COBBLESTONE_HEADER_LEN))) {
    throw new CannotOpenError();
  }
  const blocks = Array.from(
    { length: Math.ceil(body.length / SEALED_BLOCK_LEN) },
    (_, number) => {
      const start = number * SEALED_BLOCK_LEN;
      const block = body.subarray(start, start + SEALED_BLOCK_LEN);
      return crypto.subtle.decrypt(place(derived, number), derived.cipher, block);
    },
  );
  try {
    return concat(...(await Promise.all(blocks)).map(view));
  } catch {
    throw new CannotOpenError();
  }
}

async function derive(key: Bytes, context: Bytes, salt: Bytes, hash: Hash): Promise<Derived> {
  const length = KEY_LEN + NONCE_LEN + COMMITMENT_LEN;
  const okm = await expand(key, concat(LABEL, salt, context), length, hash);
  const [cipherKey, rest] = [okm.slice(0, KEY_LEN), okm.subarray(KEY_LEN)];
  const usages: KeyUsage[] = ["encrypt", "decrypt"];
  return {
    cipher: await crypto.subtle.importKey("raw", cipherKey, "AES-GCM", false, usages),
    nonce: rest.slice(0, NONCE_LEN),
    commitment: rest.slice(NONCE_LEN),
  };
}

/** HKDF-Expand of RFC 5869. */
async function expand(key: Bytes, info: Bytes, length: number, hash: Hash): Promise<Bytes> {
  const mac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  let okm: Bytes = new Uint8Array(0);
  let last: Bytes = new Uint8Array(0);
  for (let number = 1; okm.length < length; number++) {
    const input = concat(last, info, new Uint8Array([number]));
    last = view(await crypto.subtle.sign("HMAC", mac, input));
    okm = concat(okm, last);
  }
  return okm.slice(0, length);
}

/** The nonce of a block: the base nonce with the block's number added without carry. */
function place(derived: Derived, number: number): AesGcmParams {
  const counter = encodeNumber(number, 6);
  const offset = NONCE_LEN - counter.length;
  const iv = derived.nonce.map((byte, i) => byte ^ (counter[i - offset] ?? 0));
  return { name: "AES-GCM", iv };
}

function view(buffer: ArrayBuffer): Bytes {
  return new Uint8Array(buffer);
}
