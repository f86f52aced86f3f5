// The word lists as files of their own, so that a page brings along only those it needs. Spec §3.1.

import { wordlist as english } from "@scure/bip39/wordlists/english.js";
import { wordlist as korean } from "@scure/bip39/wordlists/korean.js";
import { wordlist as chineseSimplified } from "@scure/bip39/wordlists/simplified-chinese.js";
import { wordlist as spanish } from "@scure/bip39/wordlists/spanish.js";
import { wordlist as chineseTraditional } from "@scure/bip39/wordlists/traditional-chinese.js";

import { wordlist as russian } from "../protocol/wordlists/russian.ts";
import { wordlist as turkish } from "../protocol/wordlists/turkish.ts";

const composed: Readonly<Record<string, readonly string[]>> = {
  en: english,
  es: spanish,
  ko: korean,
  ru: russian,
  tr: turkish,
  "zh-hans": chineseSimplified,
  "zh-hant": chineseTraditional,
};

/** Language → its 2048 words in NFKD, as they are looked up. */
export const lists: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(composed).map(([code, words]) => [
    code,
    words.map((word) => word.normalize("NFKD")),
  ]),
);
