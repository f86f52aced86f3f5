"""Chunks: first bytes win, half a chunk is never seen, nothing tells when one came."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from silent_courier.protocol.errors import StorageError
from silent_courier.storage.chunks import DiskChunks
from silent_courier.storage.server.order import at_random, by_name
from silent_courier.storage.staging import StagingKeys
from tests.unit.storage.kit import DAY, keep, make_chunks, make_keys, rank_correlation, read

ID = bytes(range(32))
OTHER = bytes(32)
SEVERAL_PIECES = os.urandom(200_000)


@pytest.fixture
def keys(tmp_path: Path) -> StagingKeys:
    return make_keys(tmp_path)


@pytest.fixture
def chunks(tmp_path: Path, keys: StagingKeys) -> DiskChunks:
    return make_chunks(tmp_path, keys)


def _settle(chunks: DiskChunks, keys: StagingKeys) -> None:
    for key in keys.live:
        chunks.settle(key, by_name)


def _kept_path(tmp_path: Path, chunk_id: bytes = ID) -> Path:
    return tmp_path / "chunks" / chunk_id.hex()[:2] / chunk_id.hex()


@pytest.mark.parametrize("content", [b"", b"x", bytes(65536), SEVERAL_PIECES])
def test_chunk_comes_back_before_and_after_the_night(
    chunks: DiskChunks, keys: StagingKeys, content: bytes
) -> None:
    keep(chunks, ID, content[:100], content[100:])

    assert read(chunks, ID) == content
    assert list(chunks.staged_ids()) == [ID]

    _settle(chunks, keys)

    assert read(chunks, ID) == content
    assert read(chunks, OTHER) is None
    assert (list(chunks.ids()), list(chunks.staged_ids())) == ([ID], [])


def test_chunk_is_read_in_parts_of_any_length(chunks: DiskChunks) -> None:
    keep(chunks, ID, SEVERAL_PIECES)
    file = chunks.open(ID)
    assert file is not None

    parts = [file.read(n) for n in (1, 65536, 70_000, 10)]

    assert [len(part) for part in parts] == [1, 65536, 70_000, 10]
    assert b"".join(parts) == SEVERAL_PIECES[: 65536 + 70_011]
    file.close()


def test_first_bytes_win(chunks: DiskChunks, tmp_path: Path) -> None:
    slow = chunks.create(ID)
    slow.write(b"second")
    keep(chunks, ID, b"first")

    slow.keep()

    assert read(chunks, ID) == b"first"
    assert list((tmp_path / "chunks" / "incoming").iterdir()) == []


def test_first_bytes_win_over_the_next_days(chunks: DiskChunks, keys: StagingKeys) -> None:
    keep(chunks, ID, b"first")
    keys.begin(DAY + 1, os.urandom(32))
    keep(chunks, ID, b"second")
    assert read(chunks, ID) == b"first"

    chunks.settle(keys.due[0], by_name)
    assert read(chunks, ID) == b"first"
    keep(chunks, ID, b"third")
    _settle(chunks, keys)
    assert read(chunks, ID) == b"first"


def test_chunk_under_way_is_not_seen(chunks: DiskChunks, tmp_path: Path) -> None:
    writer = chunks.create(ID)
    writer.write(b"half")

    assert read(chunks, ID) is None
    assert [*chunks.ids(), *chunks.staged_ids()] == []

    writer.discard()

    assert list((tmp_path / "chunks" / "incoming").iterdir()) == []


def test_what_a_crash_left_is_cleared_away(
    chunks: DiskChunks, keys: StagingKeys, tmp_path: Path
) -> None:
    keep(chunks, OTHER, b"kept")
    writer = chunks.create(ID)
    writer.write(b"half")

    again = make_chunks(tmp_path, keys)

    assert list((tmp_path / "chunks" / "incoming").iterdir()) == []
    assert list(again.staged_ids()) == [OTHER]
    writer.discard()


def test_key_is_in_use_while_a_chunk_is_under_way(chunks: DiskChunks, keys: StagingKeys) -> None:
    kept, broken = chunks.create(ID), chunks.create(OTHER)
    keys.begin(DAY + 1, os.urandom(32))
    yesterday = keys.due[0]

    kept.keep()
    assert keys.is_in_use(yesterday)
    broken.discard()

    assert not keys.is_in_use(yesterday)
    assert chunks.has_staged(yesterday)
    _settle(chunks, keys)
    assert not chunks.has_staged(yesterday)


def test_staged_file_says_nothing_without_the_key(chunks: DiskChunks, tmp_path: Path) -> None:
    keep(chunks, ID, SEVERAL_PIECES)

    (staged,) = (tmp_path / "chunks" / "staged").iterdir()

    assert ID.hex() not in staged.name
    content = staged.read_bytes()
    assert ID not in content
    assert all(SEVERAL_PIECES[n : n + 16] not in content for n in range(0, 200_000 - 16, 999))


@pytest.mark.parametrize("settled", [False, True])
def test_file_does_not_tell_when_it_was_written(
    chunks: DiskChunks, keys: StagingKeys, tmp_path: Path, settled: bool
) -> None:
    keep(chunks, ID, b"x")
    if settled:
        _settle(chunks, keys)

    (path,) = [_kept_path(tmp_path)] if settled else (tmp_path / "chunks" / "staged").iterdir()
    status = path.stat()
    assert (status.st_mtime, status.st_atime) == (0, 0)


def _in_order_of_arrival(keys: StagingKeys, came: Sequence[bytes]) -> Sequence[bytes]:
    """What an order must not be: the mutant."""
    return [keys.live[0].name_of(b"chunk", chunk_id) for chunk_id in came]


@pytest.mark.parametrize("shuffled", [True, False])
def test_numbers_and_times_of_files_do_not_tell_the_order_of_arrival(
    chunks: DiskChunks, keys: StagingKeys, tmp_path: Path, shuffled: bool
) -> None:
    came = [os.urandom(32) for _ in range(1200)]
    for chunk_id in came:
        keep(chunks, chunk_id, b"x")

    order = at_random(os.urandom)
    chunks.settle(keys.live[0], order if shuffled else lambda _: _in_order_of_arrival(keys, came))

    stats = [_kept_path(tmp_path, chunk_id).stat() for chunk_id in came]
    in_order_made = rank_correlation([status.st_ctime_ns for status in stats])
    in_order_numbered = rank_correlation([status.st_ino for status in stats])
    if shuffled:
        assert max(abs(in_order_made), abs(in_order_numbered)) < 0.15
    else:
        assert in_order_made > 0.9


def test_settling_that_breaks_off_is_done_again_without_harm(
    chunks: DiskChunks, keys: StagingKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = {os.urandom(32): os.urandom(100) for _ in range(6)}
    for chunk_id, content in came.items():
        keep(chunks, chunk_id, content)
    unlink, left = Path.unlink, iter(range(5))

    def breaks(path: Path, missing_ok: bool = False) -> None:
        if next(left, None) is None:
            raise OSError
        unlink(path, missing_ok)

    for _ in range(3):
        left = iter(range(3))
        with monkeypatch.context() as patch:
            patch.setattr(Path, "unlink", breaks)
            with pytest.raises(StorageError):
                _settle(chunks, keys)
        assert {chunk_id: read(chunks, chunk_id) for chunk_id in came} == came

    _settle(chunks, keys)
    assert {chunk_id: read(chunks, chunk_id) for chunk_id in came} == came
    assert list(chunks.staged_ids()) == []


def test_removed_chunk_is_gone_and_may_be_removed_again(
    chunks: DiskChunks, keys: StagingKeys
) -> None:
    keep(chunks, ID, b"x")
    _settle(chunks, keys)

    chunks.remove(ID)
    chunks.remove(ID)

    assert read(chunks, ID) is None


def test_file_and_directory_are_synced_before_keep_returns(
    chunks: DiskChunks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = tmp_path / "chunks" / "staged"
    synced: list[tuple[Path, bool]] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((path, any(staged.iterdir())))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    keep(chunks, ID, b"x")

    assert len(synced) == 2
    assert (synced[0][0].parent, synced[0][1]) == (tmp_path / "chunks" / "incoming", False)
    assert synced[1] == (staged, True)


def test_chunk_is_durable_where_it_stays_before_its_staged_file_goes(
    chunks: DiskChunks, keys: StagingKeys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(chunks, ID, b"x")
    staged, final = tmp_path / "chunks" / "staged", _kept_path(tmp_path)
    synced: list[tuple[Path, bool, bool]] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((path, final.exists(), any(staged.iterdir())))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    _settle(chunks, keys)

    assert (synced[0][0].parent.name, *synced[0][1:]) == ("incoming", False, True)
    assert synced[1:] == [(final.parent, True, True), (staged, True, False)]


def test_everything_is_private(chunks: DiskChunks, keys: StagingKeys, tmp_path: Path) -> None:
    keep(chunks, OTHER, b"x")
    _settle(chunks, keys)
    keep(chunks, ID, b"x")

    for path in [tmp_path / "chunks", *(tmp_path / "chunks").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0


def test_foreign_files_are_no_chunks(chunks: DiskChunks, tmp_path: Path) -> None:
    for directory in ("ab", "staged"):
        (tmp_path / "chunks" / directory / "notes.txt").write_bytes(b"")
    (tmp_path / "chunks" / "staged" / f"{DAY}-notes").write_bytes(b"")

    assert [*chunks.ids(), *chunks.staged_ids()] == []


def test_directory_that_cannot_be_made_is_an_error_of_ours(
    keys: StagingKeys, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StorageError):
        DiskChunks(tmp_path / "file", keys, os.urandom).prepare()
