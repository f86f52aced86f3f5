"""Letters: once each, by day, gone on their day and not before."""

from hashlib import sha256

from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import (
    NewLetter,
    add_letters,
    count_by_day,
    count_letters,
    hashes_of_day,
    purge_letters,
    read_letters,
)


def _letter(text: bytes, day: int = 10, expires: int = 40) -> NewLetter:
    return NewLetter(sha256(text).digest(), text, day, expires)


def _add(database: Database, *letters: NewLetter) -> None:
    with database.write() as connection:
        add_letters(connection, letters)


def test_letters_come_back_in_the_order_asked(database: Database) -> None:
    one, two = _letter(b"one"), _letter(b"two")
    _add(database, one, two)

    with database.read() as connection:
        found = read_letters(connection, [two.sha256, bytes(32), one.sha256, two.sha256])

    assert found == [b"two", b"", b"one", b"two"]


def test_same_letter_is_kept_once_with_its_first_day(database: Database) -> None:
    _add(database, _letter(b"one", day=10), _letter(b"one", day=10))
    _add(database, _letter(b"one", day=11, expires=99), _letter(b"two", day=11))

    with database.read() as connection:
        assert count_by_day(connection) == [(10, 1), (11, 1)]
        assert count_letters(connection) == 2
    with database.write() as connection:
        purge_letters(connection, 40)
        assert count_letters(connection) == 0


def test_hashes_of_a_day_are_sorted(database: Database) -> None:
    letters = [_letter(bytes([n])) for n in range(20)]
    _add(database, *letters, _letter(b"another day", day=11))

    with database.read() as connection:
        assert hashes_of_day(connection, 10) == sorted(letter.sha256 for letter in letters)
        assert hashes_of_day(connection, 12) == []


def test_letter_goes_on_its_day_and_not_before(database: Database) -> None:
    _add(database, _letter(b"one", expires=40), _letter(b"two", expires=41))

    with database.write() as connection:
        purge_letters(connection, 39)
        assert count_letters(connection) == 2
        purge_letters(connection, 40)
        assert count_letters(connection) == 1


def test_adding_nothing_is_fine(database: Database) -> None:
    _add(database)

    with database.read() as connection:
        assert count_by_day(connection) == []
