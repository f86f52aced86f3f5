"""Cells that desks have posted and that wait for their birth. Spec §11.6.

A batch is kept whole or not at all. Each device has one place a turn, so no device waits for
another's long queue. Once born, a cell has nothing about it any more that tells who posted it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, update

from silent_courier.protocol.errors import QuotaError, TagTakenError
from silent_courier.protocol.sizes import TAG_LEN
from silent_courier.storage.server.tables import cell_counts, cells, queued_cells


@dataclass(frozen=True, slots=True)
class Posting:
    """A batch of cells by one device on one day, and how many it may post that day."""

    device: int
    day: int
    cells: Sequence[bytes]
    cells_per_day: int


@dataclass(frozen=True, slots=True)
class QueueLengths:
    """Cells that wait: the device's own, and all."""

    own: int
    everyone: int


def queue_cells(connection: Connection, posting: Posting) -> None:
    """Queue those cells of the batch that are not known yet.

    Raises:
        TagTakenError: a tag is known, or twice in the batch, with other bytes.
        QuotaError: more than the device may post in a day.
    """
    fresh = _unknown(connection, posting.cells)
    _count(connection, posting, len(fresh))
    turn = _next_turn(connection, posting.device)
    position = (connection.scalar(select(func.max(queued_cells.c.position))) or 0) + 1
    rows = [
        {
            "tag": cell[:TAG_LEN],
            "cell": cell,
            "device": posting.device,
            "turn": turn + i,
            "position": position + i,
        }
        for i, cell in enumerate(fresh)
    ]
    if rows:
        connection.execute(insert(queued_cells), rows)


def _unknown(connection: Connection, posted: Sequence[bytes]) -> list[bytes]:
    known: dict[bytes, bytes] = {}
    tags = [cell[:TAG_LEN] for cell in posted]
    for table in (cells, queued_cells):
        found = select(table.c.tag, table.c.cell).where(table.c.tag.in_(tags))
        known.update((row.tag, row.cell) for row in connection.execute(found))
    fresh: list[bytes] = []
    for tag, cell in zip(tags, posted, strict=True):
        if tag not in known:
            known[tag] = cell
            fresh.append(cell)
        elif known[tag] != cell:
            raise TagTakenError
    return fresh


def _count(connection: Connection, posting: Posting, new: int) -> None:
    columns = cell_counts.c
    this_day = (columns.device == posting.device, columns.day == posting.day)
    before = connection.scalar(select(columns.posted).where(*this_day))
    posted = (before or 0) + new
    if posted > posting.cells_per_day:
        raise QuotaError
    if before is None:
        values = {"device": posting.device, "day": posting.day, "posted": posted}
        connection.execute(insert(cell_counts).values(values))
    else:
        connection.execute(update(cell_counts).where(*this_day).values(posted=posted))


def _next_turn(connection: Connection, device: int) -> int:
    turn = queued_cells.c.turn
    current = connection.scalar(select(func.min(turn))) or 0
    own = connection.scalar(select(func.max(turn)).where(queued_cells.c.device == device))
    return current if own is None else max(current, own + 1)


def take_queued(connection: Connection, count: int) -> list[bytes]:
    """Take the next cells, at most `count`, out of the queue."""
    columns = queued_cells.c
    first = select(columns.tag, columns.cell).order_by(columns.turn, columns.position).limit(count)
    rows = connection.execute(first).all()
    connection.execute(delete(queued_cells).where(columns.tag.in_([row.tag for row in rows])))
    return [row.cell for row in rows]


def read_queue_lengths(connection: Connection, device: int) -> QueueLengths:
    """How many cells wait."""
    count = select(func.count()).select_from(queued_cells)
    own = connection.scalar(count.where(queued_cells.c.device == device))
    return QueueLengths(own or 0, connection.scalar(count) or 0)


def purge_counts(connection: Connection, today: int) -> None:
    """Forget how much was posted on days that are over."""
    connection.execute(delete(cell_counts).where(cell_counts.c.day < today))
