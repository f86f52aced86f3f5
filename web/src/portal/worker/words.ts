// Twelve words while they are typed, by the lists that this page brought along. Spec §3.1.

import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";

import type { Bytes } from "../../protocol/bytes.ts";
import { ENTROPY_LEN, WORD_COUNT } from "../../protocol/sizes.ts";
import type { WordsState } from "../messages.ts";

const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const HAN = /^[\u4e00-\u9fff]+$/;

/** One language's 2048 words in NFKD. */
export interface WordList {
  readonly words: readonly string[];
  readonly known: ReadonlySet<string>;
  /** Turkish alone has two letters i. */
  readonly dotless: boolean;
}

/** The list of a file: one word a line. */
export function parseList(code: string, text: string): WordList {
  const words = text.trimEnd().split("\n");
  return { words, known: new Set(words), dotless: code === "tr" };
}

/** The twelve words of 16 bytes. */
export function encodeWords(entropy: Bytes, list: WordList): readonly string[] {
  return splitWords(entropyToMnemonic(entropy, [...list.words]).normalize("NFC"));
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
  return { count: words.length, unknown, checksum };
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

function leading(words: readonly string[], list: WordList): number {
  const unknown = words.findIndex((word) => !list.known.has(word));
  return unknown < 0 ? words.length : unknown;
}

/** At spaces; where all is Chinese, every character is a word. */
function splitWords(text: string): string[] {
  const words = text.split(SPACES).filter((word) => word !== "");
  return words.every((word) => HAN.test(word)) ? [...words.join("")] : words;
}

function normalise(text: string, list: WordList): string {
  const plain = list.dotless ? text.replaceAll("İ", "i").replaceAll("I", "ı") : text;
  return plain.toLowerCase().normalize("NFKD");
}

function checkedEntropy(words: readonly string[], list: WordList): Bytes | null {
  try {
    const entropy = mnemonicToEntropy(words.join(" "), [...list.words]);
    return entropy.length === ENTROPY_LEN ? (entropy as Bytes) : null;
  } catch {
    return null;
  }
}
