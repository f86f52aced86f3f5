// Twelve words and the sixteen bytes behind them (BIP-39). Spec §3.1.
//
// Any valid twelve words are somebody's mailbox, perhaps an empty one: nothing here or elsewhere
// says whether words were used.

import { entropyToMnemonic, mnemonicToEntropy } from "@scure/bip39";
import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as korean } from "@scure/bip39/wordlists/korean.js";
import { wordlist as chineseSimplified } from "@scure/bip39/wordlists/simplified-chinese.js";
import { wordlist as spanish } from "@scure/bip39/wordlists/spanish.js";
import { wordlist as chineseTraditional } from "@scure/bip39/wordlists/traditional-chinese.js";

import type { Bytes } from "./bytes.ts";
import { MalformedWordsError } from "./errors.ts";
import { ENTROPY_LEN, WORD_COUNT } from "./sizes.ts";
import { wordlist as russian } from "./wordlists/russian.ts";
import { wordlist as turkish } from "./wordlists/turkish.ts";

interface WordList {
  /** In NFKD throughout, and as such looked up. */
  readonly words: readonly string[];
  readonly known: ReadonlySet<string>;
  /** The only list whose language has two letters i. */
  readonly dotless: boolean;
}

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
// The spaces of Unicode by their names, since languages differ about the mark U+FEFF.
const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;
const HAN = /^[\u4e00-\u9fff]+$/;

/** The twelve words of 16 bytes, in the list of this language (English where there is none). */
export function encodeWords(entropy: Bytes, language = "en"): readonly string[] {
  if (entropy.length !== ENTROPY_LEN) throw new RangeError("entropy must be 16 bytes");
  const { words } = LISTS.get(language) ?? ENGLISH;
  return split(entropyToMnemonic(entropy, [...words]).normalize("NFC"));
}

/**
 * The 16 bytes behind twelve words of any one list; case, accents' form and spacing are free.
 * Chinese words are one character each and may stand without spaces.
 * The list of `language` is tried first: the two Chinese lists share characters.
 */
export function decodeWords(text: string, language = "en"): Bytes {
  if (split(text).length !== WORD_COUNT) throw new MalformedWordsError(null);
  const first = LISTS.get(language) ?? ENGLISH;
  let best = 0;
  for (const list of [first, ...[...LISTS.values()].filter((each) => each !== first)]) {
    const words = split(normalise(text, list));
    const unknown = words.findIndex((word) => !list.known.has(word));
    const leading = unknown < 0 ? WORD_COUNT : unknown;
    const entropy = leading === WORD_COUNT ? checkedEntropy(words, list) : null;
    if (entropy !== null) return entropy;
    best = Math.max(best, leading);
  }
  throw new MalformedWordsError(best < WORD_COUNT ? best + 1 : null);
}

function listOf(composed: readonly string[], dotless = false): WordList {
  const words = composed.map((word) => word.normalize("NFKD"));
  return { words, known: new Set(words), dotless };
}

/** At spaces; where all is Chinese, every character is a word. */
function split(text: string): string[] {
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
