"""The database file: durable settings, private, whole transactions, errors of ours."""

import sqlite3
import stat
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from silent_courier.protocol.errors import DiskFullError, StorageError, StoreDamagedError
from silent_courier.storage.server.database import Database

PUT = text("INSERT INTO chunks (id, expires) VALUES (:id, 1)")


def _count(database: Database) -> int:
    with database.read() as connection:
        return connection.scalar(text("SELECT count(*) FROM chunks")) or 0


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("secure_delete", 1)],
)
def test_settings_hold_on_every_connection(database: Database, pragma: str, value: object) -> None:
    for opening in (database.read, database.write):
        with opening() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_file_is_private(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        connection.execute(PUT, {"id": b"x"})

        for path in tmp_path.glob("store.sqlite*"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_failed_block_leaves_nothing(database: Database) -> None:
    def put_and_fail() -> None:
        with database.write() as connection:
            connection.execute(PUT, {"id": b"x"})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        put_and_fail()

    assert _count(database) == 0


def test_writer_takes_the_lock_at_once_and_the_next_waits(database: Database) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with database.write() as connection:
            order.append("second")
            connection.execute(PUT, {"id": b"2"})

    thread = threading.Thread(target=second)
    thread.start()
    with database.write() as connection:
        inside.set()
        thread.join(0.1)
        order.append("first")
        connection.execute(PUT, {"id": b"1"})
    thread.join()

    assert order == ["first", "second"]
    assert _count(database) == 2


def test_reader_is_not_held_up_by_a_writer(database: Database) -> None:
    with database.write() as connection:
        connection.execute(PUT, {"id": b"x"})
        assert _count(database) == 0


def test_deleted_row_is_not_on_the_disk_after_a_checkpoint(
    database: Database, tmp_path: Path
) -> None:
    marker = b"to-be-forgotten" * 10
    with database.write() as connection:
        connection.execute(PUT, {"id": marker})
    database.checkpoint()
    assert marker in (tmp_path / "store.sqlite").read_bytes()

    with database.write() as connection:
        connection.execute(text("DELETE FROM chunks"))
    database.checkpoint()

    for path in tmp_path.iterdir():
        assert marker not in path.read_bytes()


def test_log_that_could_not_be_emptied_is_said(database: Database, tmp_path: Path) -> None:
    impatient = Database(tmp_path / "store.sqlite")
    with impatient._raw() as cursor:
        cursor.execute("PRAGMA busy_timeout = 10")
    with database.write() as connection:
        connection.execute(PUT, {"id": b"1"})
    with database.read() as reader:
        reader.execute(text("SELECT count(*) FROM chunks")).all()
        with impatient.write() as connection:
            connection.execute(PUT, {"id": b"2"})

        with pytest.raises(StorageError):
            impatient.checkpoint()

    impatient.checkpoint()
    impatient.close()


def test_copy_is_a_database_of_its_own(database: Database, tmp_path: Path) -> None:
    with database.write() as connection:
        connection.execute(PUT, {"id": b"x"})

    database.copy_to(tmp_path / "copy")

    copy = Database(tmp_path / "copy")
    assert _count(copy) == 1
    copy.close()


def test_full_disk_is_an_error_of_its_own(database: Database) -> None:
    def put_too_much() -> None:
        with database.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.execute(PUT, {"id": bytes(100_000)})

    with pytest.raises(DiskFullError):
        put_too_much()

    assert _count(database) == 0


def test_file_that_is_no_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"not a database" * 100)

    with pytest.raises(StoreDamagedError):
        Database(tmp_path / "store.sqlite")


def test_directory_that_is_missing_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        Database(tmp_path / "missing" / "store.sqlite")

    assert "missing" not in str(caught.value)


def test_any_other_failure_is_a_storage_error(database: Database) -> None:
    with pytest.raises(StorageError) as caught, database.read() as connection:
        connection.exec_driver_sql("SELECT * FROM no_such_table")

    assert not isinstance(caught.value.__cause__, sqlite3.Error)
