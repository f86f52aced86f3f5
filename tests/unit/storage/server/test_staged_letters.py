"""Staged letters: served at once, once each, and after the night in an order that is no order."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from silent_courier.protocol.errors import StoreDamagedError
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import (
    NewLetter,
    add_letters,
    count_by_day,
    count_letters,
)
from silent_courier.storage.server.order import Order, at_random, by_name
from silent_courier.storage.server.staged_letters import (
    hashes_of_day,
    read_letters,
    settle_letters,
    stage_letters,
)
from silent_courier.storage.staging import StagingKey, StagingKeys
from tests.unit.storage.kit import DAY, rank_correlation, staging_of


def _letter(day: int = DAY, expires: int = 40, length: int = 100) -> NewLetter:
    data = os.urandom(length)
    return NewLetter(sha256(data).digest(), data, day, expires)


def _stage(database: Database, keys: StagingKeys, *letters: NewLetter) -> None:
    with database.write() as connection:
        stage_letters(connection, staging_of(keys), letters)


def _settle(database: Database, key: StagingKey, order: Order = by_name) -> None:
    with database.write() as connection:
        settle_letters(connection, key, order)


@pytest.mark.parametrize("settled", [False, True])
def test_letters_are_served_before_and_after_the_night(
    database: Database, keys: StagingKeys, settled: bool
) -> None:
    letters = [_letter() for _ in range(100)]
    _stage(database, keys, *letters, _letter(day=DAY + 1))
    if settled:
        _settle(database, keys.live[0])

    hashes = [letter.sha256 for letter in letters]
    with database.read() as connection:
        assert count_by_day(connection) == [(DAY, 100), (DAY + 1, 1)]
        assert hashes_of_day(connection, DAY, keys.live) == sorted(hashes)
        asked = [hashes[7], bytes(32), hashes[3], hashes[7]]
        found = read_letters(connection, asked, keys.live)
        assert count_letters(connection) == (101 if settled else 0)
    assert found == [letters[7].letter, b"", letters[3].letter, letters[7].letter]


def test_day_to_go_survives_the_night(database: Database, keys: StagingKeys) -> None:
    _stage(database, keys, _letter(expires=43))
    _settle(database, keys.live[0])

    with database.read() as connection:
        row = connection.exec_driver_sql("SELECT day, expires FROM letters").one()
    assert tuple(row) == (DAY, 43)


def test_same_letter_is_kept_once_whenever_it_comes_again(
    database: Database, keys: StagingKeys
) -> None:
    kept, letter = _letter(), _letter()
    with database.write() as connection:
        add_letters(connection, [kept])
    _stage(database, keys, letter, letter, kept)
    _stage(database, keys, letter)
    keys.begin(DAY + 1, os.urandom(32))
    _stage(database, keys, letter, kept)

    with database.read() as connection:
        assert count_by_day(connection) == [(DAY, 2)]
    for key in keys.live:
        _settle(database, key)
        with database.read() as connection:
            assert count_by_day(connection) == [(DAY, 2)]


def test_letters_under_two_keys_are_served(database: Database, keys: StagingKeys) -> None:
    one, two = _letter(), _letter()
    _stage(database, keys, one)
    keys.begin(DAY + 1, os.urandom(32))
    _stage(database, keys, two)
    _settle(database, keys.live[0])

    with database.read() as connection:
        found = read_letters(connection, [one.sha256, two.sha256], keys.live)
        listed = hashes_of_day(connection, DAY, keys.live)
    assert found == [one.letter, two.letter]
    assert listed == sorted([one.sha256, two.sha256])


def test_staged_letter_says_nothing_without_the_key(
    database: Database, keys: StagingKeys, tmp_path: Path
) -> None:
    letter = _letter(length=6000)
    _stage(database, keys, letter)

    for path in tmp_path.glob("store*"):
        content = path.read_bytes()
        assert letter.sha256 not in content
        assert all(letter.letter[n : n + 16] not in content for n in range(0, 5900, 100))


def test_altered_letter_is_not_served(database: Database, keys: StagingKeys) -> None:
    letter = _letter()
    _stage(database, keys, letter)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE staged_letters SET letter = CAST(letter || 'x' AS BLOB)")

    with pytest.raises(StoreDamagedError), database.read() as connection:
        read_letters(connection, [letter.sha256], keys.live)


@pytest.mark.parametrize("shuffled", [True, False])
def test_file_does_not_tell_the_order_of_arrival_after_the_night(
    database: Database, keys: StagingKeys, tmp_path: Path, shuffled: bool
) -> None:
    letters = [_letter(length=5000) for _ in range(1200)]
    for letter in letters:
        _stage(database, keys, letter)
    key = keys.live[0]
    names = [key.name_of(b"letter", letter.sha256) for letter in letters]

    # The mutant writes them in the order in which they came.
    _settle(database, key, at_random(os.urandom) if shuffled else lambda _: names)
    database.checkpoint()

    content = (tmp_path / "store.sqlite").read_bytes()
    places = [content.find(letter.letter[-2000:-1900]) for letter in letters]
    assert -1 not in places
    correlation = abs(rank_correlation(places))
    assert (correlation < 0.15) is shuffled, correlation
    assert (tmp_path / "store.sqlite-wal").stat().st_size == 0


def test_night_that_breaks_off_leaves_everything_as_it_was(
    database: Database, keys: StagingKeys
) -> None:
    letters = [_letter() for _ in range(200)]
    _stage(database, keys, *letters)

    def breaks() -> None:
        with database.write() as connection:
            settle_letters(connection, keys.live[0], by_name)
            raise RuntimeError

    for _ in range(2):
        with pytest.raises(RuntimeError):
            breaks()
        with database.read() as connection:
            assert count_by_day(connection) == [(DAY, 200)]
            assert count_letters(connection) == 0
