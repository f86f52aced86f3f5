// Every length on the wire and at rest, in bytes. Spec §2.
// Made by `python -m vectors.generate`; not to be edited.

export const KIB = 1_024;
export const MIB = 1_048_576;
export const GIB = 1_073_741_824;
export const HASH_LEN = 32;
export const KEY_LEN = 32;
export const ID_LEN = 16;
export const TAG_LEN = 16;
export const AEAD_TAG_LEN = 16;
export const ENTROPY_LEN = 16;
export const WORD_COUNT = 12;
export const RECEIPT_DIGITS = 24;
export const GENERATIONS = 256;
export const WEEKS_BACK = 7;
export const WEEKS_AHEAD = 1;
export const ED25519_PUBLIC_LEN = 32;
export const ED25519_SIGNATURE_LEN = 64;
export const ML_DSA_PUBLIC_LEN = 1_952;
export const ML_DSA_SIGNATURE_LEN = 3_309;
export const ROOT_SIGNATURE_LEN = 3_373;
export const SLOTS_PER_HANDLER = 4;
export const HANDLERS_MAX = 64;
export const DEVICES_MAX = 256;
export const DEVICE_LEN = 2;
export const DAY_LEN = 4;
export const LETTER_PLAINTEXT_LEN = 16_384;
export const LENGTH_PREFIX_LEN = 4;
export const TRAILER_LEN = 66;
export const LETTER_PAYLOAD_MAX = 16_314;
export const RECIPIENT_LEN = 1_216;
export const HPKE_ENC_LEN = 1_120;
export const FILE_KEY_LEN = 16;
export const AGE_VERSION_LINE_LEN = 22;
export const STANZA_LEN = 1_557;
export const AGE_MAC_LINE_LEN = 48;
export const AGE_PAYLOAD_NONCE_LEN = 16;
export const LETTER_SLOTS_MAX = 64;
export const LETTER_LEN_MAX = 116_134;
export const CELL_LEN = 1_024;
export const SALT_LEN = 16;
export const CELL_PLAINTEXT_LEN = 976;
export const FRAGMENT_HEADER_LEN = 10;
export const FRAGMENT_LEN = 966;
export const REPLY_CELLS_MAX = 16;
export const REPLY_FRAME_OVERHEAD = 70;
export const REPLY_PAYLOAD_MAX = 15_386;
export const TAGS_PER_WEEK = 256;
export const BOARD_HEADER_LEN = 16;
export const CHUNK_LEN = 1_048_576;
export const COBBLESTONE_HEADER_LEN = 56;
export const COBBLESTONE_BLOCK_LEN = 16_384;
export const SEALED_CHUNK_LEN = 1_049_672;
export const CHUNK_ID_LEN = 32;
export const ATTACHMENT_LEN_MAX = 2_147_483_648;
export const CHUNKS_MAX = 2_048;
export const ATTACHMENTS_MAX = 16;
export const CHARTER_LEN_MAX = 262_144;
export const KEYRING_LEN_MAX = 2_097_152;
export const MANIFEST_LEN_MAX = 262_144;
export const BOARD_CELLS_MAX = 65_536;
export const DAY_KEYS_AHEAD_MAX = 14;
export const DAY_KEY_LIFE_DAYS = 9;
export const RETENTION_DAYS_MIN = 30;
export const RETENTION_DAYS_MAX = 44;
export const CLOSURE_DAYS_MAX = 400;
export const MANIFEST_DAYS_MAX = 30;
export const ANSWER_DAYS_MAX = 70;
export const TICKET_LEN = 32;
export const TICKET_MINUTES = 30;
export const TICKET_CHUNKS = 64;

/** Bytes of a sealed letter with so many stanzas. Spec §4.1. */
export function letterLen(slots: number): number {
  const header = AGE_VERSION_LINE_LEN + slots * STANZA_LEN + AGE_MAC_LINE_LEN;
  return header + AGE_PAYLOAD_NONCE_LEN + LETTER_PLAINTEXT_LEN + AEAD_TAG_LEN;
}

/** Chunks uploaded for an attachment of so many bytes: the next of 1, 2, 3, 4, 6, 8, 12 … 2048. */
export function chunkCount(size: number): number {
  if (size < 0 || size > ATTACHMENT_LEN_MAX) throw new RangeError("attachment size out of range");
  const needed = Math.max(1, Math.ceil(size / CHUNK_LEN));
  let power = 1;
  while (power < needed) {
    if (power >= 2 && power + power / 2 >= needed) return power + power / 2;
    power *= 2;
  }
  return power;
}
