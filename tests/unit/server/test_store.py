"""The store: durable when it returns, one failed write apart from the next, streams to disk."""

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import text

from silent_courier.protocol.errors import BodyCutShortError, DiskFullError
from silent_courier.server.answers import Stream
from silent_courier.server.store import Store
from silent_courier.storage.chunks import DiskChunks, DiskChunkWriter
from silent_courier.storage.server.chunks import expired_chunks
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import NewLetter, count_by_day
from silent_courier.storage.server.order import by_name
from silent_courier.storage.server.staged_chunks import settle_notes
from silent_courier.storage.server.staged_letters import read_letters
from tests.unit.storage.kit import make_chunks, make_keys

ID = bytes(range(32))


@asynccontextmanager
async def _open(tmp_path: Path) -> AsyncIterator[Store]:
    keys = make_keys(tmp_path)
    chunks = make_chunks(tmp_path, keys)
    store = Store(Database(tmp_path / "store.sqlite"), chunks, keys, os.urandom)
    try:
        yield store
    finally:
        await store.close()


def _letter(length: int = 100) -> NewLetter:
    data = os.urandom(length)
    return NewLetter(sha256(data).digest(), data, 10, 40)


async def _pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def _read(stream: Stream | None) -> bytes:
    assert stream is not None
    data = b"".join([piece async for piece in stream.pieces])
    assert len(data) == stream.length
    return data


def _seen_by_another(tmp_path: Path) -> int:
    """What a connection of another program finds."""
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    try:
        count: int = connection.execute("SELECT count(*) FROM staged_letters").fetchone()[0]
        return count
    finally:
        connection.close()


async def test_letter_is_there_when_it_is_acknowledged(tmp_path: Path) -> None:
    async with _open(tmp_path) as store:
        for count in range(1, 4):
            await store.add_letter(_letter())
            assert _seen_by_another(tmp_path) == count


async def test_letters_that_come_together_are_written_together(tmp_path: Path) -> None:
    async with _open(tmp_path) as store:
        letters = [_letter() for _ in range(200)]
        await asyncio.gather(*(store.add_letter(letter) for letter in letters))

        assert _seen_by_another(tmp_path) == 200
        frames = (tmp_path / "store.sqlite-wal").stat().st_size // 4096
        # Written one by one, each would take several pages of the log.
        assert frames < 200


async def test_full_disk_fails_those_letters_and_no_later_ones(tmp_path: Path) -> None:
    async with _open(tmp_path) as store:
        pages = await store.read(lambda c: c.execute(text("PRAGMA page_count")).scalar_one())
        await store.write(lambda c: c.execute(text(f"PRAGMA max_page_count = {pages + 2}")))
        big = [_letter(50_000) for _ in range(3)]
        failed = await asyncio.gather(*map(store.add_letter, big), return_exceptions=True)
        assert [type(error) for error in failed] == [DiskFullError] * 3

        await store.write(lambda c: c.execute(text("PRAGMA max_page_count = 100000")))
        await store.add_letter(big[0])

        assert await store.read(count_by_day) == [(10, 1)]
        live = store.keys.live
        found = await store.read(lambda c: read_letters(c, [big[0].sha256], live))
        assert found == [big[0].letter]


async def test_letter_under_way_is_kept_when_the_store_closes(tmp_path: Path) -> None:
    async with _open(tmp_path) as store:
        waiting = asyncio.create_task(store.add_letter(_letter()))
        await asyncio.sleep(0)

    await waiting
    assert _seen_by_another(tmp_path) == 1


async def test_chunk_is_kept_with_its_day_to_go(tmp_path: Path) -> None:
    async with _open(tmp_path) as store:
        await store.add_chunk(ID, _pieces(b"one ", b"two"), 40)
        await store.add_chunk(ID, _pieces(b"other"), 44)

        assert await _read(await store.open_chunk(ID)) == b"one two"
        assert await store.open_chunk(bytes(32)) is None
        await store.stage(lambda c, staging: settle_notes(c, staging.key, by_name))
        assert await store.read(lambda c: expired_chunks(c, 40)) == [ID]


async def test_chunk_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    async def breaks_off() -> AsyncIterator[bytes]:
        yield b"half"
        raise BodyCutShortError

    async with _open(tmp_path) as store:
        with pytest.raises(BodyCutShortError):
            await store.add_chunk(ID, breaks_off(), 40)

        assert await store.open_chunk(ID) is None
        assert list((tmp_path / "chunks" / "incoming").iterdir()) == []
        assert list(store.chunks.ids()) == []
        assert not store.chunks.has_staged(store.keys.live[0])


async def test_file_is_not_closed_while_a_thread_still_writes_to_it(tmp_path: Path) -> None:
    """Its number could by then be another file's, the database's for instance."""
    order: list[str] = []
    begun = threading.Event()

    class SlowWriter:
        def write(self, _: bytes) -> None:
            begun.set()
            time.sleep(0.1)
            order.append("written")

        def keep(self) -> None:
            order.append("kept")

        def discard(self) -> None:
            order.append("closed")

    class SlowChunks(DiskChunks):
        def create(self, _: bytes) -> DiskChunkWriter:
            return cast(DiskChunkWriter, SlowWriter())

    keys = make_keys(tmp_path)
    chunks = SlowChunks(tmp_path / "chunks", keys, os.urandom)
    store = Store(Database(tmp_path / "store.sqlite"), chunks, keys, os.urandom)
    adding = asyncio.create_task(store.add_chunk(ID, _pieces(b"piece"), 40))
    await asyncio.to_thread(begun.wait, 5)
    adding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await adding

    assert order == ["written", "closed"]
    await store.close()


async def test_reading_goes_on_while_a_write_takes_its_time(tmp_path: Path) -> None:
    async with _open(tmp_path) as store:
        order: list[str] = []
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow() -> None:
            loop.call_soon_threadsafe(begun.set)

            time.sleep(0.2)
            order.append("write")

        writing = asyncio.create_task(store.write_blocking(slow))
        await begun.wait()
        await store.read(count_by_day)
        order.append("read")
        await writing

        assert order == ["read", "write"]
