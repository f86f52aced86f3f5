// Every case in vectors/, read by the browser's side: each ends as it says, none is passed over.

import { deepEqual, equal, fail, ok } from "node:assert/strict";
import { test } from "node:test";

import {
  MalformedWordsError,
  ProtocolError,
  TooFewDayKeysError,
} from "../src/protocol/errors.ts";
import { outputs, readCases, type Case, type Outputs } from "./vectors/case.ts";
import * as documents from "./vectors/documents.ts";
import * as sealedThings from "./vectors/sealed_things.ts";

const CONSTRUCTIONS = { ...sealedThings.CONSTRUCTIONS, ...documents.CONSTRUCTIONS };
// What only desks, servers and the organisation read has no place in a browser; and a page that
// the server sends cannot vouch for itself.
const NOT_A_SOURCES = new Set([
  "access.verify",
  "kept.keep",
  "kept.read",
  "request.parse",
  "manifest.verify",
  "page.fixed-part",
]);
// age-encryption opens nothing that is malformed, but does not tell it from what is altered.
const SAID_AS: Record<string, string> = { malformed_age: "cannot_open" };

for (const c of readCases()) {
  if (NOT_A_SOURCES.has(c.construction)) continue;
  test(c.name, async () => {
    const construct = CONSTRUCTIONS[c.construction];
    ok(construct, "a construction that nobody knows");
    const out = c.expect === "ok" ? await construct(c) : await refusal(c);
    deepEqual(out, c.expected());
  });
}

/** What the case's error tells beside its name. */
async function refusal(c: Case): Promise<Outputs> {
  try {
    await CONSTRUCTIONS[c.construction]!(c);
  } catch (error) {
    equal(nameOf(error), SAID_AS[c.expect] ?? c.expect);
    if (error instanceof MalformedWordsError) return outputs({ position: error.position ?? "none" });
    if (error instanceof TooFewDayKeysError) return outputs({ missing: error.missing });
    return {};
  }
  return fail("it should have been refused");
}

function nameOf(error: unknown): string {
  if (error instanceof ProtocolError) return error.code;
  if (error instanceof RangeError) return "caller_mistake";
  throw error;
}
