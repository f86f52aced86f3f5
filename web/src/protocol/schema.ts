// Fixed schemas: what a JSON value must be to be taken. Spec §5.2.
//
// A check gives the value back with its type, or throws MalformedPayloadError. An object's fields
// come out in the schema's order, none missing, none more.

import { MalformedPayloadError } from "./errors.ts";
import type { Json, JsonObject } from "./strict_json.ts";

/** `undefined` stands for a field that is not there. */
export type Check<T> = (value: Json | undefined) => T;
export type Checked<C> = C extends Check<infer T> ? T : never;

/** An integer within these bounds, both included. */
export function integer(least: number, most: number): Check<number> {
  return (value) => {
    if (typeof value !== "number" || value < least || value > most) throw refusal();
    return value;
  };
}

/** Text of so many characters; a character outside the basic plane counts as one. */
export function text(least = 0, most = Infinity): Check<string> {
  return (value) => {
    if (typeof value !== "string" || value.length < least || value.length > 2 * most) {
      throw refusal();
    }
    const length = most === Infinity ? least : Array.from(value).length;
    if (length < least || length > most) throw refusal();
    return value;
  };
}

/** Text that this pattern, which names its own ends, describes. */
export function matching(pattern: RegExp, most = Infinity): Check<string> {
  return (value) => {
    if (typeof value !== "string" || value.length > most || !pattern.test(value)) throw refusal();
    return value;
  };
}

/** So many bytes in lower-case hex. */
export function hex(bytes: number): Check<string> {
  return matching(new RegExp(`^[0-9a-f]{${2 * bytes}}$`));
}

/** One of these values, and nothing else. */
export function oneOf<const T extends string | number | boolean>(...values: readonly T[]): Check<T> {
  return (value) => {
    const found = values.find((each) => each === value);
    if (found === undefined) throw refusal();
    return found;
  };
}

/** A list of so many of these. */
export function listOf<T>(check: Check<T>, most: number, least = 0): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) throw refusal();
    return value.map((each: Json) => check(each));
  };
}

/** This, or null. */
export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value) => (value === null ? null : check(value));
}

/** This, or something else where the field is not there. */
export function optional<T>(check: Check<T>, otherwise: T): Check<T> {
  return (value) => (value === undefined ? otherwise : check(value));
}

/** This, where its fields also go together. */
export function such<T>(check: Check<T>, rule: (value: T) => boolean): Check<T> {
  return (value) => {
    const checked = check(value);
    if (!rule(checked)) throw refusal();
    return checked;
  };
}

/** An object with these fields and no others. */
export function object<T extends object>(fields: { readonly [K in keyof T]: Check<T[K]> }): Check<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const known: ReadonlySet<string> = new Set(names);
  return (value) => {
    if (!(value instanceof Map)) throw refusal();
    const given: JsonObject = value;
    if ([...given.keys()].some((name) => !known.has(name))) throw refusal();
    return Object.fromEntries(names.map((name) => [name, fields[name](given.get(name))])) as T;
  };
}

function refusal(): MalformedPayloadError {
  return new MalformedPayloadError();
}
