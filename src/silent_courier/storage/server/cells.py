"""Cells that desks have posted and that wait for their birth. Spec §11.6.

A batch is kept whole or not at all. Each device has one place a turn, so no device waits for
another's long queue. While it waits a cell is sealed under the key of the day, and each night anew
under the next: once it is born and that key is gone, nothing tells that it ever waited.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from silent_courier.protocol.errors import QuotaError, StoreDamagedError, TagTakenError
from silent_courier.protocol.sizes import TAG_LEN
from silent_courier.storage.server.tables import cell_counts, cells, queued_cells
from silent_courier.storage.staging import Staging, StagingKey

NO_KEY = 0
_KIND = b"cell"


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


def queue_cells(connection: Connection, staging: Staging, posting: Posting) -> None:
    """Queue those cells of the batch that are not known yet.

    Raises:
        TagTakenError: a tag is known, or twice in the batch, with other bytes.
        QuotaError: more than the device may post in a day.
    """
    fresh = _unknown(connection, staging.live, posting.cells)
    _count(connection, posting, len(fresh))
    turn = _next_turn(connection, posting.device)
    position = (connection.scalar(select(func.max(queued_cells.c.position))) or 0) + 1
    rows = [
        {
            **_sealed(staging, cell),
            "device": posting.device,
            "turn": turn + i,
            "position": position + i,
        }
        for i, cell in enumerate(fresh)
    ]
    if rows:
        connection.execute(insert(queued_cells), rows)


def _sealed(staging: Staging, cell: bytes) -> dict[str, object]:
    name = staging.key.name_of(_KIND, cell[:TAG_LEN])
    return {"name": name, "key": staging.key.day, "cell": staging.seal(name, cell)}


def _opened(row: Row[Any], live: Sequence[StagingKey]) -> bytes:
    if row.key == NO_KEY:
        return bytes(row.cell)
    for key in live:
        if key.day == row.key:
            return key.open(row.name, row.cell)
    raise StoreDamagedError


def _unknown(
    connection: Connection, live: Sequence[StagingKey], posted: Sequence[bytes]
) -> list[bytes]:
    tags = [cell[:TAG_LEN] for cell in posted]
    found = select(cells.c.tag, cells.c.cell).where(cells.c.tag.in_(tags))
    known = {row.tag: row.cell for row in connection.execute(found)}
    names = [*tags, *(key.name_of(_KIND, tag) for key in live for tag in tags)]
    waiting = select(queued_cells).where(queued_cells.c.name.in_(names))
    for row in connection.execute(waiting):
        cell = _opened(row, live)
        known[cell[:TAG_LEN]] = cell
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


def take_queued(connection: Connection, count: int, live: Sequence[StagingKey]) -> list[bytes]:
    """Take the next cells, at most `count`, out of the queue."""
    columns = queued_cells.c
    first = select(queued_cells).order_by(columns.turn, columns.position).limit(count)
    rows = connection.execute(first).all()
    connection.execute(delete(queued_cells).where(columns.name.in_([row.name for row in rows])))
    return [_opened(row, live) for row in rows]


def reseal_queue(connection: Connection, staging: Staging) -> None:
    """Seal every cell that waits under the key of now; places and turns stay."""
    others = select(queued_cells).where(queued_cells.c.key != staging.key.day)
    _write_anew(connection, staging.live, others.order_by(queued_cells.c.name), staging)


def unseal_queue(connection: Connection, live: Sequence[StagingKey]) -> None:
    """Let the cells wait unsealed: for a copy that gets along without a key."""
    _write_anew(connection, live, select(queued_cells).where(queued_cells.c.key != NO_KEY), None)


def _write_anew(
    connection: Connection,
    live: Sequence[StagingKey],
    which: Select[Any],
    staging: Staging | None,
) -> None:
    for row in connection.execute(which).all():
        cell = _opened(row, live)
        plain = {"name": cell[:TAG_LEN], "key": NO_KEY, "cell": cell}
        columns = plain if staging is None else _sealed(staging, cell)
        connection.execute(
            update(queued_cells).where(queued_cells.c.name == row.name).values(columns)
        )


def read_queue_lengths(connection: Connection, device: int) -> QueueLengths:
    """How many cells wait."""
    count = select(func.count()).select_from(queued_cells)
    own = connection.scalar(count.where(queued_cells.c.device == device))
    return QueueLengths(own or 0, connection.scalar(count) or 0)


def purge_counts(connection: Connection, today: int) -> None:
    """Forget how much was posted on days that are over."""
    connection.execute(delete(cell_counts).where(cell_counts.c.day < today))
