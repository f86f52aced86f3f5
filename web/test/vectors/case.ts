// One case of vectors/: header lines, a blank line, raw bytes. It remembers what was asked for.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { concat, fromHex, toHex, type Bytes } from "../../src/protocol/bytes.ts";

// Both are run by npm, which starts in web/.
const ROOT = join(process.cwd(), "..", "vectors");
const SUFFIX = ".case";
const HEAD = new Set(["expect", "construction", "comment"]);

export type Outputs = Record<string, string[]>;
type Output = string | number | bigint | Uint8Array | readonly (string | number)[];

export class Case {
  readonly name: string;
  readonly expect: string;
  readonly construction: string;
  private readonly written: Bytes;
  private readonly fields: readonly (readonly [string, string])[];
  private readonly asked = new Set<string>();

  constructor(name: string, file: Buffer) {
    const end = file.indexOf("\n\n");
    const lines = file.subarray(0, end).toString().split("\n").map(pair);
    this.name = name;
    this.written = new Uint8Array(file.subarray(end + 2));
    this.expect = lines.find(([key]) => key === "expect")![1];
    this.construction = lines.find(([key]) => key === "construction")![1];
    this.fields = lines.filter(([key]) => !HEAD.has(key));
  }

  /** The body with what `insert` lines put in. */
  get body(): Bytes {
    return this.texts("insert").reduce(insert, this.written);
  }

  texts(name: string): string[] {
    this.asked.add(name);
    return this.fields.filter(([key]) => key === name).map(([, value]) => value);
  }

  text(name: string): string {
    const [value, ...more] = this.texts(name);
    if (value === undefined || more.length > 0) throw new Error(`${name} must stand there once`);
    return value;
  }

  number(name: string): number {
    return Number(this.text(name));
  }

  hex(name: string): Bytes {
    return fromHex(this.text(name));
  }

  /** Hex where there is such a line, else what is usual. */
  hexOr(name: string, usual: Bytes): Bytes {
    const [value] = this.texts(name);
    return value === undefined ? usual : fromHex(value);
  }

  numberOr(name: string, usual: number): number {
    const [value] = this.texts(name);
    return value === undefined ? usual : Number(value);
  }

  /** Lines of a number and hex, such as device slots with their keys. */
  keys(name: string): Map<number, Bytes> {
    const pairs = this.texts(name).map((line) => line.split(" ") as [string, string]);
    return new Map(pairs.map(([number, key]) => [Number(number), fromHex(key)]));
  }

  /** What nobody asked for: outputs, in the order in which they stand. */
  expected(): Outputs {
    const left: Outputs = {};
    for (const [name, value] of this.fields) {
      if (!this.asked.has(name)) (left[name] ??= []).push(value);
    }
    return left;
  }
}

/** Outputs as they stand in a case: bytes as hex, one line for each of several. */
export function outputs(values: Record<string, Output>): Outputs {
  const shown: Outputs = {};
  for (const [name, value] of Object.entries(values)) {
    const lines = value instanceof Uint8Array ? [toHex(value)] : [value].flat().map(String);
    if (lines.length > 0) shown[name] = lines;
  }
  return shown;
}

/** A payload as one line of JSON: names in order, so that no language's order is asked for. */
export function canonical(payload: object): string {
  return JSON.stringify(payload, (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

export function readCase(name: string): Case {
  return new Case(name, readFileSync(join(ROOT, name + SUFFIX)));
}

export function readCases(): Case[] {
  return readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(SUFFIX))
    .map((path) => readCase(path.slice(0, -SUFFIX.length)))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** A position, how many, and which byte in hex. */
function insert(body: Bytes, line: string): Bytes {
  const [position, count, byte] = line.split(" ") as [string, string, string];
  const more = new Uint8Array(Number(count)).fill(parseInt(byte, 16));
  return concat(body.subarray(0, Number(position)), more, body.subarray(Number(position)));
}

function pair(line: string): [string, string] {
  const end = line.indexOf(": ");
  return [line.slice(0, end), line.slice(end + 2)];
}
