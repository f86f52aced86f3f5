// The board's bytes: cells sorted by tag, the same for everyone. Spec §6.4.

import { bytesOf, compare, same, toHex, type Bytes } from "./bytes.ts";
import { MalformedBoardError } from "./errors.ts";
import { BOARD_CELLS_MAX, BOARD_HEADER_LEN, CELL_LEN, TAG_LEN } from "./sizes.ts";

const MAGIC = bytesOf("SCBD\x01\0\0\0");

/** The epoch the server says it is, and every cell by its tag in hex. */
export interface Board {
  readonly epoch: bigint;
  readonly cells: ReadonlyMap<string, Bytes>;
}

/** Take the board apart; MalformedBoardError for a wrong header, length or order. */
export function parseBoard(data: Bytes): Board {
  const body = data.length - BOARD_HEADER_LEN;
  if (
    body < 0 ||
    body % CELL_LEN !== 0 ||
    body > BOARD_CELLS_MAX * CELL_LEN ||
    !same(data.subarray(0, MAGIC.length), MAGIC)
  ) {
    throw new MalformedBoardError();
  }
  const cells = new Map<string, Bytes>();
  let before: Bytes | undefined;
  for (let start = BOARD_HEADER_LEN; start < data.length; start += CELL_LEN) {
    const tag = data.subarray(start, start + TAG_LEN);
    if (before !== undefined && compare(before, tag) >= 0) throw new MalformedBoardError();
    cells.set(toHex(tag), data.slice(start, start + CELL_LEN));
    before = tag;
  }
  const header = new DataView(data.buffer, data.byteOffset, BOARD_HEADER_LEN);
  return { epoch: header.getBigUint64(MAGIC.length), cells };
}
