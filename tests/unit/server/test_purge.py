"""What has had its time goes, all of it, and nothing else does."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from silent_courier.server.purge import Counts, count, purge
from silent_courier.storage.server.chunks import expired_chunks, note_chunk
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import NewLetter, add_letters, count_by_day
from silent_courier.storage.server.order import by_name
from tests.unit.storage.kit import keep, make_chunks, make_keys

TODAY = 40


class Places:
    """A database and chunks for one test."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.database = Database(directory / "store.sqlite")
        self.keys = make_keys(directory)
        self.chunks = make_chunks(directory, self.keys)

    def chunk(self, expires: int | None) -> bytes:
        chunk_id = os.urandom(32)
        keep(self.chunks, chunk_id, b"chunk")
        self.chunks.settle(self.keys.live[-1], by_name)
        if expires is not None:
            with self.database.write() as connection:
                note_chunk(connection, chunk_id, expires)
        return chunk_id

    def letter(self, expires: int) -> bytes:
        data = os.urandom(6000)
        with self.database.write() as connection:
            add_letters(connection, [NewLetter(sha256(data).digest(), data, expires - 37, expires)])
        return data

    def purge(self, today: int = TODAY) -> Counts:
        purge(self.database, self.chunks, os.urandom, today)
        with self.database.read() as connection:
            return count(connection)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_what_is_due_goes_and_the_rest_stays(places: Places) -> None:
    places.letter(TODAY)
    places.letter(TODAY + 1)
    places.chunk(TODAY)
    kept = places.chunk(TODAY + 1)

    assert places.purge() == Counts(letters=1, chunks=1)

    assert list(places.chunks.ids()) == [kept]
    with places.database.read() as connection:
        assert count_by_day(connection) == [(TODAY - 36, 1)]
    places.database.close()


def test_nothing_of_a_purged_letter_is_on_the_disk(places: Places) -> None:
    data = places.letter(TODAY)
    places.database.checkpoint()
    assert any(data[100:200] in path.read_bytes() for path in places.directory.glob("store*"))

    places.purge()

    for path in places.directory.glob("store*"):
        content = path.read_bytes()
        for start in range(0, len(data), 500):
            assert data[start : start + 50] not in content
    places.database.close()


def test_second_purge_of_a_day_changes_nothing(places: Places) -> None:
    places.letter(TODAY + 1)
    first = places.purge()

    assert places.purge() == first
    places.database.close()


def test_chunk_whose_note_was_lost_gets_a_day_to_go(places: Places) -> None:
    lost = places.chunk(None)

    assert places.purge() == Counts(chunks=1)

    with places.database.read() as connection:
        assert expired_chunks(connection, TODAY + 29) == []
        assert expired_chunks(connection, TODAY + 44) == [lost]
    places.database.close()


def test_note_whose_chunk_never_came_is_forgotten_in_its_time(places: Places) -> None:
    with places.database.write() as connection:
        note_chunk(connection, bytes(32), TODAY)

    assert places.purge() == Counts()
    places.database.close()
