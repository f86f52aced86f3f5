"""Sealed letters by the SHA-256 of their bytes, with the day they came and the day they go.
Spec §12.1.

A letter that is here already stays as it is: nothing shows that it came twice. What came since the
night stands apart, in `staged_letters`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select, union_all

from silent_courier.storage.server.tables import letters, staged_letters


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter on its way in; `expires` is the first day it is gone."""

    sha256: bytes
    letter: bytes
    day: int
    expires: int


def add_letters(connection: Connection, new: Iterable[NewLetter]) -> None:
    """Keep those that are not here yet."""
    by_hash = {letter.sha256: letter for letter in new}
    for known in known_hashes(connection, by_hash):
        del by_hash[known]
    if by_hash:
        connection.execute(insert(letters), [_row(letter) for letter in by_hash.values()])


def known_hashes(connection: Connection, hashes: Iterable[bytes]) -> Sequence[bytes]:
    """Those of these whose letters are here."""
    return connection.scalars(select(letters.c.sha256).where(letters.c.sha256.in_(hashes))).all()


def _row(letter: NewLetter) -> dict[str, object]:
    return {
        "sha256": letter.sha256,
        "letter": letter.letter,
        "day": letter.day,
        "expires": letter.expires,
    }


def count_by_day(connection: Connection) -> list[tuple[int, int]]:
    """Each day that has letters, ascending, and how many; staged ones count."""
    day = union_all(select(letters.c.day), select(staged_letters.c.day)).subquery().c.day
    days = select(day, func.count()).group_by(day).order_by(day)
    return [(day, count) for day, count in connection.execute(days)]


def hashes_of_day(connection: Connection, day: int) -> list[bytes]:
    """The SHA-256 of every letter of the day, sorted."""
    hashes = select(letters.c.sha256).where(letters.c.day == day).order_by(letters.c.sha256)
    return list(connection.scalars(hashes))


def read_letters(connection: Connection, hashes: Sequence[bytes]) -> list[bytes]:
    """The letter for each SHA-256 in order; empty where there is none."""
    found = select(letters.c.sha256, letters.c.letter).where(letters.c.sha256.in_(hashes))
    by_hash = {row.sha256: row.letter for row in connection.execute(found)}
    return [by_hash.get(sha256, b"") for sha256 in hashes]


def count_letters(connection: Connection) -> int:
    """How many letters there are."""
    return connection.scalar(select(func.count()).select_from(letters)) or 0


def purge_letters(connection: Connection, today: int) -> None:
    """Remove the letters whose day to go has come."""
    connection.execute(delete(letters).where(letters.c.expires <= today))
