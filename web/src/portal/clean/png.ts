// PNG: the chunks that draw the picture stay, all others go, and whatever follows its end. A
// chunk that is longer than its kind goes too, or leaves the file unclear if no decoder may skip it.

import { decodeNumber, type Bytes } from "../../protocol/bytes.ts";
import { UnclearFileError } from "./unclear.ts";

const SIGNATURE_LEN = 8;
const FRAME_LEN = 12;
const END = "IEND";
/** The chunks that stay, and how long each may be. */
const DRAWING: ReadonlyMap<string, number> = new Map([
  ...([["IHDR", 13], ["PLTE", 768], ["IDAT", Infinity], [END, 0]] as const),
  ...([["tRNS", 256], ["gAMA", 4], ["cHRM", 32], ["sRGB", 1], ["sBIT", 4], ["bKGD", 6]] as const),
  ...([["acTL", 8], ["fcTL", 26], ["fdAT", Infinity]] as const),
]);

/** The parts of a clean copy. */
export function cleanPng(file: Bytes): Uint8Array<ArrayBuffer>[] {
  const kept = [file.subarray(0, SIGNATURE_LEN)];
  for (let position = SIGNATURE_LEN; ; ) {
    const length = decodeNumber(file.subarray(position, position + 4));
    const name = String.fromCharCode(...file.subarray(position + 4, position + 8));
    const end = position + FRAME_LEN + length;
    if (end > file.length) throw new UnclearFileError();
    if (length <= (DRAWING.get(name) ?? -1)) kept.push(file.subarray(position, end));
    else if (isCritical(name)) throw new UnclearFileError();
    if (name === END) return kept;
    position = end;
  }
}

/** By the case of the first letter of its name. */
function isCritical(name: string): boolean {
  return !/^[a-z]/.test(name);
}
