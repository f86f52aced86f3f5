// Finding one's own replies on the board. Spec §6.3.
//
// It is a lookup of tags that are recomputed locally; nothing here asks anybody for a mailbox.

import type { Board } from "./board_format.ts";
import { toHex, type Bytes } from "./bytes.ts";
import { ProtocolError } from "./errors.ts";
import { openCell, type Fragment } from "./reply.ts";
import { TAG_LEN, TAGS_PER_WEEK } from "./sizes.ts";
import { deriveTags, type ThreadKey } from "./thread.ts";

/** One of the reader's own fragments: where it stood and what it holds. */
export interface FoundFragment {
  readonly device: number;
  readonly generation: number;
  readonly fragment: Fragment;
}

/**
 * The reader's own fragments under these thread keys and device slots, and how many cells stood
 * under a tag of ours but did not open. Spec §6.3.
 */
export async function findFragments(
  board: Board,
  threadKeys: readonly ThreadKey[],
  devices: readonly number[],
): Promise<{ found: FoundFragment[]; damaged: number }> {
  const found: FoundFragment[] = [];
  let damaged = 0;
  for (const threadKey of threadKeys) {
    for (const { device, cell } of await ownCells(board, threadKey, devices)) {
      try {
        const fragment = await openCell(cell, threadKey);
        found.push({ device, generation: threadKey.generation, fragment });
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        damaged += 1;
      }
    }
  }
  return { found, damaged };
}

async function ownCells(
  board: Board,
  threadKey: ThreadKey,
  devices: readonly number[],
): Promise<{ device: number; cell: Bytes }[]> {
  const tags = toHex(await deriveTags(threadKey, Math.max(-1, ...devices) + 1));
  const own: { device: number; cell: Bytes }[] = [];
  for (const device of devices) {
    for (let number = 0; number < TAGS_PER_WEEK; number++) {
      const start = 2 * TAG_LEN * (device * TAGS_PER_WEEK + number);
      const cell = board.cells.get(tags.slice(start, start + 2 * TAG_LEN));
      if (cell !== undefined) own.push({ device, cell });
    }
  }
  return own;
}
