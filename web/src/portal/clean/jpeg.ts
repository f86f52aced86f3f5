// JPEG: what draws the picture stays; Exif, XMP, comments, profiles, thumbnails and whatever
// follows the picture's end go. The way up, which stands in Exif, is written anew. A segment of
// a kind not named here leaves the file unclear: nobody can tell what it says.

import { bytesOf, concat, type Bytes } from "../../protocol/bytes.ts";
import { UnclearFileError } from "./unclear.ts";

type Part = Uint8Array<ArrayBuffer>;

const FILL = 0xff;
const END = 0xd9;
const SCAN = 0xda;
const JFIF = 0xe0;
const EXIF = 0xe1;
const ADOBE = 0xee;
const APP_LAST = 0xef;
const COMMENT = 0xfe;
/** Frames, tables, intervals and scans: all a decoder reads. */
const DRAWING: ReadonlySet<number> = new Set([
  ...[0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf],
  ...[0xc4, 0xcc, 0xdb, 0xdd, SCAN],
]);
const EXIF_HEAD = "Exif\0\0";
const JFIF_HEAD = "JFIF\0";
const JFIF_LEN = 14;
const ADOBE_HEAD = "Adobe";
const ADOBE_LEN = 12;
const ORIENTATION = 0x0112;

/** The parts of a clean copy. */
export function cleanJpeg(file: Bytes): Part[] {
  const kept: Part[] = [];
  let way = 1;
  let position = 2;
  for (;;) {
    const { marker, start, end } = segmentAt(file, position);
    if (marker === END) break;
    const content = file.subarray(start + 4, end);
    if (marker === EXIF) way = orientationOf(content) ?? way;
    kept.push(...keptOf(marker, content, file.subarray(start, end)));
    position = end;
    if (marker === SCAN) {
      position = endOfScan(file, end);
      kept.push(file.subarray(end, position));
    }
  }
  const first = new Uint8Array([0xff, 0xd8]);
  const last = new Uint8Array([0xff, END]);
  return [first, ...(way === 1 ? [] : [exifWith(way)]), ...kept, last];
}

/** The segment that begins here, behind any number of fill bytes. */
function segmentAt(file: Bytes, from: number): { marker: number; start: number; end: number } {
  let start = from;
  while (file[start] === FILL && file[start + 1] === FILL) start++;
  const marker = file[start + 1];
  if (file[start] !== 0xff || marker === undefined) throw new UnclearFileError();
  if (marker === END) return { marker, start, end: start + 2 };
  const length = (file[start + 2]! << 8) | file[start + 3]!;
  const end = start + 2 + length;
  if (!(length >= 2) || end > file.length) throw new UnclearFileError();
  return { marker, start, end };
}

/** What stays of a segment: all that draws, of two others their fixed part, else nothing. */
function keptOf(marker: number, content: Bytes, segment: Bytes): Part[] {
  if (DRAWING.has(marker)) return [segment];
  if (marker === JFIF && textOf(content, 5) === JFIF_HEAD) return [jfif(content)];
  if (marker === ADOBE && textOf(content, 5) === ADOBE_HEAD) return [adobe(content)];
  if ((marker >= JFIF && marker <= APP_LAST) || marker === COMMENT) return [];
  throw new UnclearFileError();
}

/** How the colours are stored: without it they come out wrong. */
function adobe(content: Bytes): Part {
  if (content.length < ADOBE_LEN) throw new UnclearFileError();
  return concat(new Uint8Array([0xff, ADOBE, 0, ADOBE_LEN + 2]), content.slice(0, ADOBE_LEN));
}

/** The segment's fixed part, without the small picture that may follow it. */
function jfif(content: Bytes): Part {
  if (content.length < JFIF_LEN) throw new UnclearFileError();
  const fixed = content.slice(0, JFIF_LEN - 2);
  return concat(new Uint8Array([0xff, JFIF, 0, JFIF_LEN + 2]), fixed, new Uint8Array(2));
}

/** Where the next segment begins behind the picture's data. */
function endOfScan(file: Bytes, start: number): number {
  for (let at = file.indexOf(0xff, start); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1]!;
    // A stuffed zero, a restart mark or a filler belongs to the data.
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  throw new UnclearFileError();
}

/** Which way up, 1 to 8, by the first directory of Exif. */
function orientationOf(content: Bytes): number | null {
  if (textOf(content, 6) !== EXIF_HEAD || content.length < 14) return null;
  const tiff = new DataView(content.buffer, content.byteOffset + 6, content.length - 6);
  const little = tiff.getUint16(0) === 0x4949;
  try {
    const directory = tiff.getUint32(4, little);
    const count = tiff.getUint16(directory, little);
    for (let i = 0; i < count; i++) {
      const entry = directory + 2 + 12 * i;
      if (tiff.getUint16(entry, little) !== ORIENTATION) continue;
      const way = tiff.getUint16(entry + 8, little);
      return way >= 1 && way <= 8 ? way : null;
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return null;
}

/** Exif that says which way up and nothing else. */
function exifWith(way: number): Part {
  const tiff = [
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, way, 0, 0],
    ...[0, 0, 0, 0],
  ];
  const content = concat(bytesOf(EXIF_HEAD), new Uint8Array(tiff));
  return concat(new Uint8Array([0xff, EXIF, 0, content.length + 2]), content);
}

function textOf(content: Bytes, length: number): string {
  return String.fromCharCode(...content.subarray(0, length));
}
