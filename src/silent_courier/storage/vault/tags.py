"""Tag numbers, reserved for ever before anything is sealed under them. Spec §6.2, §14.8.

A number used twice would show the board that two cells belong together. A reservation is
durable when it returns; numbers that a crash left unused stay unused. They are counted by thread
key, so that whoever sends one key under two source ids does not get one number twice.
"""

from silent_courier.protocol.errors import NoTagsLeftError
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.sizes import TAGS_PER_WEEK
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault.database import Vault


def reserve(vault: Vault, source: bytes, key: ThreadKey, count: int) -> range:
    """The next `count` numbers of this thread key's week; NoTagsLeftError, and none is taken.

    Never inside another transaction: it must be durable before the caller goes on.
    """
    with vault.transaction():
        first = _next(vault, source, key)
        if first + count > TAGS_PER_WEEK:
            raise NoTagsLeftError
        vault.run("INSERT OR REPLACE INTO thread_tag VALUES (?, ?)", _name(key), first + count)
    return range(first, first + count)


def left(vault: Vault, source: bytes, key: ThreadKey) -> int:
    """How many numbers of this week are free."""
    return TAGS_PER_WEEK - _next(vault, source, key)


def _next(vault: Vault, source: bytes, key: ThreadKey) -> int:
    """The lowest number that was never given out, by this program or by the one before it."""
    row = vault.row(
        "SELECT coalesce(max(next), 0) FROM (SELECT next FROM thread_tag WHERE thread = ?"
        " UNION ALL SELECT next FROM tag WHERE source = ? AND generation = ? AND week = ?)",
        _name(key),
        source,
        key.generation,
        key.week,
    )
    return int(row[0]) if row else 0


def _name(key: ThreadKey) -> bytes:
    """Of the key alone: it makes the tags, under whatever id and generation it came."""
    return sha256(key.key)
