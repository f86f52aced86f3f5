"""Letters put straight into a server's store: through its own storage layer, in bulk, unserved."""

import secrets
from collections.abc import Iterator

from bench.sample import DAY
from bench.world import World
from silent_courier.protocol.sizes import RETENTION_DAYS_MAX, RETENTION_DAYS_MIN, letter_len
from silent_courier.server.config import Places
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import NewLetter, add_letters

BATCH = 500
DAYS_KEPT = (RETENTION_DAYS_MIN + RETENTION_DAYS_MAX) // 2


def stock(world: World, count: int) -> None:
    """Add so many letters to a server that does not run, as if they had come over some weeks."""
    letters = _letters(count, letter_len(world.letter_slots))
    database = Database(Places(world.server).store)
    try:
        while batch := [letter for _, letter in zip(range(BATCH), letters, strict=False)]:
            with database.write() as connection:
                add_letters(connection, batch)
    finally:
        database.close()


def _letters(count: int, length: int) -> Iterator[NewLetter]:
    tail = secrets.token_bytes(length - 32)
    for number in range(count):
        left = 1 + number % DAYS_KEPT
        # The store knows a letter by a hash that it is given; any random one is as good.
        yield NewLetter(
            secrets.token_bytes(32),
            secrets.token_bytes(32) + tail,
            DAY - DAYS_KEPT + left,
            DAY + left,
        )
