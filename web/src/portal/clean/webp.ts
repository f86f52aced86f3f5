// WebP: the chunks that draw the picture stay, all others go, and whatever follows its end; in the
// frames of a moving picture likewise.

import { concat, type Bytes } from "../../protocol/bytes.ts";
import { UnclearFileError } from "./unclear.ts";

const HEAD_LEN = 12;
const FRAME_LEN = 8;
const EXTENDED = "VP8X";
const EXTENDED_LEN = 10;
const ANIMATION = "ANIM";
const ANIMATION_LEN = 6;
const MOVING = "ANMF";
/** Where a frame stands and for how long; its own chunks follow. */
const PLACE_LEN = 16;
/** Of the extended header: animation and transparency; profile, Exif and XMP are gone. */
const FLAGS_KEPT = 0x12;
const PICTURE: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "ALPH"]);

/** The parts of a clean copy. */
export function cleanWebp(file: Bytes): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const stop = FRAME_LEN + view.getUint32(4, true);
  if (stop > file.length) throw new UnclearFileError();
  const kept = cleanChunks(file.subarray(HEAD_LEN, stop), cleanChunk);
  return [concat(ascii("RIFF"), size(lengthOf(kept) + 4), ascii("WEBP")), ...kept];
}

type CleanChunk = (name: string, content: Bytes) => Bytes | null;

/** The chunks one after another, each as what stays of it. */
function cleanChunks(chunks: Bytes, clean: CleanChunk): Bytes[] {
  const view = new DataView(chunks.buffer, chunks.byteOffset, chunks.length);
  const kept: Bytes[] = [];
  let position = 0;
  while (position + FRAME_LEN <= chunks.length) {
    const name = String.fromCharCode(...chunks.subarray(position, position + 4));
    const start = position + FRAME_LEN;
    const end = start + view.getUint32(position + 4, true);
    if (end > chunks.length) throw new UnclearFileError();
    const content = clean(name, chunks.subarray(start, end));
    if (content !== null) kept.push(chunkOf(name, content));
    position = end + (end - start) % 2;
  }
  return kept;
}

/** What stays of a chunk's content; null for one that goes. */
function cleanChunk(name: string, content: Bytes): Bytes | null {
  if (name === EXTENDED) return cleanExtended(content);
  if (name === MOVING) return cleanFrame(content);
  if (name === ANIMATION) return exactly(ANIMATION_LEN, content);
  return keepPicture(name, content);
}

function keepPicture(name: string, content: Bytes): Bytes | null {
  return PICTURE.has(name) ? content : null;
}

function cleanExtended(content: Bytes): Bytes {
  const clean = exactly(EXTENDED_LEN, content).slice();
  clean.set([clean[0]! & FLAGS_KEPT, 0, 0, 0]);
  return clean;
}

function cleanFrame(content: Bytes): Bytes {
  if (content.length < PLACE_LEN) throw new UnclearFileError();
  const kept = cleanChunks(content.subarray(PLACE_LEN), keepPicture);
  return concat(content.subarray(0, PLACE_LEN), ...kept);
}

function exactly(length: number, content: Bytes): Bytes {
  if (content.length !== length) throw new UnclearFileError();
  return content;
}

function chunkOf(name: string, content: Bytes): Bytes {
  return concat(ascii(name), size(content.length), content, new Uint8Array(content.length % 2));
}

function lengthOf(parts: readonly Bytes[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function size(length: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, length, true);
  return bytes;
}

function ascii(text: string): Bytes {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
