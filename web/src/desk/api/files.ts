// Files as pixels, words in everything, and a case that leaves the desk.

import { ask } from "./ask.ts";
import type { Saved } from "./thread.ts";

/** A page of a file: pixels as a PNG in base64, plain text, or why there is nothing to see. */
export type Drawn =
  | {
      readonly kind: "picture";
      readonly width: number;
      readonly height: number;
      readonly pages: number;
      readonly png: string;
    }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "none"; readonly reason: string; readonly sentence: string };

export interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

export interface Hit {
  readonly thread: string;
  readonly alias: string;
  readonly entry: string;
  /** about: what handlers set on the thread; thread: its two words. Neither has entry or date. */
  readonly kind: "letter" | "reply" | "note" | "about" | "thread";
  readonly date: string;
  readonly by: string | null;
  readonly file: string | null;
  readonly snippet: readonly Piece[];
}

export interface Results {
  readonly hits: readonly Hit[];
  readonly more: boolean;
  /** Letters of an older vault that are not searched yet. */
  readonly left_to_index: number;
}

export interface ExportedCase {
  readonly path: string;
  readonly files: number;
  /** Bytes on the disk. */
  readonly size: number;
  readonly missing: readonly string[];
}

export const picture = (
  thread: string,
  entry: string,
  position: number,
  page: number,
): Promise<Drawn> => ask("picture", { thread, entry, position, page });
export const exportCleaned = (thread: string, entry: string, position: number): Promise<Saved> =>
  ask("export-cleaned", { thread, entry, position });
/** How much of what is being exported is written; a total of 0: that is not known. */
export const progress = (): Promise<{ readonly done: number; readonly total: number }> =>
  ask("progress");
export const search = (words: string): Promise<Results> => ask("search", { words });
export const exportCase = (
  threads: readonly string[],
  notes: boolean,
  files: boolean,
  language: string,
): Promise<ExportedCase> => ask("export-case", { threads, notes, files, language });
