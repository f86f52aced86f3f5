"""The encrypted database behind a vault: statements, transactions, and its errors as ours.

Every write is durable when its transaction returns, and what is deleted is overwritten.
Synchronous, and used by one thread. The only module that knows SQLCipher. Spec §14.2.
"""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Self

import sqlcipher3  # type: ignore[import-untyped]  # it carries no annotations

from silent_courier.protocol.errors import VaultDamagedError, VaultError, VaultFullError
from silent_courier.storage.vault.lock import VaultLock

DATABASE_NAME: Final = "vault.sqlite"
PAGE_LEN: Final = 4096

Row = tuple[Any, ...]

_SPOILT: Final = "SQL logic error"
"""What a connection says to everything once it has met an altered page."""

_FULL: Final = 13
_DAMAGED: Final = (11, 26)
_NO_INDEX: Final = (10, 14)
_PRAGMAS: Final = (
    # WAL with FULL: one fsync a commit, before the commit returns.
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = ON",
)


class Vault:
    """An open vault; closing it lets the next program in."""

    def __init__(
        self, directory: Path, key: bytes, lock: VaultLock, name: str = DATABASE_NAME
    ) -> None:
        self.directory = directory
        self._lock = lock
        self.path = directory / name
        self.damaged = False
        """A part of the file is not as it was written."""
        self._key = key
        self._connection = _connect(self.path, key)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database and let go of the lock; a second time does nothing."""
        if self._connection is not None:
            self.close_keeping_lock()
            self._lock.release()

    def close_keeping_lock(self) -> None:
        """Close the database alone, for who still has something to do with its file."""
        self._connection.close()
        self._connection = None
        self._key = b""

    def run(self, sql: str, *values: object) -> int:
        """One statement, and how many rows it changed."""
        with self._our_errors():
            return int(self._connection.execute(sql, values).rowcount)

    def run_many(self, sql: str, rows: Iterable[tuple[object, ...]]) -> None:
        """One statement, once for each row of values."""
        with self._our_errors():
            self._connection.executemany(sql, rows)

    def rows(self, sql: str, *values: object) -> list[Row]:
        """All rows of a query."""
        with self._our_errors():
            return list(self._connection.execute(sql, values).fetchall())

    def row(self, sql: str, *values: object) -> Row | None:
        """The first row of a query, if any."""
        return next(iter(self.rows(sql, *values)), None)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block or nothing, durable when it ends. Inside another, a part of that."""
        if self._connection.in_transaction:
            yield
            return
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        except BaseException:
            with self._our_errors():
                self._connection.rollback()
            raise

    def forget(self) -> None:
        """Overwrite what was deleted wherever it still stands, the journal included."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[None]:
        """Meanwhile the database's file stays as it is now, for another thread to copy.

        The vault is written to as ever: whatever comes waits in the journal, since somebody is
        still reading the file itself.
        """
        self.forget()
        reader = _connect(self.path, self._key)
        try:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchall()
            yield
        finally:
            reader.close()
            if self._connection is not None:
                self.forget()

    def look_for_damage(self) -> None:
        """Hold every page against its MAC, and set `damaged`.

        To be done before anything is read: SQLCipher gives the altered end of a long text as zeros,
        without an error.
        """
        self.damaged = self.rows("PRAGMA cipher_integrity_check") != []

    def check(self) -> None:
        """Read every page; VaultDamagedError when one was altered."""
        if self.rows("PRAGMA cipher_integrity_check") or self.rows("PRAGMA quick_check") != [
            ("ok",)
        ]:
            raise VaultDamagedError

    @contextlib.contextmanager
    def _our_errors(self) -> Iterator[None]:
        try:
            with _our_errors():
                yield
        except VaultFullError:
            raise
        except sqlcipher3.ProgrammingError as error:
            # No new connection could be made: then it is closed, and nothing is read any more.
            if not self.damaged:
                raise
            raise VaultDamagedError from error
        except VaultError as error:
            found = isinstance(error, VaultDamagedError) or str(error.__cause__) == _SPOILT
            if not (found or self.damaged):
                raise
            self.damaged = True
            self._connect_anew()
            raise VaultDamagedError from error

    def _connect_anew(self) -> None:
        """Read on, beside what was altered; what was begun and not committed is not there."""
        with contextlib.suppress(VaultError):
            self._connection.close()
            self._connection = _connect(self.path, self._key)


def rekey(path: Path, before: bytes, after: bytes) -> None:
    """Encrypt a closed database anew under another raw key; VaultDamagedError, VaultFullError."""
    with _our_errors():
        connection = _connect(path, before)
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
            connection.execute(f"PRAGMA rekey = \"x'{after.hex()}'\"")
        finally:
            connection.close()
        _connect(path, after).close()


def _connect(path: Path, key: bytes) -> Any:
    with _our_errors():
        try:
            return _connect_as(path, key, "NORMAL")
        except sqlcipher3.DatabaseError as error:
            # A full disk has no room for the journal's index. Then it is kept in memory, for us
            # alone, so that what is here can be read.
            if _code(error) not in _NO_INDEX:
                raise
            return _connect_as(path, key, "EXCLUSIVE")


def _connect_as(path: Path, key: bytes, locking: str) -> Any:
    # Nobody else is let in, so nobody is waited for: least of all our own reader.
    connection = sqlcipher3.connect(str(path), isolation_level=None, timeout=0)
    try:
        # Its own log would write to the terminal what `_our_errors` says in one sentence.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute(f"PRAGMA locking_mode = {locking}").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
        for pragma in _PRAGMAS:
            connection.execute(pragma).fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


@contextlib.contextmanager
def _our_errors() -> Iterator[None]:
    """Translate the library's errors; what is not about the file is our own mistake and stays."""
    try:
        yield
    except (sqlcipher3.IntegrityError, sqlcipher3.ProgrammingError):
        raise
    except sqlcipher3.DatabaseError as error:
        code = _code(error)
        if code == _FULL:
            raise VaultFullError from error
        if code in _DAMAGED:
            raise VaultDamagedError from error
        raise VaultError from error
