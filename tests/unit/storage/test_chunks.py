"""Chunks: first bytes win, half a chunk is never seen, nothing tells when one came."""

import os
from pathlib import Path

import pytest

from silent_courier.protocol.errors import StorageError
from silent_courier.storage.chunks import DiskChunks

ID = bytes(range(32))
OTHER = bytes(32)


def _keep(chunks: DiskChunks, chunk_id: bytes, *pieces: bytes) -> None:
    writer = chunks.create(chunk_id)
    for piece in pieces:
        writer.write(piece)
    writer.keep()


def _read(chunks: DiskChunks, chunk_id: bytes) -> bytes | None:
    file = chunks.open(chunk_id)
    if file is None:
        return None
    with file:
        return file.read()


def test_chunk_comes_back(tmp_path: Path) -> None:
    chunks = DiskChunks(tmp_path)

    _keep(chunks, ID, b"one ", b"two")

    assert _read(chunks, ID) == b"one two"
    assert _read(chunks, OTHER) is None
    assert list(chunks.ids()) == [ID]


def test_first_bytes_win(tmp_path: Path) -> None:
    chunks = DiskChunks(tmp_path)
    slow = chunks.create(ID)
    slow.write(b"second")
    _keep(chunks, ID, b"first")

    slow.keep()

    assert _read(chunks, ID) == b"first"
    assert list((tmp_path / "incoming").iterdir()) == []


def test_chunk_under_way_is_not_seen(tmp_path: Path) -> None:
    chunks = DiskChunks(tmp_path)
    writer = chunks.create(ID)
    writer.write(b"half")

    assert _read(chunks, ID) is None
    assert list(chunks.ids()) == []

    writer.discard()

    assert list((tmp_path / "incoming").iterdir()) == []


def test_what_a_crash_left_is_cleared_away(tmp_path: Path) -> None:
    chunks = DiskChunks(tmp_path)
    _keep(chunks, OTHER, b"kept")
    writer = chunks.create(ID)
    writer.write(b"half")

    again = DiskChunks(tmp_path)

    assert list((tmp_path / "incoming").iterdir()) == []
    assert list(again.ids()) == [OTHER]
    writer.discard()


def test_file_does_not_tell_when_it_was_written(tmp_path: Path) -> None:
    chunks = DiskChunks(tmp_path)

    _keep(chunks, ID, b"x")

    status = (tmp_path / ID.hex()[:2] / ID.hex()).stat()
    assert (status.st_mtime, status.st_atime) == (0, 0)


def test_removed_chunk_is_gone_and_may_be_removed_again(tmp_path: Path) -> None:
    chunks = DiskChunks(tmp_path)
    _keep(chunks, ID, b"x")

    chunks.remove(ID)
    chunks.remove(ID)

    assert _read(chunks, ID) is None


def test_file_and_directory_are_synced_before_keep_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chunks = DiskChunks(tmp_path)
    final = tmp_path / ID.hex()[:2] / ID.hex()
    synced: list[tuple[Path, bool]] = []
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        synced.append((Path(f"/proc/self/fd/{descriptor}").readlink(), final.exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    _keep(chunks, ID, b"x")

    assert len(synced) == 2
    assert (synced[0][0].parent, synced[0][1]) == (tmp_path / "incoming", False)
    assert synced[1] == (final.parent, True)


def test_everything_is_private(tmp_path: Path) -> None:
    chunks = DiskChunks(tmp_path / "chunks")
    _keep(chunks, ID, b"x")

    for path in [tmp_path / "chunks", *(tmp_path / "chunks").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0


def test_foreign_files_are_no_chunks(tmp_path: Path) -> None:
    chunks = DiskChunks(tmp_path)
    (tmp_path / "ab" / "notes.txt").write_bytes(b"")

    assert list(chunks.ids()) == []


def test_directory_that_cannot_be_made_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(StorageError):
        DiskChunks(tmp_path / "file")
