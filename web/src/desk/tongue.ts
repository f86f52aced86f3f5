// The page's language: sentences, numbers, days. English sentences are the keys of the catalogues.
//
// Every sentence is a literal, said by `t`, by `mark` (for a table of sentences that are said
// later, by `said`) or by `counted` in two numbers (`{n}` is the number): `make i18n` finds them
// there. A placeholder is a name in braces.

import type { ComponentChildren } from "preact";

/** Code → the language's name in itself. */
export const LANGUAGES = { en: "English", ru: "Русский" } as const;
export type Code = keyof typeof LANGUAGES;
type Values = Readonly<Record<string, string | number>>;
type Catalogue = Readonly<Record<string, readonly string[]>>;

/** As gettext orders the forms of a number: those that whole numbers have, in this order. */
const CATEGORIES = ["zero", "one", "two", "few", "many", "other"] as const;
const TAGS: Readonly<Record<Code, string>> = { en: "en-GB", ru: "ru" };

let code: Code = "en";
let catalogue: Catalogue = {};
let tools = makeTools(TAGS.en);

const CLOCK = { hour: "2-digit", minute: "2-digit" } as const;

function makeTools(tag: string) {
  const day = { day: "numeric", month: "long", timeZone: "UTC" } as const;
  const rules = new Intl.PluralRules(tag);
  const used = new Set(Array.from({ length: 200 }, (_, number) => rules.select(number)));
  return {
    rules,
    forms: CATEGORIES.filter((category) => used.has(category)),
    day: new Intl.DateTimeFormat(tag, day),
    dayAndYear: new Intl.DateTimeFormat(tag, { ...day, year: "numeric" }),
    time: new Intl.DateTimeFormat(tag, CLOCK),
    weekdayAndTime: new Intl.DateTimeFormat(tag, { weekday: "long", ...CLOCK }),
    dayAndTime: new Intl.DateTimeFormat(tag, { day: "numeric", month: "long", ...CLOCK }),
    month: new Intl.DateTimeFormat(tag, { month: "long", year: "numeric", timeZone: "UTC" }),
    number: new Intl.NumberFormat(tag),
    languages: new Intl.DisplayNames(tag, { type: "language", fallback: "code" }),
    list: new Intl.ListFormat(tag, { type: "conjunction" }),
    tag,
  };
}

export function isLanguage(given: string): given is Code {
  return given in LANGUAGES;
}

/** What the browser asks for, as long as nobody has chosen. */
export function preferred(): Code {
  const wanted = navigator.languages.map((tag) => tag.slice(0, 2));
  return wanted.find(isLanguage) ?? "en";
}

export function spoken(): Code {
  return code;
}

/** Speak this language from now on; English, should its catalogue not come. */
export async function speak(wanted: Code): Promise<void> {
  let found: Catalogue = {};
  if (wanted !== "en") {
    const answer = await fetch(`/${wanted}.json`);
    if (answer.ok) found = (await answer.json()) as Catalogue;
  }
  code = wanted;
  catalogue = found;
  tools = makeTools(TAGS[wanted]);
  document.documentElement.lang = wanted;
}

/** A sentence in the page's language, its placeholders filled. */
export function t(sentence: string, values: Values = {}): string {
  return fill(catalogue[sentence]?.[0] ?? sentence, values);
}

/** Marks a sentence that is said later. */
export function mark(sentence: string): string {
  return sentence;
}

/** A sentence that stands in a table, or that the program behind the page says. */
export const said = t;

/** A sentence with a number in it, `{n}`, in the form that the number takes. */
export function counted(one: string, many: string, n: number, values: Values = {}): string {
  const forms = catalogue[one] ?? [one, many];
  const form = forms[tools.forms.indexOf(tools.rules.select(n))] ?? forms.at(-1) ?? many;
  return fill(form, { ...values, n: tools.number.format(n).replace(/\s/g, "\u00a0") });
}

function fill(sentence: string, values: Values): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** A sentence of `t` with parts of the page in its places. */
export function rich(
  sentence: string,
  parts: Readonly<Record<string, ComponentChildren>>,
): ComponentChildren {
  return sentence.split(/\{(\w+)\}/).map((piece, i) => (i % 2 === 1 ? (parts[piece] ?? "") : piece));
}

/** `23 November`, with the year when it is another one. */
export function day(iso: string): string {
  const date = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  const now = new Date();
  const same = date.getUTCFullYear() === now.getUTCFullYear();
  // Russian ends a year in "г.", and sentences end in a full stop of their own.
  return (same ? tools.day : tools.dayAndYear).format(date).replace(/\s*г\.$/, "");
}

/** `November 2026` for `2026-11`. */
export function month(iso: string): string {
  return tools.month.format(new Date(`${iso}-01T00:00:00Z`));
}

/** A number as people write it. */
export function number(value: number): string {
  return tools.number.format(value);
}

/** The clock on the wall, from seconds since 1970. */
export function time(seconds: number): string {
  return tools.time.format(new Date(seconds * 1000));
}

/** `14:05`, with the day of the week when it is another one, and the date when it is far ahead. */
export function moment(seconds: number): string {
  const then = new Date(seconds * 1000);
  const hours = (then.getTime() - Date.now()) / 3_600_000;
  if (then.toDateString() === new Date().toDateString()) return tools.time.format(then);
  return (hours < 6 * 24 ? tools.weekdayAndTime : tools.dayAndTime).format(then);
}

/** `Russian` for `ru`. */
export function language(of: string): string {
  try {
    return tools.languages.of(of) ?? of;
  } catch {
    return of;
  }
}

/** `Anna, Boris and Vera`. */
export function listed(names: readonly string[]): string {
  return tools.list.format(names);
}

/** Bytes as people say them. */
export function size(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(tools.tag, {
    style: "unit",
    unit: units[unit],
    unitDisplay: unit === 0 ? "long" : "short",
    maximumFractionDigits: unit > 0 && value < 10 ? 1 : 0,
  }).format(value);
}
