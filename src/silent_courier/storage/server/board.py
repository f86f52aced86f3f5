"""The cells that are on the board, and the epoch it has reached. Spec §6.5.

A cell has the epoch in which it goes and nothing else: not the one in which it came, not whether a
desk posted it or the server made it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from silent_courier.protocol.sizes import TAG_LEN
from silent_courier.storage.server.tables import board, cells

_ONLY: Final = 1


@dataclass(frozen=True, slots=True)
class BoardState:
    """The last epoch whose births are done, and the length of its epochs in seconds."""

    epoch: int
    epoch_seconds: int


@dataclass(frozen=True, slots=True)
class BornCell:
    """A cell and the first epoch in which it is gone."""

    cell: bytes
    ends: int


def read_state(connection: Connection) -> BoardState | None:
    """Where the board stands; None before its first epoch."""
    row = connection.execute(select(board)).one_or_none()
    return None if row is None else BoardState(row.epoch, row.epoch_seconds)


def store_state(connection: Connection, state: BoardState) -> None:
    """Note where the board stands now."""
    connection.execute(delete(board))
    connection.execute(
        insert(board).values(id=_ONLY, epoch=state.epoch, epoch_seconds=state.epoch_seconds)
    )


def add_cells(connection: Connection, born: Iterable[BornCell]) -> None:
    """Put cells on the board."""
    # In the order of the tags: the file must not show which were written first, so had waited.
    rows = [
        {"tag": b.cell[:TAG_LEN], "cell": b.cell, "ends": b.ends}
        for b in sorted(born, key=lambda b: b.cell)
    ]
    if rows:
        connection.execute(insert(cells), rows)


def remove_ended(connection: Connection, epoch: int) -> None:
    """Take off what is gone in this epoch."""
    connection.execute(delete(cells).where(cells.c.ends <= epoch))


def stretch(connection: Connection, numerator: int, denominator: int) -> None:
    """Count the ends of all cells in epochs of another length; none goes before its time."""
    ends = (cells.c.ends * numerator + denominator - 1) // denominator
    connection.execute(update(cells).values(ends=ends))


def read_cells(connection: Connection) -> list[bytes]:
    """Every cell on the board, in the order of the tags."""
    return list(connection.scalars(select(cells.c.cell).order_by(cells.c.tag)))
