"""Letters that came since the night: sealed under the key of the day, served at once. Spec §12.5.

Rows stand under names that only the key makes out of hashes, so that no trace of them can be laid
beside the letters later. The night writes them into `letters`, in another order.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, delete, insert, select

from silent_courier.protocol.sizes import DAY_LEN, HASH_LEN
from silent_courier.storage.server import letters
from silent_courier.storage.server.letters import NewLetter
from silent_courier.storage.server.order import Order, groups_of
from silent_courier.storage.server.tables import staged_letters as staged
from silent_courier.storage.staging import Staging, StagingKey

_KIND = b"letter"
_HEAD = b"head"
_BODY = b"body"


def stage_letters(connection: Connection, staging: Staging, new: Iterable[NewLetter]) -> None:
    """Keep those that are not here yet."""
    by_hash = {letter.sha256: letter for letter in new}
    known = set(letters.known_hashes(connection, by_hash))
    known.update(_find(connection, staging.live, list(by_hash)).values())
    rows = [_row(staging, letter) for sha256, letter in by_hash.items() if sha256 not in known]
    if rows:
        connection.execute(insert(staged), rows)


def _row(staging: Staging, letter: NewLetter) -> dict[str, object]:
    name = staging.key.name_of(_KIND, letter.sha256)
    head = letter.sha256 + letter.expires.to_bytes(DAY_LEN, "big")
    return {
        "name": name,
        "key": staging.key.day,
        "day": letter.day,
        "head": staging.seal(_HEAD + name, head),
        "letter": staging.seal(_BODY + name, letter.letter),
    }


def _find(
    connection: Connection, live: Sequence[StagingKey], hashes: Sequence[bytes]
) -> dict[bytes, bytes]:
    """Of these letters those that are staged: the hash of each by the name of its row."""
    names = {key.name_of(_KIND, sha256): sha256 for key in live for sha256 in hashes}
    found = connection.scalars(select(staged.c.name).where(staged.c.name.in_(names)))
    return {name: names[name] for name in found}


def hashes_of_day(connection: Connection, day: int, live: Sequence[StagingKey]) -> list[bytes]:
    """The SHA-256 of every letter of the day, staged ones too, sorted."""
    by_day = {key.day: key for key in live}
    rows = connection.execute(
        select(staged.c.key, staged.c.name, staged.c.head).where(staged.c.day == day)
    )
    new = [_open_head(by_day[r.key], r.name, r.head)[0] for r in rows if r.key in by_day]
    return sorted({*new, *letters.hashes_of_day(connection, day)})


def read_letters(
    connection: Connection, hashes: Sequence[bytes], live: Sequence[StagingKey]
) -> list[bytes]:
    """The letter for each SHA-256 in order, staged ones too; empty where there is none."""
    found = letters.read_letters(connection, hashes)
    missing = [sha256 for sha256, letter in zip(hashes, found, strict=True) if not letter]
    new = dict(_read(connection, live, missing)) if missing else {}
    return [letter or new.get(sha256, b"") for sha256, letter in zip(hashes, found, strict=True)]


def _read(
    connection: Connection, live: Sequence[StagingKey], hashes: Sequence[bytes]
) -> Iterator[tuple[bytes, bytes]]:
    by_day = {key.day: key for key in live}
    names = _find(connection, live, hashes)
    which = select(staged.c.name, staged.c.key, staged.c.letter).where(staged.c.name.in_(names))
    for row in connection.execute(which):
        yield names[row.name], by_day[row.key].open(_BODY + row.name, row.letter)


def settle_letters(connection: Connection, key: StagingKey, order: Order) -> None:
    """Write all that came under this key where it stays, in this order; staged rows go."""
    names = connection.scalars(select(staged.c.name).where(staged.c.key == key.day)).all()
    for group in groups_of(order(names)):
        rows = connection.execute(select(staged).where(staged.c.name.in_(group))).all()
        by_name = {row.name: row for row in rows}
        # Added before the others go: else each would be given the very pages it had.
        letters.add_letters(connection, [_opened(key, *by_name[name]) for name in group])
        connection.execute(delete(staged).where(staged.c.name.in_(group)))


def _opened(
    key: StagingKey, name: bytes, _: int, day: int, head: bytes, letter: bytes
) -> NewLetter:
    sha256, expires = _open_head(key, name, head)
    return NewLetter(sha256, key.open(_BODY + name, letter), day, expires)


def _open_head(key: StagingKey, name: bytes, head: bytes) -> tuple[bytes, int]:
    opened = key.open(_HEAD + name, head)
    return opened[:HASH_LEN], int.from_bytes(opened[HASH_LEN:], "big")
