// Constructions that words and keys go into: words, keys, letters, cells, attachments.

import { deriveChunkId, openChunk, sealChunk } from "../../src/protocol/attachment.ts";
import { concat, type Bytes } from "../../src/protocol/bytes.ts";
import { weekOf } from "../../src/protocol/calendar.ts";
import { open as openCobblestone } from "../../src/protocol/cobblestone.ts";
import { parseLetterPayload, parseReplyPayload } from "../../src/protocol/payload.ts";
import { aesCtrKeystream, sha256 } from "../../src/protocol/primitives.ts";
import { encodeRecipient } from "../../src/protocol/recipient.ts";
import { joinFragments, openCell } from "../../src/protocol/reply.ts";
import { CELL_LEN, chunkCount } from "../../src/protocol/sizes.ts";
import {
  deriveAuth,
  deriveCellKey,
  deriveSourceId,
  deriveTag,
  deriveTags,
  deriveThreadKey,
  stepThreadKey,
  type ThreadKey,
} from "../../src/protocol/thread.ts";
import { decodeWords, encodeWords } from "../../src/protocol/words.ts";
import { fileKeyIdentity, openLetter, readLetter, type Letter } from "../desk/letter.ts";
import { publicKeyOf } from "../desk/recipient.ts";
import { deriveReceiptEntropy, encodeReceipt, parseReceipt } from "../receipt.ts";
import { canonical, outputs, type Case, type Outputs } from "./case.ts";

export type Construction = (c: Case) => Outputs | Promise<Outputs>;

function threadKey(c: Case): ThreadKey {
  return { key: c.hex("thread-key"), generation: 1, week: 0 };
}

function read(letter: Letter): Outputs {
  return outputs({ signer: letter.device ?? "none", payload: canonical(letter.payload) });
}

async function recipient(c: Case): Promise<Outputs> {
  const { identity, publicKey } = await publicKeyOf(c.hex("seed"));
  return outputs({ identity, "public-key": publicKey, recipient: encodeRecipient(publicKey) });
}

async function openSealedLetter(c: Case): Promise<Outputs> {
  const [orgId, deviceKeys] = [c.hex("org-id"), c.keys("device-key")];
  const { plaintext, fileKey } = await openLetter(c.body, c.texts("identity"));
  return { ...outputs({ "file-key": fileKey }), ...read(readLetter(plaintext, orgId, deviceKeys)) };
}

async function openReply(c: Case): Promise<Outputs> {
  const key = threadKey(c);
  const device = c.number("device");
  const [orgId, deviceKeys] = [c.hex("org-id"), c.keys("device-key")];
  const fragments = [];
  for (let i = 0; i < c.body.length; i += CELL_LEN) {
    fragments.push(await openCell(c.body.slice(i, i + CELL_LEN), key));
  }
  const { payload } = joinFragments(fragments, device, orgId, deviceKeys);
  return outputs({ payload: canonical(payload) });
}

/** Make the chunk as the case tells, do to it what the case says, then open it. */
async function openAlteredChunk(c: Case): Promise<Outputs> {
  const [key, orgId, attachmentId] = [c.hex("key"), c.hex("org-id"), c.hex("attachment-id")];
  const [index, chunks] = [c.number("index"), c.number("chunks")];
  const data = await aesCtrKeystream(c.hex("data-key"), c.number("data-length"));
  const salt = c.hex("salt");
  const sealed = await sealChunk({ key, orgId, attachmentId, chunks }, index, data, salt);
  const made = outputs({ "sealed-sha256": sha256(sealed) });
  const opener = {
    key: c.hexOr("open-key", key),
    orgId: c.hexOr("open-org-id", orgId),
    attachmentId: c.hexOr("open-attachment-id", attachmentId),
    chunks: c.numberOr("open-chunks", chunks),
  };
  if (made["sealed-sha256"]![0] !== c.text("sealed-sha256")) throw new Error("sealed otherwise");
  const opened = await openChunk(opener, c.numberOr("open-index", index), altered(c, sealed));
  return outputs({ "data-sha256": sha256(opened) });
}

function altered(c: Case, sealed: Bytes): Bytes {
  const [flip, cut, grow] = [c.numberOr("flip", -1), c.numberOr("cut", 0), c.numberOr("grow", 0)];
  if (flip >= 0) sealed[flip]! ^= 1;
  return concat(sealed.subarray(0, sealed.length - cut), new Uint8Array(grow));
}

export const CONSTRUCTIONS: Record<string, Construction> = {
  "words.encode": (c) =>
    outputs({ words: encodeWords(c.hex("entropy"), c.text("language")).join(" ") }),
  "words.decode": (c) => {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(c.body);
    return outputs({ entropy: decodeWords(text, c.text("language")) });
  },
  "receipt.encode": (c) => outputs({ receipt: encodeReceipt(c.hex("drawn")) }),
  "receipt.parse": (c) => {
    const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(c.body);
    return outputs({ receipt: parseReceipt(text) });
  },
  "receipt.entropy": (c) =>
    outputs({ entropy: deriveReceiptEntropy(c.text("receipt"), c.hex("org-id")) }),
  auth: (c) => {
    const generation = c.number("generation");
    const auth = deriveAuth(c.hex("entropy"), c.hex("org-id"), generation);
    return outputs({ auth, "source-id": deriveSourceId(auth, generation) });
  },
  "thread-key": (c) => {
    const [generation, week] = [c.number("generation"), c.number("week")];
    return outputs({ key: deriveThreadKey(c.hex("entropy"), c.hex("org-id"), generation, week).key });
  },
  "thread-key.step": (c) => {
    const from = { key: c.hex("key"), generation: 1, week: c.number("week") };
    return outputs({ stepped: stepThreadKey(from, c.number("to-week")).key });
  },
  tag: async (c) => {
    const [device, number] = [c.number("device"), c.number("number")];
    return outputs({ tag: await deriveTag(threadKey(c), device, number) });
  },
  tags: async (c) =>
    outputs({ sha256: sha256(await deriveTags(threadKey(c), c.number("devices"))) }),
  "cell-key": (c) => outputs({ key: deriveCellKey(threadKey(c), c.hex("tag"), c.hex("salt")) }),
  week: (c) => outputs({ week: weekOf(c.number("day"), c.number("anchor-day")) }),
  "payload.letter": (c) => outputs({ payload: canonical(parseLetterPayload(c.body)) }),
  "payload.reply": (c) => outputs({ payload: canonical(parseReplyPayload(c.body)) }),
  "letter.open": openSealedLetter,
  "letter.open-with-file-key": async (c) => {
    const identity = fileKeyIdentity(c.hex("file-key"));
    return outputs({ sha256: sha256((await openLetter(c.body, [identity])).plaintext) });
  },
  "letter.read": (c) => read(readLetter(c.body, c.hex("org-id"), c.keys("device-key"))),
  recipient,
  "cell.open": async (c) => {
    const { reply, part, count, data } = await openCell(c.body, threadKey(c));
    return outputs({ reply, part, count, sha256: sha256(data) });
  },
  "reply.open": openReply,
  "attachment.chunks": (c) => outputs({ chunks: chunkCount(c.number("size")) }),
  "chunk.id": (c) => {
    const [key, orgId, attachmentId] = [c.hex("key"), c.hex("org-id"), new Uint8Array(16)];
    const attachment = { key, orgId, attachmentId, chunks: 2048 };
    return outputs({ "chunk-id": deriveChunkId(attachment, c.number("index")) });
  },
  "chunk.open": openAlteredChunk,
  "cobblestone.open": async (c) =>
    outputs({ sha256: sha256(await openCobblestone(c.hex("key"), c.hex("context"), c.body)) }),
};
