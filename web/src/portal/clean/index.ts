// Taking hidden details out of a picture: its parts are copied or left out, never drawn anew.
//
// No canvas: Tor Browser answers canvases with noise, and drawing anew costs quality. What the
// picture shows stays, and so does the file's name: the page says so.

import type { Bytes } from "../../protocol/bytes.ts";
import type { Cleaning } from "../messages.ts";
import { cleanJpeg } from "./jpeg.ts";
import { cleanPng } from "./png.ts";
import { UnclearFileError } from "./unclear.ts";
import { cleanWebp } from "./webp.ts";


type Clean = (file: Bytes) => Uint8Array<ArrayBuffer>[];
const SIZE_MAX = 128 * 2 ** 20;
const HEAD_LEN = 12;

/** The picture without its hidden details; other files as they are. */
export async function cleanFile(file: Blob): Promise<{ data: Blob; cleaning: Cleaning }> {
  const head = new Uint8Array(await file.slice(0, HEAD_LEN).arrayBuffer());
  const clean = cleanerFor(head);
  if (clean === null) return { data: file, cleaning: "kept" };
  if (file.size > SIZE_MAX) return { data: file, cleaning: "unclear" };
  try {
    const data = new Blob(clean(new Uint8Array(await file.arrayBuffer())));
    return { data, cleaning: data.size === file.size ? "clean" : "cleaned" };
  } catch (error) {
    if (!(error instanceof UnclearFileError)) throw error;
    return { data: file, cleaning: "unclear" };
  }
}

/** By what the file is, not by what it is called. */
function cleanerFor(head: Uint8Array): Clean | null {
  const text = String.fromCharCode(...head);
  if (text.startsWith("\xff\xd8\xff")) return cleanJpeg;
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return cleanPng;
  if (text.startsWith("RIFF") && text.endsWith("WEBP")) return cleanWebp;
  return null;
}
