// Twelve words and the sixteen bytes behind them (BIP-39). Spec §3.1.
//
// Any valid twelve words are somebody's mailbox, perhaps an empty one: nothing here or elsewhere
// says whether words were used.

import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as korean } from "@scure/bip39/wordlists/korean.js";
import { wordlist as chineseSimplified } from "@scure/bip39/wordlists/simplified-chinese.js";
import { wordlist as spanish } from "@scure/bip39/wordlists/spanish.js";
import { wordlist as chineseTraditional } from "@scure/bip39/wordlists/traditional-chinese.js";

import type { Bytes } from "./bytes.ts";
import { MalformedWordsError } from "./errors.ts";
import { ENTROPY_LEN, WORD_COUNT } from "./sizes.ts";
import {
  checkedEntropy,
  leading,
  normalise,
  splitWords,
  type WordList,
  wordsOf,
} from "./word_list.ts";
import { wordlist as russian } from "./wordlists/russian.ts";
import { wordlist as turkish } from "./wordlists/turkish.ts";

const LISTS: ReadonlyMap<string, WordList> = new Map([
  ["en", listOf(english)],
  ["ru", listOf(russian)],
  ["es", listOf(spanish)],
  ["ko", listOf(korean)],
  ["tr", listOf(turkish, true)],
  ["zh-hans", listOf(chineseSimplified)],
  ["zh-hant", listOf(chineseTraditional)],
]);
const ENGLISH = LISTS.get("en")!;

/** The twelve words of 16 bytes, in the list of this language (English where there is none). */
export function encodeWords(entropy: Bytes, language = "en"): readonly string[] {
  if (entropy.length !== ENTROPY_LEN) throw new RangeError("entropy must be 16 bytes");
  return wordsOf(entropy, LISTS.get(language) ?? ENGLISH);
}

/**
 * The 16 bytes behind twelve words of any one list; case, accents' form and spacing are free.
 * Chinese words are one character each and may stand without spaces.
 * The list of `language` is tried first: the two Chinese lists share characters.
 */
export function decodeWords(text: string, language = "en"): Bytes {
  if (splitWords(text).length !== WORD_COUNT) throw new MalformedWordsError(null);
  const first = LISTS.get(language) ?? ENGLISH;
  let best = 0;
  for (const list of [first, ...[...LISTS.values()].filter((each) => each !== first)]) {
    const words = splitWords(normalise(text, list));
    const known = leading(words, list);
    const entropy = known === WORD_COUNT ? checkedEntropy(words, list) : null;
    if (entropy !== null) return entropy;
    best = Math.max(best, known);
  }
  throw new MalformedWordsError(best < WORD_COUNT ? best + 1 : null);
}

function listOf(composed: readonly string[], dotless = false): WordList {
  const words = composed.map((word) => word.normalize("NFKD"));
  return { words, known: new Set(words), dotless };
}
