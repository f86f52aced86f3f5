// The one total JSON parser. Spec §5.1.
//
// JSON.parse keeps the last of two equal names, rounds what it cannot hold and knows no limit of
// depth; this one refuses all that and repairs nothing. Objects are maps: no name is special.

import type { Bytes } from "./bytes.ts";
import { MalformedPayloadError } from "./errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = ReadonlyMap<string, Json>;

const DEPTH_MAX = 4;
const INTEGER_CHARS_MAX = 17;
const SPACE = /[ \t\n\r]*/y;
const INTEGER = /-?(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
const STRING =
  /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const LITERAL = /true|false|null/y;

/** Parse one JSON object that says its version and kind, as every one of ours does. */
export function parseDocument(data: Bytes): JsonObject {
  const value = parseObject(data);
  if (!value.has("version") || !value.has("kind")) throw new MalformedPayloadError();
  return value;
}

/** Parse one JSON object under the rules of §5.1; anything else is MalformedPayloadError. */
export function parseObject(data: Bytes): JsonObject {
  const reader = new Reader(decode(data));
  const value = reader.value(1);
  reader.end();
  if (!(value instanceof Map)) throw new MalformedPayloadError();
  return value;
}

function decode(data: Bytes): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new MalformedPayloadError();
  }
}

/** A place in a text; every method reads one thing there, or throws. */
class Reader {
  private readonly text: string;
  private position = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): Json {
    this.match(SPACE);
    switch (this.text[this.position]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.list(depth);
      case '"':
        return this.string();
      case "t":
      case "f":
      case "n":
        return JSON.parse(this.match(LITERAL)) as boolean | null;
      default:
        return this.integer();
    }
  }

  end(): void {
    this.match(SPACE);
    if (this.position !== this.text.length) throw new MalformedPayloadError();
  }

  private object(depth: number): JsonObject {
    const object = new Map<string, Json>();
    this.items("{", "}", depth, () => {
      this.match(SPACE);
      const name = this.string();
      if (object.has(name)) throw new MalformedPayloadError();
      this.match(SPACE);
      this.expect(":");
      object.set(name, this.value(depth + 1));
    });
    return object;
  }

  private list(depth: number): Json[] {
    const list: Json[] = [];
    this.items("[", "]", depth, () => list.push(this.value(depth + 1)));
    return list;
  }

  /** What stands between these brackets, separated by commas. */
  private items(open: string, close: string, depth: number, item: () => void): void {
    if (depth > DEPTH_MAX) throw new MalformedPayloadError();
    this.expect(open);
    this.match(SPACE);
    if (this.take(close)) return;
    do {
      item();
      this.match(SPACE);
    } while (this.take(","));
    this.expect(close);
  }

  private string(): string {
    const value = JSON.parse(this.match(STRING)) as string;
    if (!value.isWellFormed()) throw new MalformedPayloadError();
    return value;
  }

  private integer(): number {
    const digits = this.match(INTEGER);
    const value = Number(digits);
    if (digits.length > INTEGER_CHARS_MAX || !Number.isSafeInteger(value)) {
      throw new MalformedPayloadError();
    }
    return value + 0; // minus zero is zero
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) throw new MalformedPayloadError();
    this.position = pattern.lastIndex;
    return found[0];
  }

  private expect(character: string): void {
    if (!this.take(character)) throw new MalformedPayloadError();
  }

  private take(character: string): boolean {
    const there = this.text[this.position] === character;
    if (there) this.position += 1;
    return there;
  }
}
