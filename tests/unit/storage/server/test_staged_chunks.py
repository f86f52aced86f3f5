"""The chunks' days to go: sealed until the night, the first day drawn holds."""

import os
from pathlib import Path

from silent_courier.storage.server.chunks import count_chunks, expired_chunks
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.order import by_name
from silent_courier.storage.server.staged_chunks import settle_notes, stage_chunk
from silent_courier.storage.staging import StagingKeys
from tests.unit.storage.kit import DAY, staging_of

ID = bytes(range(32))


def _stage(database: Database, keys: StagingKeys, chunk_id: bytes, expires: int) -> None:
    with database.write() as connection:
        stage_chunk(connection, staging_of(keys), chunk_id, expires)


def _settle(database: Database, keys: StagingKeys) -> None:
    with database.write() as connection:
        for key in keys.live:
            settle_notes(connection, key, by_name)


def test_first_day_holds_however_often_a_chunk_comes(database: Database, keys: StagingKeys) -> None:
    _stage(database, keys, ID, 40)
    _stage(database, keys, ID, 44)
    keys.begin(DAY + 1, os.urandom(32))
    _stage(database, keys, ID, 44)
    _settle(database, keys)
    _stage(database, keys, ID, 44)
    _settle(database, keys)

    with database.read() as connection:
        assert expired_chunks(connection, 40) == [ID]
        assert count_chunks(connection) == 1


def test_every_note_is_there_after_the_night_and_none_is_staged(
    database: Database, keys: StagingKeys
) -> None:
    ids = [os.urandom(32) for _ in range(150)]
    for chunk_id in ids:
        _stage(database, keys, chunk_id, 41)
    _settle(database, keys)

    with database.read() as connection:
        assert set(expired_chunks(connection, 41)) == set(ids)
        rows = connection.exec_driver_sql("SELECT count(*) FROM staged_chunks").scalar_one()
    assert rows == 0


def test_staged_note_says_nothing_without_the_key(
    database: Database, keys: StagingKeys, tmp_path: Path
) -> None:
    _stage(database, keys, ID, 40)

    assert all(ID not in path.read_bytes() for path in tmp_path.glob("store*"))
