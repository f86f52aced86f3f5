"""When each chunk goes; the chunks themselves are files. Spec §12.1."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select

from silent_courier.storage.server.tables import chunks


def note_chunk(connection: Connection, chunk_id: bytes, expires: int) -> None:
    """Remember the first day this chunk is gone; a chunk that is known keeps its day."""
    if connection.scalar(select(chunks.c.id).where(chunks.c.id == chunk_id)) is None:
        connection.execute(insert(chunks).values(id=chunk_id, expires=expires))


def expired_chunks(connection: Connection, today: int) -> list[bytes]:
    """The chunks whose day to go has come."""
    return list(connection.scalars(select(chunks.c.id).where(chunks.c.expires <= today)))


def forget_chunks(connection: Connection, today: int) -> None:
    """Forget the chunks whose day to go has come, once their files are gone."""
    connection.execute(delete(chunks).where(chunks.c.expires <= today))


def unknown_chunks(connection: Connection, ids: Iterable[bytes]) -> list[bytes]:
    """Those of these that have no day to go: their note was lost between two writes."""
    known = set(connection.scalars(select(chunks.c.id)))
    return [chunk_id for chunk_id in ids if chunk_id not in known]


def count_chunks(connection: Connection) -> int:
    """How many chunks are known."""
    return connection.scalar(select(func.count()).select_from(chunks)) or 0
