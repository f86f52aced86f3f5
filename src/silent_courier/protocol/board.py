"""Finding one's own replies on the board. Spec §6.3.

It is a lookup of tags that are recomputed locally; nothing here asks anybody
for a mailbox.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from silent_courier.protocol.board_format import Board
from silent_courier.protocol.errors import ProtocolError
from silent_courier.protocol.reply import Fragment, open_cell
from silent_courier.protocol.sizes import TAG_LEN, TAGS_PER_WEEK
from silent_courier.protocol.thread import ThreadKey, derive_tags


@dataclass(frozen=True, slots=True)
class FoundFragment:
    """One of the reader's own fragments: where it stood and what it holds."""

    device: int
    generation: int
    fragment: Fragment


def find_fragments(
    board: Board, thread_keys: Sequence[ThreadKey], devices: Sequence[int]
) -> tuple[list[FoundFragment], int]:
    """The reader's own fragments under these thread keys and device slots. Spec §6.3.

    Returns:
        The fragments, and how many cells stood under a tag of ours but did not open.
    """
    found: list[FoundFragment] = []
    damaged = 0
    for thread_key in thread_keys:
        for device, cell in _own_cells(board, thread_key, devices):
            try:
                fragment = open_cell(cell, thread_key)
            except ProtocolError:
                damaged += 1
            else:
                found.append(FoundFragment(device, thread_key.generation, fragment))
    return found, damaged


def _own_cells(
    board: Board, thread_key: ThreadKey, devices: Sequence[int]
) -> list[tuple[int, bytes]]:
    if not devices:
        return []
    tags = derive_tags(thread_key, max(devices) + 1)
    per_device = TAGS_PER_WEEK * TAG_LEN
    return [
        (device, board.cells[tag])
        for device in devices
        for start in range(device * per_device, (device + 1) * per_device, TAG_LEN)
        if (tag := tags[start : start + TAG_LEN]) in board.cells
    ]
