"""When chunks go: drawn once, and never lost for good."""

from silent_courier.storage.server.chunks import (
    count_chunks,
    expired_chunks,
    forget_chunks,
    note_chunk,
    unknown_chunks,
)
from silent_courier.storage.server.database import Database

ONE, TWO = b"1" * 32, b"2" * 32


def test_second_upload_does_not_prolong_a_life(database: Database) -> None:
    with database.write() as connection:
        note_chunk(connection, ONE, 40)
        note_chunk(connection, ONE, 44)

        assert expired_chunks(connection, 40) == [ONE]
        assert count_chunks(connection) == 1


def test_chunk_goes_on_its_day_and_not_before(database: Database) -> None:
    with database.write() as connection:
        note_chunk(connection, ONE, 40)
        note_chunk(connection, TWO, 41)
        assert expired_chunks(connection, 39) == []

        forget_chunks(connection, 40)

        assert expired_chunks(connection, 99) == [TWO]


def test_chunk_without_a_note_is_found(database: Database) -> None:
    with database.write() as connection:
        note_chunk(connection, ONE, 40)

        assert unknown_chunks(connection, [ONE, TWO]) == [TWO]
