// PNG: the chunks that draw the picture stay, all others go, and whatever follows its end.

import { decodeNumber, type Bytes } from "../../protocol/bytes.ts";
import { UnclearFileError } from "./unclear.ts";

const SIGNATURE_LEN = 8;
const FRAME_LEN = 12;
const END = "IEND";
const DRAWING: ReadonlySet<string> = new Set(
  "IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT bKGD acTL fcTL fdAT".split(" "),
);

/** The parts of a clean copy. */
export function cleanPng(file: Bytes): Uint8Array<ArrayBuffer>[] {
  const kept = [file.subarray(0, SIGNATURE_LEN)];
  for (let position = SIGNATURE_LEN; ; ) {
    const length = decodeNumber(file.subarray(position, position + 4));
    const name = String.fromCharCode(...file.subarray(position + 4, position + 8));
    const end = position + FRAME_LEN + length;
    if (end > file.length) throw new UnclearFileError();
    if (DRAWING.has(name)) kept.push(file.subarray(position, end));
    if (name === END) return kept;
    position = end;
  }
}
