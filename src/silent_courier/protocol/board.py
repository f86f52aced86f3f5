"""The board: cells sorted by tag, the same bytes for everyone. Spec §6.4.

Finding one's own cells is a lookup of tags that are recomputed locally; nothing
here asks anybody for a mailbox.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from silent_courier.protocol.errors import MalformedBoardError, ProtocolError
from silent_courier.protocol.reply import Fragment, open_cell
from silent_courier.protocol.sizes import (
    BOARD_CELLS_MAX,
    BOARD_HEADER_LEN,
    CELL_LEN,
    TAG_LEN,
    TAGS_PER_WEEK,
)
from silent_courier.protocol.thread import ThreadKey, derive_tags

_MAGIC: Final = b"SCBD\x01\0\0\0"
_EPOCH_LEN: Final = 8


@dataclass(frozen=True, slots=True)
class Board:
    """The epoch the server says it is, and every cell by its tag."""

    epoch: int
    cells: dict[bytes, bytes]


@dataclass(frozen=True, slots=True)
class FoundFragment:
    """One of the reader's own fragments: where it stood and what it holds."""

    device: int
    generation: int
    fragment: Fragment


def encode_board(epoch: int, cells: Iterable[bytes]) -> bytes:
    """The board's bytes: 16-byte header, then the 1024-byte cells in order of their tags."""
    header = _MAGIC + epoch.to_bytes(_EPOCH_LEN, "big")
    return header + b"".join(sorted(cells))


def parse_board(data: bytes) -> Board:
    """Take the board apart.

    Raises:
        MalformedBoardError: wrong header, length, or tags not strictly ascending.
    """
    body = len(data) - BOARD_HEADER_LEN
    if (
        data[: len(_MAGIC)] != _MAGIC
        or body < 0
        or body % CELL_LEN
        or body > BOARD_CELLS_MAX * CELL_LEN
    ):
        raise MalformedBoardError
    cells = [data[i : i + CELL_LEN] for i in range(BOARD_HEADER_LEN, len(data), CELL_LEN)]
    tags = [cell[:TAG_LEN] for cell in cells]
    if any(left >= right for left, right in pairwise(tags)):
        raise MalformedBoardError
    epoch = int.from_bytes(data[len(_MAGIC) : BOARD_HEADER_LEN], "big")
    return Board(epoch, dict(zip(tags, cells, strict=True)))


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
