// Chain files, which desks and servers read; a source meets its charters in a keyring. Spec §8.7.

import { bytesOf, decodeNumber, same, type Bytes } from "../../src/protocol/bytes.ts";
import { MalformedCharterError } from "../../src/protocol/errors.ts";
import { CHARTER_LEN_MAX, LENGTH_PREFIX_LEN } from "../../src/protocol/sizes.ts";

const MAGIC = bytesOf("SCCN\x01");

/** The charter files of a chain file; nothing is verified yet. */
export function parseChain(data: Bytes): Bytes[] {
  if (!same(data.subarray(0, MAGIC.length), MAGIC)) throw new MalformedCharterError();
  const charters: Bytes[] = [];
  let position = MAGIC.length;
  while (position < data.length) {
    const start = position + LENGTH_PREFIX_LEN;
    position = start + decodeNumber(data.subarray(position, start));
    if (position > data.length || position - start > CHARTER_LEN_MAX) {
      throw new MalformedCharterError();
    }
    charters.push(data.slice(start, position));
  }
  if (charters.length === 0) throw new MalformedCharterError();
  return charters;
}
