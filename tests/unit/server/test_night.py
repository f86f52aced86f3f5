"""A night: everything stays, its order and its key go; broken off anywhere, it is done again."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from silent_courier.protocol.errors import StorageError
from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.server import night
from silent_courier.server.night import do_night
from silent_courier.server.purge import Counts
from silent_courier.server.store import Store
from silent_courier.storage.server.cells import Posting, queue_cells, take_queued
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.letters import NewLetter, count_by_day
from silent_courier.storage.server.staged_letters import read_letters
from silent_courier.storage.staging import StagingKeys, read_staging_keys
from tests.unit.storage.kit import DAY, make_chunks, make_keys


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    yield content


@dataclass(slots=True)
class Day:
    """A store and what was acknowledged."""

    store: Store
    directory: Path
    letters: list[bytes] = field(default_factory=list)
    chunks: dict[bytes, bytes] = field(default_factory=dict)
    cells: list[bytes] = field(default_factory=list)

    async def pass_by(self, count: int = 70, day: int = DAY) -> None:
        """Things arrive, one after another."""
        for _ in range(count):
            letter = os.urandom(300)
            await self.store.add_letter(NewLetter(sha256(letter).digest(), letter, day, day + 30))
            self.letters.append(letter)
        for _ in range(5):
            chunk_id, content = os.urandom(32), os.urandom(1000)
            await self.store.add_chunk(chunk_id, _pieces(content), day + 30)
            self.chunks[chunk_id] = content
        cells = [os.urandom(CELL_LEN) for _ in range(3)]
        posting = Posting(0, day, cells, 1000)
        await self.store.stage(lambda c, staging: queue_cells(c, staging, posting))
        self.cells += cells

    async def sleep(self, today: int = DAY + 1) -> Counts:
        return await do_night(self.store, os.urandom, today)

    async def check(self) -> None:
        """Everything is there, once, in the order it must have, and is found."""
        live = self.store.keys.live
        hashes = [sha256(letter).digest() for letter in self.letters]
        for start in range(0, len(hashes), 64):
            asked = hashes[start : start + 64]
            found = await self.store.read(partial(read_letters, hashes=asked, live=live))
            assert found == self.letters[start : start + 64]
        days = await self.store.read(count_by_day)
        assert sum(count for _, count in days) == len(self.letters)
        for chunk_id, content in self.chunks.items():
            stream = await self.store.open_chunk(chunk_id)
            assert stream is not None
            assert b"".join([piece async for piece in stream.pieces]) == content
        assert await asyncio.to_thread(self._queue) == self.cells

    def _queue(self) -> list[bytes]:
        with self.store.database.write() as connection:
            cells = take_queued(connection, 9999, self.store.keys.live)
            connection.get_transaction().rollback()  # type: ignore[union-attr]
        return cells


@asynccontextmanager
async def _open(directory: Path, keys: StagingKeys | None = None) -> AsyncIterator[Day]:
    keys = keys or make_keys(directory)
    chunks = make_chunks(directory, keys)
    store = Store(Database(directory / "store.sqlite"), chunks, keys, os.urandom)
    try:
        yield Day(store, directory)
    finally:
        await store.close()


def _is_anywhere(directory: Path, data: bytes) -> bool:
    return any(data in path.read_bytes() for path in directory.rglob("*") if path.is_file())


async def test_everything_is_there_the_next_day_and_the_key_is_not(tmp_path: Path) -> None:
    async with _open(tmp_path) as day:
        await day.pass_by()
        yesterday = day.store.keys.live[0]

        assert await day.sleep() == Counts(letters=70, chunks=5)

        await day.check()
        assert [key.day for key in read_staging_keys(tmp_path / "staging")] == [DAY + 1]
        assert not _is_anywhere(tmp_path, yesterday.secret)
        assert (tmp_path / "store.sqlite-wal").stat().st_size == 0
        assert list((tmp_path / "chunks" / "staged").iterdir()) == []


async def test_letters_of_several_days_are_counted_and_found(tmp_path: Path) -> None:
    async with _open(tmp_path) as day:
        for today in range(DAY, DAY + 4):
            await day.pass_by(day=today)
            await day.check()
            await day.sleep(today + 1)
            await day.check()

        assert [count for _, count in await day.store.read(count_by_day)] == [70] * 4


async def test_second_night_of_a_day_changes_nothing(tmp_path: Path) -> None:
    async with _open(tmp_path) as day:
        await day.pass_by()
        await day.sleep()
        await day.pass_by(day=DAY + 1)
        live = day.store.keys.live

        await day.sleep()

        assert day.store.keys.live == live
        await day.check()


STEPS = ("purge", "_write_anew", "_destroy_keys")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("done", [False, True])
async def test_night_broken_off_at_a_step_is_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, done: bool
) -> None:
    """Before the step or right after it; then everything is opened anew, as after a crash."""
    real: Callable[..., object] = getattr(night, step)

    def breaks(*arguments: object, **more: object) -> None:
        if done:
            real(*arguments, **more)
        raise StorageError

    async with _open(tmp_path) as day:
        await day.pass_by()
        with monkeypatch.context() as patch:
            patch.setattr(night, step, breaks)
            with pytest.raises(StorageError):
                await day.sleep()
        await day.check()
        letters, chunks, cells = day.letters, day.chunks, day.cells

    async with _open(tmp_path, StagingKeys(tmp_path / "staging")) as again:
        again.letters, again.chunks, again.cells = letters, chunks, cells
        await again.check()
        await again.pass_by(day=DAY + 1)
        await again.sleep()
        await again.check()
        assert not again.store.keys.due


async def test_chunks_broken_off_in_the_middle_are_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _open(tmp_path) as day:
        await day.pass_by()
        unlink, left = Path.unlink, iter(range(4))

        def breaks(path: Path, missing_ok: bool = False) -> None:
            if next(left, None) is None:
                raise OSError
            unlink(path, missing_ok)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", breaks)
            with pytest.raises(StorageError):
                await day.sleep()
        assert len(day.store.keys.due) == 1
        await day.check()

        await day.sleep()
        await day.check()
        assert not day.store.keys.due


async def test_key_stays_while_an_upload_of_yesterday_runs(tmp_path: Path) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"one "
        begun.set()
        await go_on.wait()
        yield b"two"

    async with _open(tmp_path) as day:
        uploading = asyncio.create_task(day.store.add_chunk(bytes(32), slowly(), DAY + 30))
        await begun.wait()
        await day.sleep()
        assert len(day.store.keys.due) == 1

        go_on.set()
        await uploading
        day.chunks[bytes(32)] = b"one two"
        await day.check()
        await day.sleep()

        await day.check()
        assert not day.store.keys.due


async def test_key_stays_while_an_upload_that_ended_in_the_night_needs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It began before midnight and ends after chunks were looked at, before keys are destroyed."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"one "
        begun.set()
        await go_on.wait()
        yield b"two"

    async with _open(tmp_path) as day:
        uploading = asyncio.create_task(day.store.add_chunk(bytes(32), slowly(), DAY + 30))
        await begun.wait()
        ours, destroy = asyncio.get_running_loop(), night._destroy_keys

        def late(*arguments: Any) -> None:
            ours.call_soon_threadsafe(go_on.set)
            asyncio.run_coroutine_threadsafe(asyncio.wait([uploading]), ours).result(10)
            destroy(*arguments)

        monkeypatch.setattr(night, "_destroy_keys", late)
        await day.sleep()
        day.chunks[bytes(32)] = b"one two"

        assert len(day.store.keys.due) == 1
        await day.check()
        monkeypatch.setattr(night, "_destroy_keys", destroy)
        await day.sleep()
        await day.check()
        assert not day.store.keys.due


async def test_key_stays_while_a_letter_stands_under_it_whatever_went_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _open(tmp_path) as day:
        await day.pass_by(5)
        with monkeypatch.context() as patched:
            patched.setattr(night, "settle", lambda *_: None)
            await day.sleep()
        assert len(day.store.keys.due) == 1
        await day.sleep()

        await day.check()
        assert not day.store.keys.due


async def test_letters_that_come_during_a_night_are_kept(tmp_path: Path) -> None:
    async with _open(tmp_path) as day:
        await day.pass_by(500)
        await asyncio.gather(day.sleep(), day.pass_by(200))

        await day.check()
        await day.sleep(DAY + 2)
        await day.check()
        assert [count for _, count in await day.store.read(count_by_day)] == [700]
