// The requests a source makes of a portal, one function each. Spec §10.
//
// All are bound in length. What may be sent twice is tried again while the network is away; what
// the portal refuses is refused at once.

import { concat, toHex, type Bytes } from "../../protocol/bytes.ts";
import { KEYRING_LEN_MAX, TICKET_LEN } from "../../protocol/sizes.ts";
import { findNonce } from "./proof.ts";
import { Trouble, troubleOfStatus } from "./trouble.ts";

const OK = 200;
const TAKEN = 204;
const UNAUTHORISED = 401;
const FORBIDDEN = 403;
const TOO_MANY = 429;
const NOT_NOW = 503;
const OFFER_LEN = 17;
const LIST_LEN_MAX = 65_536;
/** Seconds before further tries: tor may be restarting. */
const PATIENCE = [1, 2, 4, 8, 16];
const TIMEOUT_MS = 300_000;

interface Answer {
  readonly status: number;
  readonly body: Bytes;
}

/** The keyring's bytes. */
export function getKeyring(): Promise<Bytes> {
  return get("/v1/keyring", KEYRING_LEN_MAX);
}

/** The board's bytes, at most so many. */
export function getBoard(most: number): Promise<Bytes> {
  return get("/v1/board", most);
}

/** A list of words, as the text of its file. */
export async function getList(path: string): Promise<string> {
  return new TextDecoder().decode(await get(path, LIST_LEN_MAX));
}

/**
 * A fresh ticket for one letter and 64 chunks, as hex. Where tickets run short they go by lot: who
 * was not drawn asks again, with the same work.
 */
export async function takeTicket(): Promise<string> {
  let proof: Bytes | null = null;
  for (const pause of [...PATIENCE, null]) {
    proof ??= await solve();
    const answer: Answer = await insist("POST", "/v1/tickets", proof);
    if (answer.status === OK && answer.body.length === TICKET_LEN) return toHex(answer.body);
    if (pause === null || ![FORBIDDEN, NOT_NOW].includes(answer.status)) {
      throw troubleOfStatus(answer.status);
    }
    // The challenge passed while we worked on it, or an answer was lost and it is used.
    if (answer.status === FORBIDDEN) proof = null;
    else await sleep(pause);
  }
  throw new Trouble("busy");
}

/** A challenge of now, and the nonce that solves it. */
async function solve(): Promise<Bytes> {
  const offer = await get("/v1/tickets", OFFER_LEN);
  if (offer.length !== OFFER_LEN) throw new Trouble("old-page");
  const challenge = offer.slice(1);
  return concat(challenge, await findNonce(challenge, offer[0]!));
}

/**
 * Hand in a sealed letter. A connection lost after sending says nothing of whether the letter
 * arrived, so the very same bytes go again: a portal keeps a letter once.
 */
export async function postLetter(letter: Bytes, first: string): Promise<void> {
  let ticket = first;
  for (const pause of [...PATIENCE, null]) {
    const status = await attempt("POST", "/v1/letters", letter, ticket);
    if (status === TAKEN) return;
    if (![0, UNAUTHORISED, TOO_MANY].includes(status)) throw troubleOfStatus(status);
    if (pause === null) throw status === 0 ? new Trouble("offline") : troubleOfStatus(status);
    await sleep(pause);
    ticket = await takeTicket();
  }
}

/** Put one chunk; whether the ticket still held. */
export async function putChunk(id: Bytes, chunk: Bytes, ticket: string): Promise<boolean> {
  const answer = await insist("PUT", `/v1/chunks/${toHex(id)}`, chunk, ticket);
  if (answer.status === UNAUTHORISED) return false;
  if (answer.status !== TAKEN) throw troubleOfStatus(answer.status);
  return true;
}

async function get(path: string, most: number): Promise<Bytes> {
  const answer = await insist("GET", path, null, null, most);
  if (answer.status !== OK) throw troubleOfStatus(answer.status);
  return answer.body;
}

/** Ask until there is an answer of any kind, or patience ends. */
async function insist(
  method: string,
  path: string,
  body: Bytes | null = null,
  ticket: string | null = null,
  most = TICKET_LEN,
): Promise<Answer> {
  for (const pause of [...PATIENCE, null]) {
    try {
      return await request(method, path, body, ticket, most);
    } catch (error) {
      if (error instanceof Trouble) throw error;
      if (pause === null) throw new Trouble("offline");
      await sleep(pause);
    }
  }
  throw new Trouble("offline");
}

/** Ask once; zero when there is no answer. */
async function attempt(
  method: string,
  path: string,
  body: Bytes,
  ticket: string,
): Promise<number> {
  try {
    return (await request(method, path, body, ticket, 0)).status;
  } catch {
    return 0;
  }
}

async function request(
  method: string,
  path: string,
  body: Bytes | null,
  ticket: string | null,
  most: number,
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    body,
    headers: ticket === null ? {} : { Authorization: `Bearer ${ticket}` },
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
    referrerPolicy: "no-referrer",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== OK) return { status: response.status, body: new Uint8Array(0) };
  return { status: OK, body: await readBounded(response, most) };
}

async function readBounded(response: Response, most: number): Promise<Bytes> {
  const reader = response.body!.getReader();
  const parts: Uint8Array[] = [];
  for (let length = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return concat(...parts);
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new Trouble("old-page");
    }
    parts.push(value);
  }
}

/** Wait so many seconds. */
export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}
