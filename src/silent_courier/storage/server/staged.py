"""All that came under one key, written where it stays in one transaction. Spec §12.5."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from silent_courier.storage.server.order import Order
from silent_courier.storage.server.staged_chunks import settle_notes
from silent_courier.storage.server.staged_letters import settle_letters
from silent_courier.storage.server.tables import queued_cells, staged_chunks, staged_letters
from silent_courier.storage.staging import StagingKey


def settle(connection: Connection, keys: Iterable[StagingKey], order: Order) -> None:
    """Write letters and the chunks' days to go where they stay; what was staged is gone."""
    for key in keys:
        settle_letters(connection, key, order)
        settle_notes(connection, key, order)


def is_settled(connection: Connection, key: StagingKey) -> bool:
    """Whether no row needs this key any more."""
    tables = (staged_letters, staged_chunks, queued_cells)
    return all(
        connection.scalar(select(func.count()).where(table.c.key == key.day)) == 0
        for table in tables
    )


def is_empty(connection: Connection) -> bool:
    """Whether nothing is staged, under whichever key."""
    tables = (staged_letters, staged_chunks)
    counts = [connection.scalar(select(func.count()).select_from(table)) for table in tables]
    return counts == [0, 0]
