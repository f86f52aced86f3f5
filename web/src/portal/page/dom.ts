// The few things the page does with its elements. Text is only ever set as text.

/** The element of this id, which the template has. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error("the template lacks an element");
  return element as T;
}

/** The element of this id, if this page has it. */
export function maybe<T extends HTMLElement = HTMLElement>(id: string): T | null {
  return document.getElementById(id) as T | null;
}

/** The first element within that this selector finds. */
export function within<T extends HTMLElement = HTMLElement>(root: ParentNode, selector: string): T {
  const element = root.querySelector<T>(selector);
  if (element === null) throw new Error("the template lacks an element");
  return element;
}

/** A sentence kept in a data attribute, its places filled. */
export function sentence(
  element: HTMLElement,
  name: string,
  values: Readonly<Record<string, string | number>> = {},
): string {
  const text = element.dataset[name] ?? "";
  return text.replace(/%\((\w+)\)s/g, (_, key: string) => {
    const value = values[key] ?? "";
    return typeof value === "number" ? formatNumber(value) : `\u2068${value}\u2069`;
  });
}

/** A `Date` reaches no further from 1970. */
const LAST_DAY = 100_000_000;

/**
 * The page's language with the calendar and digits that the server writes with: browsers differ
 * in both, and a day to come back by must not be two days.
 */
function locale(): string {
  const { lang } = document.documentElement;
  return `${lang}-u-ca-gregory-nu-${lang === "fa" ? "arabext" : "latn"}`;
}

/** A number as the page's language writes it. */
export function formatNumber(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}

/** A day since 1970-01-01 UTC as the page's language writes it; the number of one beyond dates. */
export function formatDay(day: number): string {
  if (!(Math.abs(day) <= LAST_DAY)) return formatNumber(day);
  const options = { dateStyle: "long", timeZone: "UTC" } as const;
  const format = new Intl.DateTimeFormat(locale(), options);
  return format.format(new Date(day * 86_400_000));
}

/** A copy of what a template holds. */
export function copy(id: string): HTMLElement {
  const content = byId<HTMLTemplateElement>(id).content.firstElementChild;
  return content!.cloneNode(true) as HTMLElement;
}

export function listen<K extends keyof HTMLElementEventMap>(
  target: HTMLElement | null,
  type: K,
  handler: (event: HTMLElementEventMap[K]) => void,
): void {
  target?.addEventListener(type, handler);
}
