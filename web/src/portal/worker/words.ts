// Twelve words while they are typed, by the lists that this page brought along. Spec §3.1.

import type { Bytes } from "../../protocol/bytes.ts";
import { WORD_COUNT } from "../../protocol/sizes.ts";
import {
  checkedEntropy,
  leading,
  normalise,
  SPACES,
  splitWords,
  type WordList,
  wordsOf,
} from "../../protocol/word_list.ts";
import type { WordsState } from "../messages.ts";

export type { WordList };
export { wordsOf as encodeWords };

/** Two digits already, before anybody has typed many. Spec §3.5. */
const RECEIPT = /^[0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]{2}/;

/** The list of a file: one word a line. */
export function parseList(code: string, text: string): WordList {
  const words = text.trimEnd().split("\n");
  return { words, known: new Set(words), dotless: code === "tr" };
}

/** What can be said of a text so far: by the list that knows most of it. */
export function inspectWords(text: string, lists: readonly WordList[]): WordsState {
  const words = splitWords(text);
  // The last word may not be finished yet.
  const finished = SPACES.test(text.slice(-1)) || words.length >= WORD_COUNT;
  const settled = finished ? words : words.slice(0, -1);
  const leads = lists.map((list) => leading(settled.map((word) => normalise(word, list)), list));
  const best = Math.max(...leads);
  const unknown =
    best < settled.length ? { position: best + 1, word: settled[best]!.slice(0, 40) } : null;
  const checksum =
    unknown !== null || words.length !== WORD_COUNT || decodeWords(text, lists) !== null;
  return { count: words.length, unknown, checksum, digits: RECEIPT.test(text.trimStart()) };
}

/** The 16 bytes behind twelve words of one list, or null. */
export function decodeWords(text: string, lists: readonly WordList[]): Bytes | null {
  for (const list of lists) {
    const words = splitWords(normalise(text, list));
    if (words.length === WORD_COUNT && leading(words, list) === WORD_COUNT) {
      const entropy = checkedEntropy(words, list);
      if (entropy !== null) return entropy;
    }
  }
  return null;
}

/** Whether these two are the same word to a person who typed one of them. */
export function sameWord(typed: string, word: string, list: WordList): boolean {
  return normalise(typed.trim(), list) === normalise(word, list);
}
