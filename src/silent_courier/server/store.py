"""The database and the chunks for the asynchronous part of the server. Spec §12.4, §12.5.

Blocking work happens in threads of its own. Letters that arrive while one is being written are
written together: each is acknowledged only after the sync of the batch it is in.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from sqlalchemy import Connection

from silent_courier.protocol.errors import StorageError
from silent_courier.server.answers import PIECE_LEN, Stream
from silent_courier.server.draws import Random
from silent_courier.storage.chunks import ChunkStore
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import NewLetter
from silent_courier.storage.server.staged_chunks import stage_chunk
from silent_courier.storage.server.staged_letters import stage_letters
from silent_courier.storage.staged_files import Readable
from silent_courier.storage.staging import Staging, StagingKeys

T = TypeVar("T")

_READERS: Final = 2
_FILE_THREADS: Final = 4
_BATCH_MAX: Final = 64


class Store:
    """What the server keeps. Every method raises DiskFullError or StorageError."""

    def __init__(
        self, database: Database, chunks: ChunkStore, keys: StagingKeys, random: Random
    ) -> None:
        self.database = database
        self.chunks = chunks
        self.keys = keys
        self._random = random
        # One writer: SQLite has room for one, and a queue here is fairer than its lock.
        self._writer = ThreadPoolExecutor(1, "store-write")
        self._readers = ThreadPoolExecutor(_READERS, "store-read")
        self._files = ThreadPoolExecutor(_FILE_THREADS, "chunks")
        self._waiting: list[tuple[NewLetter, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do this in one transaction; durable when it returns."""
        return await self.write_blocking(partial(_write, self.database, work))

    async def stage(self, work: Callable[[Connection, Staging], T]) -> T:
        """Do this in one transaction, under the key of the day; durable when it returns."""
        return await self.write_blocking(partial(self._stage, work))

    def _stage(self, work: Callable[[Connection, Staging], T]) -> T:
        # The key lives until the transaction has ended, whatever the clock says meanwhile.
        with self.keys.lent() as key, self.database.write() as connection:
            return work(connection, Staging(key, self.keys.live, self._random))

    async def write_blocking(self, work: Callable[[], T]) -> T:
        """Do this in the writer's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do this on a consistent view."""
        job = partial(_read, self.database, work)
        return await asyncio.get_running_loop().run_in_executor(self._readers, job)

    async def add_letter(self, letter: NewLetter) -> None:
        """Keep a letter; durable when it returns."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((letter, done))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await done

    async def _flush(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_BATCH_MAX], self._waiting[_BATCH_MAX:]
            letters = [letter for letter, _ in batch]
            try:
                await self.stage(partial(stage_letters, new=letters))
            except StorageError as error:
                _finish(batch, error)
            else:
                _finish(batch, None)

    async def add_chunk(self, chunk_id: bytes, pieces: AsyncIterator[bytes], expires: int) -> None:
        """Keep a chunk whose bytes are still coming; nothing is kept when they break off."""
        writer = await self._in_file_thread(partial(self.chunks.create, chunk_id))
        try:
            async for piece in pieces:
                await self._in_file_thread(partial(writer.write, piece))
            await self._in_file_thread(writer.keep)
        finally:
            await self._in_file_thread(writer.discard)
        await self.stage(partial(stage_chunk, chunk_id=chunk_id, expires=expires))

    async def open_chunk(self, chunk_id: bytes) -> Stream | None:
        """A chunk to send, or None."""
        file = await self._in_file_thread(partial(self.chunks.open, chunk_id))
        if file is None:
            return None
        return Stream(file.length, self._pieces(file))

    async def _pieces(self, file: Readable) -> AsyncIterator[bytes]:
        try:
            while piece := await self._in_file_thread(partial(file.read, PIECE_LEN)):
                yield piece
        finally:
            file.close()

    async def _in_file_thread(self, work: Callable[[], T]) -> T:
        job = asyncio.get_running_loop().run_in_executor(self._files, work)
        try:
            return await asyncio.shield(job)
        except asyncio.CancelledError:
            # A file must not be closed while a thread still writes to it.
            await asyncio.wait([job])
            raise

    async def close(self) -> None:
        """Finish what was accepted, and close."""
        if self._flushing is not None:
            await self._flushing
        for pool in (self._writer, self._readers, self._files):
            await asyncio.to_thread(pool.shutdown)
        self.database.close()


def _write(database: Database, work: Callable[[Connection], T]) -> T:
    with database.write() as connection:
        return work(connection)


def _read(database: Database, work: Callable[[Connection], T]) -> T:
    with database.read() as connection:
        return work(connection)


def _finish(
    batch: list[tuple[NewLetter, asyncio.Future[None]]], error: StorageError | None
) -> None:
    for _, done in batch:
        if done.done():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
