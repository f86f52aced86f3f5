"""The server's database file: opened durable, brought up to date, errors translated. Spec §12.4.

All that is particular to SQLite stands here; the queries beside this module are for any database.
Every commit is on the disk when it returns, and what is deleted is overwritten.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from silent_courier.protocol.errors import DiskFullError, StorageError, StoreDamagedError
from silent_courier.storage.files import translated as translated_file_errors
from silent_courier.storage.migrations import upgrade

# A writer waits for another, a purge for instance, rather than fail.
BUSY_S: Final = 60
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    # With NORMAL a commit in WAL mode is not synced at all.
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
)
_FULL: Final = frozenset(
    {
        sqlite3.SQLITE_FULL,
        # The shared-memory file cannot grow either when the disk is full.
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_WRITE,
    }
)
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_PRIMARY_CODE: Final = 0xFF


class Database:
    """An open database. Its methods block; each thread gets a connection of its own."""

    def __init__(self, path: Path) -> None:
        _make_private(path)
        self._engine = _make_engine(path)
        with self.write() as connection:
            upgrade(connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; writers are not held up."""
        with _translated(), self._engine.connect() as connection:
            yield connection.execution_options(courier_begin="BEGIN")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, durable when the block is left, undone when it raises."""
        with _translated(), self._engine.begin() as connection:
            yield connection

    def checkpoint(self) -> None:
        """Move everything into the main file and empty the log, where deleted rows still are.

        Raises:
            StorageError: somebody reads for so long that the log could not be emptied.
        """
        with _translated(), self._raw() as cursor:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StorageError

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy, without free pages, to a file that does not exist yet."""
        with _translated(), self._raw() as cursor:
            cursor.execute("VACUUM INTO ?", (str(path),))

    def close(self) -> None:
        """Close every connection; the log is emptied by the last."""
        self._engine.dispose()

    @contextmanager
    def _raw(self) -> Iterator[Any]:
        # Neither command may stand inside a transaction.
        raw = self._engine.raw_connection()
        try:
            yield raw.cursor()
        finally:
            raw.close()


def _make_private(path: Path) -> None:
    with translated_file_errors():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


def _make_engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_S}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own idea of when a transaction begins is switched off.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: one that only wanted it later could not wait for it.
        options = connection.get_execution_options()
        connection.exec_driver_sql(options.get("courier_begin", "BEGIN IMMEDIATE"))

    return engine


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _translate(error.orig) from None
    except sqlite3.Error as error:
        raise _translate(error) from None


def _translate(error: BaseException | None) -> StorageError:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _FULL:
        return DiskFullError()
    if code & _PRIMARY_CODE in _DAMAGED:
        return StoreDamagedError()
    return StorageError()
