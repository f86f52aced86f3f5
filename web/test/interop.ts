// Does what another implementation asks: requests as JSON on stdin, answers on stdout.
//
// Bytes travel as hex. A refusal is an answer: { "refused": its code }.

import { deriveChunkId, openChunk, sealChunk } from "../src/protocol/attachment.ts";
import { findFragments } from "../src/protocol/board.ts";
import { parseBoard } from "../src/protocol/board_format.ts";
import { bytesOf, concat, fromHex, toHex, type Bytes } from "../src/protocol/bytes.ts";
import { open as openCobblestone } from "../src/protocol/cobblestone.ts";
import { ProtocolError } from "../src/protocol/errors.ts";
import { sealSourceLetter } from "../src/protocol/letter.ts";
import { chooseDayStatements, verifyKeyring } from "../src/protocol/keyring.ts";
import {
  parseLetterPayload,
  parseReplyPayload,
  type ColleaguePayload,
  type SourcePayload,
} from "../src/protocol/payload.ts";
import { joinAll } from "../src/protocol/reply.ts";
import { verifyRoot } from "../src/protocol/root.ts";
import { deriveThreadKey } from "../src/protocol/thread.ts";
import { searchNonce, START_LEN } from "../src/protocol/ticket.ts";
import { decodeWords, encodeWords } from "../src/protocol/words.ts";
import { openLetter, readLetter, sealColleagueLetter } from "./desk/letter.ts";
import { sealReply } from "./desk/reply.ts";
import { rootPublic, signRoot } from "./desk/signing.ts";
import { canonical } from "./vectors/case.ts";

/** A request's fields; whoever asks knows which there are. */
class Request {
  private readonly fields: Record<string, unknown>;

  constructor(fields: Record<string, unknown>) {
    this.fields = fields;
  }

  text(name: string): string {
    return this.fields[name] as string;
  }

  number(name: string): number {
    return this.fields[name] as number;
  }

  hex(name: string): Bytes {
    return fromHex(this.text(name));
  }

  list<T>(name: string): readonly T[] {
    return this.fields[name] as readonly T[];
  }

  hexes(name: string): Bytes[] {
    return this.list<string>(name).map(fromHex);
  }

  /** Device slots with their keys. */
  keys(name: string): Map<number, Bytes> {
    return new Map(this.list<[number, string]>(name).map(([slot, key]) => [slot, fromHex(key)]));
  }

  payload(name: string): Bytes {
    return bytesOf(this.text(name));
  }

  attachment() {
    const [key, orgId, attachmentId] = [this.hex("key"), this.hex("org_id"), this.hex("id")];
    return { key, orgId, attachmentId, chunks: this.number("chunks") };
  }

  threadKey(entropy: Bytes) {
    const [generation, week] = [this.number("generation"), this.number("week")];
    return deriveThreadKey(entropy, this.hex("org_id"), generation, week);
  }

  deviceKey() {
    return { device: this.number("device"), seed: this.hex("seed") };
  }

  rootKey() {
    return { ed25519Seed: this.hex("ed25519_seed"), mlDsa65Seed: this.hex("ml_dsa_65_seed") };
  }
}

const random = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

const ANSWERS: Record<string, (r: Request) => unknown> = {
  "parse-letter": (r) => canonical(parseLetterPayload(r.hex("data"))),
  "parse-reply": (r) => canonical(parseReplyPayload(r.hex("data"))),
  "encode-words": (r) => encodeWords(r.hex("entropy"), r.text("language")).join(" "),
  "decode-words": (r) => toHex(decodeWords(r.text("words"), r.text("language"))),
  "seal-letter": async (r) => {
    const payload = parseLetterPayload(r.payload("payload")) as SourcePayload;
    return toHex(await sealSourceLetter(payload, r.hexes("recipients"), r.number("slots")));
  },
  "seal-colleague-letter": async (r) => {
    const payload = parseLetterPayload(r.payload("payload")) as ColleaguePayload;
    const [recipients, slots] = [r.hexes("recipients"), r.number("slots")];
    return toHex(await sealColleagueLetter(payload, r.deviceKey(), recipients, slots));
  },
  "open-letter": async (r) => {
    const { plaintext, fileKey } = await openLetter(r.hex("sealed"), r.list<string>("identities"));
    const letter = readLetter(plaintext, r.hex("org_id"), r.keys("device_keys"));
    const payload = canonical(letter.payload);
    return { payload, device: letter.device, file_key: toHex(fileKey) };
  },
  "seal-reply": async (r) => {
    const payload = parseReplyPayload(r.payload("payload"));
    const threadKey = r.threadKey(r.hex("entropy"));
    const cells = await sealReply(payload, r.deviceKey(), threadKey, r.number("first"), random);
    return cells.map(toHex);
  },
  "find-replies": async (r) => {
    const keys = [r.threadKey(r.hex("entropy"))];
    const deviceKeys = r.keys("device_keys");
    const board = parseBoard(r.hex("board"));
    const { found, damaged } = await findFragments(board, keys, [...deviceKeys.keys()]);
    const joined = joinAll(found, r.hex("org_id"), deviceKeys);
    const payloads = joined.replies.map((reply) => canonical(reply.payload));
    return { payloads, damaged: damaged + joined.partial + joined.damaged };
  },
  "seal-chunk": async (r) => {
    const attachment = r.attachment();
    const index = r.number("index");
    const sealed = await sealChunk(attachment, index, r.hex("data"), random(24));
    return { id: toHex(deriveChunkId(attachment, index)), sealed: toHex(sealed) };
  },
  "open-chunk": async (r) =>
    toHex(await openChunk(r.attachment(), r.number("index"), r.hex("sealed"))),
  cobblestone: async (r) => {
    const hash = r.text("hash") as "SHA-256" | "SHA-512";
    return toHex(await openCobblestone(r.hex("key"), r.hex("context"), r.hex("sealed"), hash));
  },
  "sign-root": (r) => {
    const root = rootPublic(r.rootKey());
    const signature = toHex(signRoot(r.rootKey(), r.hex("message")));
    return { ed25519: toHex(root.ed25519), ml_dsa_65: toHex(root.mlDsa65), signature };
  },
  "verify-root": (r) => {
    const root = { ed25519: r.hex("ed25519"), mlDsa65: r.hex("ml_dsa_65") };
    return verifyRoot(root, r.hex("message"), r.hex("signature"));
  },
  "verify-keyring": (r) => {
    const keyring = verifyKeyring(r.hex("keyring"), r.hex("org_id"), r.number("today"));
    const chosen = chooseDayStatements(keyring);
    return { hash: toHex(keyring.charter.hash), sealed_to: chosen.map((each) => each.device) };
  },
  "find-nonce": (r) => {
    const start = random(START_LEN);
    const nonce = searchNonce(r.hex("challenge"), r.number("bits"), start, 0, 2 ** 24);
    return nonce === null ? null : toHex(nonce);
  },
};

async function answer(fields: Record<string, unknown>): Promise<unknown> {
  const request = new Request(fields);
  try {
    return await ANSWERS[request.text("do")]!(request);
  } catch (error) {
    if (error instanceof ProtocolError) return { refused: error.code };
    throw error;
  }
}

const parts: Uint8Array[] = [];
for await (const part of process.stdin) parts.push(part as Uint8Array);
const requests = JSON.parse(Buffer.from(concat(...parts)).toString()) as Record<string, unknown>[];
const results: unknown[] = [];
for (const request of requests) results.push(await answer(request));
process.stdout.write(JSON.stringify(results));
