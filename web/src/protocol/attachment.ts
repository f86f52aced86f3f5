// Attachments: chunks of 1 MiB, each sealed by itself. Spec §7.
//
// A chunk is named by a value that only holders of the attachment's key can compute; the context
// of its sealing ties it to its place, so chunks cannot be moved about.

import { bytesOf, concat, encodeNumber, type Bytes } from "./bytes.ts";
import { open, seal } from "./cobblestone.ts";
import { MalformedChunkError } from "./errors.ts";
import { hkdfSha256 } from "./primitives.ts";
import { CHUNK_ID_LEN, CHUNK_LEN, SEALED_CHUNK_LEN } from "./sizes.ts";

const CHUNK = bytesOf("courier/chunk\0");
const CHUNK_ID = bytesOf("courier/chunk-id");

/** What every chunk of one attachment has in common; `chunks` counts padding too. */
export interface AttachmentSeal {
  readonly key: Bytes;
  readonly orgId: Bytes;
  readonly attachmentId: Bytes;
  readonly chunks: number;
}

/** The 32-byte name of chunk `index`. Spec §7.2. */
export function deriveChunkId(attachment: AttachmentSeal, index: number): Bytes {
  const info = concat(CHUNK_ID, encodeNumber(index, 4));
  return hkdfSha256(attachment.key, attachment.orgId, info, CHUNK_ID_LEN);
}

/** Seal up to 1 MiB, filled with zeros, under a fresh 24-byte salt. Spec §7.3. */
export function sealChunk(
  attachment: AttachmentSeal,
  index: number,
  data: Bytes,
  salt: Bytes,
): Promise<Bytes> {
  if (data.length > CHUNK_LEN || index < 0 || index >= attachment.chunks) {
    throw new RangeError("a chunk is at most one MiB and has its place in the count");
  }
  const padded = new Uint8Array(CHUNK_LEN);
  padded.set(data);
  return seal(attachment.key, contextOf(attachment, index), salt, padded);
}

/** Open one chunk: exactly 1 MiB, padding included. Spec §7.3. */
export async function openChunk(
  attachment: AttachmentSeal,
  index: number,
  sealed: Bytes,
): Promise<Bytes> {
  if (sealed.length !== SEALED_CHUNK_LEN) throw new MalformedChunkError();
  return open(attachment.key, contextOf(attachment, index), sealed);
}

function contextOf(attachment: AttachmentSeal, index: number): Bytes {
  const place = concat(encodeNumber(index, 4), encodeNumber(attachment.chunks, 4));
  return concat(CHUNK, attachment.orgId, attachment.attachmentId, place);
}
