"""Tag numbers, reserved for ever before anything is sealed under them. Spec §6.2, §14.8.

A number used twice would show the board that two cells belong together. A reservation is
durable when it returns; numbers that a crash left unused stay unused.
"""

from silent_courier.protocol.errors import NoTagsLeftError
from silent_courier.protocol.sizes import TAGS_PER_WEEK
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault.database import Vault


def reserve(vault: Vault, source: bytes, key: ThreadKey, count: int) -> range:
    """The next `count` numbers of this thread key's week; NoTagsLeftError, and none is taken.

    Never inside another transaction: it must be durable before the caller goes on.
    """
    with vault.transaction():
        row = vault.row(
            "SELECT next FROM tag WHERE source = ? AND generation = ? AND week = ?",
            source,
            key.generation,
            key.week,
        )
        first = int(row[0]) if row else 0
        if first + count > TAGS_PER_WEEK:
            raise NoTagsLeftError
        vault.run(
            "INSERT OR REPLACE INTO tag (source, generation, week, next) VALUES (?, ?, ?, ?)",
            source,
            key.generation,
            key.week,
            first + count,
        )
    return range(first, first + count)


def left(vault: Vault, source: bytes, key: ThreadKey) -> int:
    """How many numbers of this week are free."""
    row = vault.row(
        "SELECT next FROM tag WHERE source = ? AND generation = ? AND week = ?",
        source,
        key.generation,
        key.week,
    )
    return TAGS_PER_WEEK - (int(row[0]) if row else 0)
