// One list of words and what is done with it, wherever the list came from. Spec §3.1.

import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";

import type { Bytes } from "./bytes.ts";
import { ENTROPY_LEN } from "./sizes.ts";

// The spaces of Unicode by their names, since languages differ about the mark U+FEFF.
export const SPACES =
  /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const HAN = /^[\u4e00-\u9fff]+$/;

export interface WordList {
  /** 2048 words in NFKD, and as such looked up. */
  readonly words: readonly string[];
  readonly known: ReadonlySet<string>;
  /** The only list whose language, Turkish, has two letters i. */
  readonly dotless: boolean;
}

/** The twelve words of 16 bytes in this list. */
export function wordsOf(entropy: Bytes, list: WordList): readonly string[] {
  return splitWords(entropyToMnemonic(entropy, [...list.words]).normalize("NFC"));
}

/** How many words at the beginning this list knows. */
export function leading(words: readonly string[], list: WordList): number {
  const unknown = words.findIndex((word) => !list.known.has(word));
  return unknown < 0 ? words.length : unknown;
}

/** At spaces; where all is Chinese, every character is a word. */
export function splitWords(text: string): string[] {
  const words = text.split(SPACES).filter((word) => word !== "");
  return words.every((word) => HAN.test(word)) ? [...words.join("")] : words;
}

/** A word as the lists have it. */
export function normalise(text: string, list: WordList): string {
  const plain = list.dotless ? text.replaceAll("İ", "i").replaceAll("I", "ı") : text;
  return plain.toLowerCase().normalize("NFKD");
}

/** The 16 bytes behind twelve words of this list, or null. */
export function checkedEntropy(words: readonly string[], list: WordList): Bytes | null {
  try {
    const entropy = mnemonicToEntropy(words.join(" "), [...list.words]);
    return entropy.length === ENTROPY_LEN ? (entropy as Bytes) : null;
  } catch {
    return null;
  }
}
