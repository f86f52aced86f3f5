// The portal's script without a browser: pictures are cleaned and stay pictures, words are named.

import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { cleanFile } from "../src/portal/clean/index.ts";
import { lists } from "../src/portal/lists.ts";
import type { Tell } from "../src/portal/messages.ts";
import { LATEST_MS, SOONEST_MS, coverDelay } from "../src/portal/page/cover.ts";
import { formatDay } from "../src/portal/page/dom.ts";
import { Enclosure } from "../src/portal/worker/enclosure.ts";
import { takeTicket } from "../src/portal/worker/portal.ts";
import { Session } from "../src/portal/worker/session.ts";
import { fetchReading } from "../src/portal/worker/visit.ts";
import { decodeWords, encodeWords, inspectWords, parseList } from "../src/portal/worker/words.ts";
import { bytesOf, concat, toHex, type Bytes } from "../src/protocol/bytes.ts";
import { sha256 } from "../src/protocol/primitives.ts";
import * as everyList from "../src/protocol/words.ts";
import { readCase } from "./vectors/case.ts";

const SECRET = "Zenit 12XP";

function bytes(...values: readonly number[]): Bytes {
  return new Uint8Array(values);
}

function segment(marker: number, content: Bytes): Bytes {
  const length = content.length + 2;
  return concat(bytes(0xff, marker, length >> 8, length & 255), content);
}

/** TIFF with the way up and a camera's name. */
function exif(way: number, little: boolean): Bytes {
  const tiff = new DataView(new ArrayBuffer(8 + 2 + 24 + 4));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  tiff.setUint16(8, 1, little);
  tiff.setUint16(10, 0x0112, little);
  tiff.setUint16(12, 3, little);
  tiff.setUint32(14, 1, little);
  tiff.setUint16(18, way, little);
  return concat(bytesOf("Exif\0\0"), new Uint8Array(tiff.buffer), bytesOf(SECRET));
}

const TABLES = segment(0xdb, new Uint8Array(65));
const SCAN = concat(segment(0xda, bytes(1, 1, 0, 0, 63, 0)), bytes(1, 0xff, 0, 2, 0xff, 0xd0, 3));
const DRAWING = concat(TABLES, SCAN, TABLES, SCAN);
const END = bytes(0xff, 0xd9);

function jpeg(...hidden: readonly Bytes[]): Bytes {
  return concat(bytes(0xff, 0xd8), ...hidden, DRAWING, END);
}

async function clean(file: Bytes): Promise<{ cleaning: string; data: Bytes }> {
  const { cleaning, data } = await cleanFile(new Blob([file]));
  return { cleaning, data: new Uint8Array(await data.arrayBuffer()) };
}

function hides(data: Bytes): boolean {
  return new TextDecoder("latin1").decode(data).includes(SECRET);
}

test("a JPEG loses Exif, XMP, comments, profiles and what follows its end, and nothing else", async () => {
  const secret = bytesOf(SECRET);
  const hidden = [
    segment(0xe1, exif(1, false)),
    segment(0xe1, concat(bytesOf("http://ns.adobe.com/xap/1.0/\0"), secret)),
    segment(0xe2, concat(bytesOf("ICC_PROFILE\0"), secret)),
    segment(0xfe, secret),
  ];
  const { cleaning, data } = await clean(concat(jpeg(...hidden), secret));
  equal(cleaning, "cleaned");
  deepEqual(data, jpeg());
});

test("a comment between two scans of a JPEG goes too", async () => {
  const comment = segment(0xfe, bytesOf(SECRET));
  const file = concat(bytes(0xff, 0xd8), TABLES, SCAN, comment, TABLES, SCAN, END);
  deepEqual((await clean(file)).data, jpeg());
});

test("the small picture in a JPEG's first segment goes, its fixed part stays", async () => {
  const fixed = concat(bytesOf("JFIF\0"), bytes(1, 1, 0, 0, 72, 0, 72));
  const thumbnail = concat(bytes(2, 2), bytesOf(SECRET));
  const { data } = await clean(jpeg(segment(0xe0, concat(fixed, thumbnail))));
  deepEqual(data, jpeg(segment(0xe0, concat(fixed, bytes(0, 0)))));
});

for (const little of [false, true]) {
  test(`which way up a JPEG is stays known (little-endian: ${little})`, async () => {
    const { cleaning, data } = await clean(jpeg(segment(0xe1, exif(6, little))));
    equal(cleaning, "cleaned");
    ok(!hides(data));
    const again = await clean(data);
    equal(again.cleaning, "clean");
    deepEqual(again.data, data);
    ok(data.length > jpeg().length);
  });
}

test("a clean JPEG is said to be clean", async () => {
  const { cleaning, data } = await clean(jpeg());
  equal(cleaning, "clean");
  deepEqual(data, jpeg());
});

test("a broken JPEG goes as it is, and that is said", async () => {
  const file = jpeg(segment(0xe1, exif(1, false)));
  for (const broken of [file.slice(0, 40), file.slice(0, -2), concat(file.slice(0, 4), bytes(0, 0))]) {
    const { cleaning, data } = await clean(broken);
    equal(cleaning, "unclear");
    deepEqual(data, broken);
  }
});

test("Exif that points outside itself is dropped all the same", async () => {
  const evil = exif(6, false);
  evil.set([0xff, 0xff, 0xff, 0xf0], 10);
  deepEqual((await clean(jpeg(segment(0xe1, evil)))).data, jpeg());
});

for (const fill of [1, 2, 7]) {
  test(`${fill} fill bytes before a JPEG's marker hide nothing`, async () => {
    const hidden = concat(new Uint8Array(fill).fill(0xff), segment(0xe1, exif(1, false)));
    const between = concat(bytes(0xff, 0xd8), TABLES, SCAN, hidden, TABLES, SCAN, END);
    for (const file of [jpeg(hidden), between]) {
      const { cleaning, data } = await clean(file);
      equal(cleaning, "cleaned");
      ok(!hides(data));
    }
  });
}

test("a JPEG with a segment that no decoder needs is not called clean", async () => {
  for (const marker of [0xc8, 0xdc, 0xdf, 0xd0, 0xf0, 0xfd]) {
    const file = jpeg(segment(marker, bytesOf(SECRET)));
    const { cleaning, data } = await clean(file);
    equal(cleaning, "unclear");
    deepEqual(data, file);
  }
});

test("of Adobe's segment in a JPEG the twelve bytes about colours stay, and no other's", async () => {
  const colours = concat(bytesOf("Adobe"), bytes(0, 100, 0, 0, 0, 0, 1));
  const kept = jpeg(segment(0xee, colours));
  deepEqual((await clean(kept)).data, kept);
  deepEqual((await clean(jpeg(segment(0xee, concat(colours, bytesOf(SECRET)))))).data, kept);
  deepEqual((await clean(jpeg(segment(0xee, bytesOf(SECRET))))).data, jpeg());
  equal((await clean(jpeg(segment(0xee, bytesOf("Adobe"))))).cleaning, "unclear");
  equal((await clean(jpeg(segment(0xe0, bytesOf("JFIF\0"))))).cleaning, "unclear");
});

function chunk(name: string, content: Bytes): Bytes {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, content.length);
  return concat(length, bytesOf(name), content, new Uint8Array(4));
}

test("a PNG loses its texts, times, profiles and what follows its end", async () => {
  const signature = bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
  const secret = bytesOf(SECRET);
  const head = chunk("IHDR", new Uint8Array(13));
  const rest = concat(chunk("IDAT", bytes(1, 2, 3)), chunk("IEND", bytes()));
  const hidden = ["tEXt", "iTXt", "zTXt", "tIME", "eXIf", "iCCP"].map((name) => chunk(name, secret));
  const { cleaning, data } = await clean(concat(signature, head, ...hidden, rest, secret));
  equal(cleaning, "cleaned");
  deepEqual(data, concat(signature, head, rest));
  equal((await clean(concat(signature, head))).cleaning, "unclear");
});

test("a PNG's drawing chunk that is longer than its kind goes, or leaves the file unclear", async () => {
  const signature = bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
  const secret = chunk("gAMA", bytesOf(SECRET));
  const head = chunk("IHDR", new Uint8Array(13));
  const rest = concat(chunk("IDAT", bytes(1, 2, 3)), chunk("IEND", bytes()));
  const { cleaning, data } = await clean(concat(signature, head, secret, rest));
  equal(cleaning, "cleaned");
  deepEqual(data, concat(signature, head, rest));
  const long = chunk("IHDR", concat(new Uint8Array(13), bytesOf(SECRET)));
  for (const odd of [concat(long, rest), concat(head, chunk("JDAT", bytesOf(SECRET)), rest)]) {
    equal((await clean(concat(signature, odd))).cleaning, "unclear");
  }
});

function riff(...chunks: readonly Bytes[]): Bytes {
  const body = concat(bytesOf("WEBP"), ...chunks);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length, true);
  return concat(bytesOf("RIFF"), length, body);
}

function piece(name: string, content: Bytes): Bytes {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, content.length, true);
  return concat(bytesOf(name), length, content, new Uint8Array(content.length % 2));
}

test("a WebP loses Exif, XMP and profile, and its header stops announcing them", async () => {
  const secret = bytesOf(SECRET);
  const picture = piece("VP8L", bytes(1, 2, 3));
  const header = (flags: number): Bytes => piece("VP8X", concat(bytes(flags), new Uint8Array(9)));
  const hidden = ["ICCP", "EXIF", "XMP "].map((name) => piece(name, secret));
  const { cleaning, data } = await clean(concat(riff(header(0x3e), ...hidden, picture), secret));
  equal(cleaning, "cleaned");
  deepEqual(data, riff(header(0x12), picture));
});

test("what hides in a frame of a moving WebP goes too", async () => {
  const place = new Uint8Array(16);
  const picture = piece("VP8L", bytes(1, 2, 3));
  const moving = (...parts: readonly Bytes[]): Bytes =>
    riff(
      piece("VP8X", concat(bytes(2), new Uint8Array(9))),
      piece("ANIM", new Uint8Array(6)),
      piece("ANMF", concat(place, ...parts)),
    );
  const { cleaning, data } = await clean(moving(picture, piece("EXIF", bytesOf(SECRET))));
  equal(cleaning, "cleaned");
  deepEqual(data, moving(picture));
  deepEqual((await clean(moving(picture))).cleaning, "clean");
});

test("a WebP whose header is longer than its kind is not called clean", async () => {
  const header = piece("VP8X", concat(new Uint8Array(10), bytesOf(SECRET)));
  equal((await clean(riff(header, piece("VP8L", bytes(1, 2))))).cleaning, "unclear");
});

test("other files are not touched", async () => {
  const { cleaning, data } = await clean(bytesOf(`%PDF-1.7 ${SECRET}`));
  equal(cleaning, "kept");
  ok(hides(data));
});

test("word lists served apart give the same words and entropy as the protocol's own", () => {
  const entropy = Uint8Array.from({ length: 16 }, (_, i) => 17 * i);
  for (const [code, words] of Object.entries(lists)) {
    const list = parseList(code, words.map((word) => `${word}\n`).join(""));
    const shown = encodeWords(entropy, list);
    deepEqual(shown, everyList.encodeWords(entropy, code));
    const typed = shown.join("  ");
    // In Turkish, which letter is the capital of i depends on the keyboard.
    deepEqual(decodeWords(code === "tr" ? typed : typed.toUpperCase(), [list]), entropy);
  }
});

for (const code of ["zh-hans", "zh-hant"]) {
  test(`twelve characters without spaces are twelve words (${code})`, () => {
    const entropy = Uint8Array.from({ length: 16 }, (_, i) => 17 * i);
    const list = parseList(code, lists[code]!.join("\n"));
    const english = parseList("en", lists["en"]!.join("\n"));
    const run = encodeWords(entropy, list).join("");
    deepEqual(decodeWords(run, [list, english]), entropy);
    deepEqual(inspectWords(run, [list, english]), { count: 12, unknown: null, checksum: true, digits: false });
    equal(inspectWords(run.slice(0, 5), [list, english]).count, 5);
    equal(decodeWords(run.slice(0, 11), [list, english]), null);
  });
}

test("the first unknown word is named once it is finished", () => {
  const list = parseList("en", lists["en"]!.join("\n"));
  deepEqual(inspectWords("abandon amoun", [list]).unknown, null);
  deepEqual(inspectWords("abandon amuont ", [list]).unknown, { position: 2, word: "amuont" });
  equal(inspectWords("abandon ".repeat(12), [list]).checksum, false);
  equal(inspectWords("", [list]).count, 0);
});

test("the digits of a receipt are known for what they are before many were typed", () => {
  const list = parseList("en", lists["en"]!.join("\n"));
  for (const typed of ["42", " 4280 6050", "\u0664\u0662", "\u06f4\u06f2", "428060509553957313612956"]) {
    ok(inspectWords(typed, [list]).digits, typed);
    equal(decodeWords(typed, [list]), null);
  }
  ok(!inspectWords("abandon 42", [list]).digits);
});

test("a file is hashed while it goes, whatever way", async () => {
  const content = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
  const enclosure = new Enclosure("a", new Blob([content]));
  for (let i = 0; i < enclosure.chunks; i++) await enclosure.read(i);
  equal(enclosure.describe().sha256, toHex(sha256(content)));
  const atOnce = new Enclosure("a", new Blob([content]));
  await atOnce.prepare();
  equal(atOnce.describe().sha256, toHex(sha256(content)));
});

test("a day that no calendar has is shown as a number and stops nothing", () => {
  const page = { documentElement: { lang: "en" } };
  Object.defineProperty(globalThis, "document", { value: page, configurable: true });
  for (const day of [2 ** 31, 2 ** 53, NaN]) ok(formatDay(day).length > 0);
});

test("days and numbers are written as the server writes them, in every language", () => {
  const path = "../tests/unit/server/portal/days.json";
  const { day, written } = JSON.parse(readFileSync(path, "utf-8"));
  for (const [lang, [asDay, asNumber]] of Object.entries<[string, string]>(written)) {
    const page = { documentElement: { lang } };
    Object.defineProperty(globalThis, "document", { value: page, configurable: true });
    equal(plain(formatDay(day)), asDay, lang);
    equal(plain(formatDay(2 ** 31)), asNumber, lang);
  }
});

/** A space is a space, however wide. */
function plain(text: string): string {
  return text.split(/\s+/).join(" ");
}

test("a copy at another onion is left before anything else is asked of it", async () => {
  const keyring = readCase("keyring/is-whole");
  const asked: string[] = [];
  const serve = (path: string): Promise<Response> => {
    asked.push(path);
    return Promise.resolve(new Response(keyring.body));
  };
  const location = { hostname: `${"a".repeat(56)}.onion` };
  const now = Date.now;
  Object.defineProperty(globalThis, "location", { value: location, configurable: true });
  Object.defineProperty(globalThis, "fetch", { value: serve, configurable: true });
  Date.now = () => keyring.number("today") * 86_400_000;
  try {
    const visit = fetchReading(keyring.hex("org-id"), () => undefined);
    await rejects(visit, { code: "wrong_portal" });
  } finally {
    Date.now = now;
  }
  deepEqual(asked, ["/v1/keyring"]);
});

test("an empty letter that cannot go is told, and is nobody's trouble", async () => {
  const list = lists["en"]!.map((word) => `${word}\n`).join("");
  const serve = (path: string): Promise<Response> =>
    Promise.resolve(path === "/list" ? new Response(list) : new Response("", { status: 404 }));
  Object.defineProperty(globalThis, "fetch", { value: serve, configurable: true });
  const told: Tell[] = [];
  const start = { ask: "start", org: "00".repeat(32), language: "en", words: "en" } as const;
  const places = { list: "/list", english: "/list" };
  const session = await Session.begin({ ...start, ...places }, (message) => told.push(message));
  await session.cover();
  deepEqual(told.at(-1), { tell: "covered", done: false });
  await rejects(session.open(), { trouble: "old-page" });
});

test("an empty letter goes no sooner than anybody writes, mostly within minutes, and not for ever", () => {
  equal(coverDelay(0), SOONEST_MS);
  equal(coverDelay(1 - 2 ** -32), LATEST_MS);
  const drawn = Array.from({ length: 1000 }, (_, i) => coverDelay(i / 1000));
  ok(drawn.every((delay) => delay >= SOONEST_MS && delay <= LATEST_MS));
  const half = drawn.filter((delay) => delay <= 4 * 60_000).length;
  ok(half > 500 && half < 800);
  // No moment stands out: what falls into any half minute thins out slowly.
  const counts = [0, 1, 2, 3, 4, 5].map(
    (n) => drawn.filter((d) => d >= SOONEST_MS + n * 30_000 && d < SOONEST_MS + (n + 1) * 30_000).length,
  );
  for (const [i, count] of counts.entries()) ok(i === 0 || count > 0.7 * counts[i - 1]!);
});

test("who is not drawn for a ticket asks again with the same work, and works anew when it passed", async (t) => {
  const statuses = [503, 403, 200];
  const asked: string[] = [];
  t.mock.method(globalThis, "fetch", async (_: string, how: RequestInit) => {
    if (how.method === "GET") return new Response(concat(bytes(4), new Uint8Array(16)));
    asked.push(toHex(how.body as Bytes));
    const status = statuses.shift()!;
    return new Response(status === 200 ? new Uint8Array(32).fill(7) : null, { status });
  });

  equal(await takeTicket(), "07".repeat(32));
  equal(asked.length, 3);
  equal(asked[0], asked[1]);
  ok(asked[1] !== asked[2]);
});
