"""One charter holds; the one before leaves nothing behind."""

from pathlib import Path

from silent_courier.storage.server.charters import (
    CharterVersion,
    StoredCharter,
    read_charter,
    read_version,
    store_charter,
)
from silent_courier.storage.server.database import Database

FIRST = StoredCharter(1, CharterVersion(b"hash 1", b"access hash 1"), b"chain 1", b"access 1")
SECOND = StoredCharter(2, CharterVersion(b"hash 2", b"access hash 2"), b"chain 2", b"access 2")


def test_there_is_none_at_first(database: Database) -> None:
    with database.read() as connection:
        assert read_charter(connection) is None
        assert read_version(connection) is None


def test_last_one_stored_holds(database: Database) -> None:
    for charter in (FIRST, SECOND):
        with database.write() as connection:
            store_charter(connection, charter)

    with database.read() as connection:
        assert read_charter(connection) == SECOND
        assert read_version(connection) == SECOND.version


def test_token_hashes_of_who_left_are_gone(database: Database, tmp_path: Path) -> None:
    for charter in (FIRST, SECOND):
        with database.write() as connection:
            store_charter(connection, charter)
    database.checkpoint()

    assert b"access 1" not in (tmp_path / "store.sqlite").read_bytes()
