"""The board's bytes: cells sorted by tag, the same for everyone. Spec §6.4.

All that whoever serves a board has to know of it: cells are taken as they are and
nothing here opens one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from silent_courier.protocol.errors import MalformedBoardError
from silent_courier.protocol.sizes import BOARD_CELLS_MAX, BOARD_HEADER_LEN, CELL_LEN, TAG_LEN

_MAGIC: Final = b"SCBD\x01\0\0\0"
_EPOCH_LEN: Final = 8


@dataclass(frozen=True, slots=True)
class Board:
    """The epoch the server says it is, and every cell by its tag."""

    epoch: int
    cells: dict[bytes, bytes]


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
