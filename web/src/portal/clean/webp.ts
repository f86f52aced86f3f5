// WebP: the chunks that draw the picture stay, all others go, and whatever follows its end.

import { concat, type Bytes } from "../../protocol/bytes.ts";
import { UnclearFileError } from "./unclear.ts";

const HEAD_LEN = 12;
const FRAME_LEN = 8;
const EXTENDED = "VP8X";
/** Of the extended header: animation and transparency; profile, Exif and XMP are gone. */
const FLAGS_KEPT = 0x12;
const DRAWING: ReadonlySet<string> = new Set(["VP8 ", "VP8L", EXTENDED, "ANIM", "ANMF", "ALPH"]);

/** The parts of a clean copy. */
export function cleanWebp(file: Bytes): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const stop = FRAME_LEN + view.getUint32(4, true);
  if (stop > file.length) throw new UnclearFileError();
  const kept: Uint8Array<ArrayBuffer>[] = [];
  let position = HEAD_LEN;
  while (position + FRAME_LEN <= stop) {
    const name = String.fromCharCode(...file.subarray(position, position + 4));
    const length = view.getUint32(position + 4, true);
    const end = position + FRAME_LEN + length + (length % 2);
    if (end > stop + 1) throw new UnclearFileError();
    if (DRAWING.has(name)) kept.push(withoutFlags(name, file.slice(position, end)));
    position = end;
  }
  return [headOf(kept), ...kept];
}

function withoutFlags(name: string, chunk: Bytes): Bytes {
  if (name === EXTENDED) chunk[FRAME_LEN] = chunk[FRAME_LEN]! & FLAGS_KEPT;
  return chunk;
}

function headOf(kept: readonly Uint8Array[]): Bytes {
  const length = kept.reduce((sum, part) => sum + part.length, 4);
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, length, true);
  const [riff, webp] = ["RIFF", "WEBP"].map((name) =>
    Uint8Array.from(name, (letter) => letter.charCodeAt(0)),
  );
  return concat(riff!, size, webp!);
}
