// A file on its way: its key, what has been hashed of it, which chunks have arrived. Spec §7.
//
// Fixes all that a second attempt must repeat. A file is read once, in order, and hashed while it
// goes: it is never in memory whole, and the letter with its hash goes last.

import { sha256 as hasher } from "@noble/hashes/sha2.js";

import { deriveChunkId, sealChunk, type AttachmentSeal } from "../../protocol/attachment.ts";
import { toHex, type Bytes } from "../../protocol/bytes.ts";
import { SALT_LEN } from "../../protocol/cobblestone.ts";
import type { Attachment } from "../../protocol/payload.ts";
import { CHUNK_LEN, HASH_LEN, ID_LEN, KEY_LEN, chunkCount } from "../../protocol/sizes.ts";
import { random } from "./random.ts";
import { Trouble } from "./trouble.ts";

const NAME_LEN_MAX = 255;
/** Up to here WebCrypto hashes the file at once, which is far quicker where there is no JIT. */
const AT_ONCE_MAX = 64 * CHUNK_LEN;

/** One file. */
export class Enclosure {
  readonly name: string;
  readonly size: number;
  readonly chunks: number;
  readonly arrived = new Set<number>();
  private readonly data: Blob;
  private readonly id = random(ID_LEN);
  private readonly key = random(KEY_LEN);
  private readonly hash = hasher.create();
  private hashed = 0;
  private digest: Bytes | null = null;

  constructor(name: string, data: Blob) {
    this.name = Array.from(name.toWellFormed()).slice(0, NAME_LEN_MAX).join("") || "file";
    this.data = data;
    this.size = data.size;
    this.chunks = chunkCount(data.size);
  }

  /** Hash the file if that can be done at once. */
  async prepare(): Promise<void> {
    if (this.size > AT_ONCE_MAX || this.digest !== null) return;
    const whole = await readBlob(this.data);
    this.digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  }

  /** The bytes of chunk `index`, hashed on the way; chunks must first be read in order. */
  async read(index: number): Promise<Bytes> {
    const bytes = await readBlob(this.data.slice(index * CHUNK_LEN, (index + 1) * CHUNK_LEN));
    if (index === this.hashed && this.digest === null) {
      this.hash.update(bytes);
      this.hashed += 1;
      if (this.hashed === this.chunks) this.digest = this.hash.digest() as Bytes;
    }
    return bytes;
  }

  /** Seal chunk `index` and name it. */
  async seal(index: number, data: Bytes, orgId: Bytes): Promise<{ id: Bytes; sealed: Bytes }> {
    const { key, chunks } = this;
    const place: AttachmentSeal = { key, orgId, attachmentId: this.id, chunks };
    const sealed = await sealChunk(place, index, data, random(SALT_LEN));
    return { id: deriveChunkId(place, index), sealed };
  }

  /** As the letter names it; its hash is zeros until the file has been read. */
  describe(): Attachment {
    return {
      id: toHex(this.id),
      name: this.name,
      size: this.size,
      sha256: toHex(this.digest ?? new Uint8Array(HASH_LEN)),
      key: toHex(this.key),
      chunks: this.chunks,
    };
  }
}

/** The bytes of a part of a file; the file may be gone or changed by now. */
export async function readBlob(blob: Blob): Promise<Bytes> {
  try {
    return new Uint8Array(await blob.arrayBuffer());
  } catch {
    throw new Trouble("file");
  }
}
