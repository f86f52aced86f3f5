"""For tests of what is staged: a key of the day, and a store of chunks that uses it."""

import os
from collections.abc import Sequence
from pathlib import Path

from silent_courier.storage.chunks import DiskChunks
from silent_courier.storage.staging import Staging, StagingKeys

DAY = 10


def make_keys(directory: Path, day: int = DAY) -> StagingKeys:
    """Keys of which the newest is of this day."""
    keys = StagingKeys(directory / "staging")
    keys.begin(day, os.urandom(32))
    return keys


def staging_of(keys: StagingKeys) -> Staging:
    """What a write takes."""
    return Staging(keys.live[-1], keys.live, os.urandom)


def make_chunks(directory: Path, keys: StagingKeys) -> DiskChunks:
    """An empty store, or the one that is there."""
    chunks = DiskChunks(directory / "chunks", keys, os.urandom)
    chunks.prepare()
    return chunks


def keep(chunks: DiskChunks, chunk_id: bytes, *pieces: bytes) -> None:
    """Let a chunk come in."""
    writer = chunks.create(chunk_id)
    for piece in pieces:
        writer.write(piece)
    writer.keep()


def read(chunks: DiskChunks, chunk_id: bytes) -> bytes | None:
    """The chunk's bytes, or None."""
    file = chunks.open(chunk_id)
    if file is None:
        return None
    data = file.read(file.length + 1)
    assert len(data) == file.length
    file.close()
    return data


def rank_correlation(values: Sequence[float]) -> float:
    """Spearman's rank correlation of these with the order they stand in; -1 to 1."""
    count = len(values)
    by_value = sorted(range(count), key=lambda place: values[place])
    squares = sum((rank - place) ** 2 for rank, place in enumerate(by_value))
    return 1 - 6 * squares / (count * (count**2 - 1))
