// How days, times, sizes and languages are said.

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });
const DAY_AND_YEAR = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const TIME = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const LANGUAGES = new Intl.DisplayNames("en", { type: "language", fallback: "code" });
const FORM: Readonly<Record<string, string>> = {
  danger: "Danger now",
  how: "How they know",
  others: "Who else knows",
  what: "What it is about",
  when: "Time limits",
};

/** `23 November`, with the year when it is another one. */
export function day(iso: string): string {
  const date = new Date(`${iso}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return iso;
  const now = new Date();
  return (date.getUTCFullYear() === now.getUTCFullYear() ? DAY : DAY_AND_YEAR).format(date);
}

/** The clock on the wall, from seconds since 1970. */
export function time(seconds: number): string {
  return TIME.format(new Date(seconds * 1000));
}

/** `Russian` for `ru`. */
export function language(code: string): string {
  try {
    return LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
}

/** `1 letter`, `2 letters`. */
export function counted(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-GB")}\u00a0${number === 1 ? one : many}`;
}

/** Bytes as people say them. */
export function size(bytes: number): string {
  if (bytes < 1000) return counted(bytes, "byte");
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A question of the portal's form. */
export function question(name: string): string {
  return FORM[name] ?? name;
}
