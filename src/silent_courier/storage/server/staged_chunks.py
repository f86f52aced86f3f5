"""When the chunks that came since the night are to go, sealed under the key of the day. §12.5."""

from sqlalchemy import Connection, delete, insert, select

from silent_courier.protocol.sizes import DAY_LEN, HASH_LEN
from silent_courier.storage.server.chunks import note_chunk
from silent_courier.storage.server.order import Order, groups_of
from silent_courier.storage.server.tables import chunks
from silent_courier.storage.server.tables import staged_chunks as staged
from silent_courier.storage.staging import Staging, StagingKey

_KIND = b"chunk"


def stage_chunk(connection: Connection, staging: Staging, chunk_id: bytes, expires: int) -> None:
    """Remember the first day this chunk is gone; a chunk that is known keeps its day."""
    names = [key.name_of(_KIND, chunk_id) for key in staging.live]
    for known in (
        select(chunks.c.id).where(chunks.c.id == chunk_id),
        select(staged.c.name).where(staged.c.name.in_(names)),
    ):
        if connection.scalar(known) is not None:
            return
    name = staging.key.name_of(_KIND, chunk_id)
    head = staging.seal(name, chunk_id + expires.to_bytes(DAY_LEN, "big"))
    connection.execute(insert(staged).values(name=name, key=staging.key.day, head=head))


def settle_notes(connection: Connection, key: StagingKey, order: Order) -> None:
    """Write all that came under this key where it stays, in this order; staged rows go."""
    names = connection.scalars(select(staged.c.name).where(staged.c.key == key.day)).all()
    for group in groups_of(order(names)):
        found = select(staged.c.name, staged.c.head).where(staged.c.name.in_(group))
        heads = {row.name: row.head for row in connection.execute(found)}
        for name in group:
            head = key.open(name, heads[name])
            expires = int.from_bytes(head[HASH_LEN:], "big")
            note_chunk(connection, head[:HASH_LEN], expires)
        connection.execute(delete(staged).where(staged.c.name.in_(group)))
