"""Once a day: what has had its time goes, and leaves nothing behind. Spec §12.1.

Only the day drawn at arrival removes an item, least of all that somebody read it.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from silent_courier.server.draws import Random, draw_expiry
from silent_courier.storage.chunks import ChunkStore
from silent_courier.storage.server.cells import purge_counts
from silent_courier.storage.server.chunks import (
    count_chunks,
    expired_chunks,
    forget_chunks,
    note_chunk,
    unknown_chunks,
)
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import count_letters, purge_letters
from silent_courier.storage.server.statements import purge_statements


@dataclass(frozen=True, slots=True)
class Counts:
    """What is here after a night."""

    letters: int = 0
    chunks: int = 0


def purge(database: Database, chunks: ChunkStore, random: Random, today: int) -> None:
    """Remove what goes today. Blocks; done twice it does no harm."""
    with database.read() as connection:
        expired = expired_chunks(connection, today)
    # Files first: when the disk is full this makes the room that the rest needs.
    for chunk_id in expired:
        chunks.remove(chunk_id)
    present = list(chunks.ids())
    with database.write() as connection:
        forget_chunks(connection, today)
        purge_letters(connection, today)
        purge_statements(connection, today)
        purge_counts(connection, today)
        # A crash between a chunk's file and its note leaves a file that nothing would remove.
        for chunk_id in unknown_chunks(connection, present):
            note_chunk(connection, chunk_id, draw_expiry(random, today))
    database.checkpoint()


def count(connection: Connection) -> Counts:
    """What is here."""
    return Counts(count_letters(connection), count_chunks(connection))
