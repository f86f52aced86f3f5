"""Sealed chunks as files on the local disk, by their ids. Spec §10.5.

A chunk is written aside, synced, and then linked under its id, which fails when the id is taken:
the first bytes win, and nobody ever sees half a chunk. Its time of writing is set to zero, since
files otherwise carry the second they came. Methods block; call them in a thread. `ChunkStore` is
what another kind of store has to offer.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from silent_courier.storage.files import sync_directory, translated

_INCOMING: Final = "incoming"
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PREFIX: Final = 2


class ChunkWriter(Protocol):
    """One chunk on its way in; ends with `keep` or `discard`."""

    def write(self, data: bytes) -> None:
        """Add bytes; DiskFullError, StorageError."""

    def keep(self) -> None:
        """Make it durable under its id, unless that is taken; DiskFullError, StorageError."""

    def discard(self) -> None:
        """Forget it; nothing to do after `keep`."""


class ChunkStore(Protocol):
    """Where chunks are kept."""

    def create(self, chunk_id: bytes) -> ChunkWriter:
        """Begin to write the chunk with this 32-byte id."""

    def open(self, chunk_id: bytes) -> BinaryIO | None:
        """The chunk for reading, or None."""

    def remove(self, chunk_id: bytes) -> None:
        """Remove it; fine when it is not there."""

    def ids(self) -> Iterator[bytes]:
        """The ids of all chunks, in no order."""


class DiskChunks:
    """Chunks in 256 directories below one; what was half written before is cleared away."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with translated():
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in (_INCOMING, *(f"{prefix:02x}" for prefix in range(256))):
                (directory / name).mkdir(mode=0o700, exist_ok=True)
            for left_over in (directory / _INCOMING).iterdir():
                left_over.unlink()
            sync_directory(directory)

    def create(self, chunk_id: bytes) -> "DiskChunkWriter":
        """Begin to write the chunk with this id; DiskFullError, StorageError."""
        return DiskChunkWriter(self._directory / _INCOMING, self._path(chunk_id))

    def open(self, chunk_id: bytes) -> BinaryIO | None:
        """The chunk for reading, or None."""
        with translated():
            try:
                return self._path(chunk_id).open("rb")
            except FileNotFoundError:
                return None

    def remove(self, chunk_id: bytes) -> None:
        """Remove it; fine when it is not there."""
        with translated():
            self._path(chunk_id).unlink(missing_ok=True)

    def ids(self) -> Iterator[bytes]:
        """The ids of all chunks."""
        with translated():
            for path in self._directory.glob("[0-9a-f][0-9a-f]/*"):
                if _NAME.fullmatch(path.name):
                    yield bytes.fromhex(path.name)

    def _path(self, chunk_id: bytes) -> Path:
        name = chunk_id.hex()
        return self._directory / name[:_PREFIX] / name


class DiskChunkWriter:
    """A file aside that becomes a chunk, or nothing."""

    def __init__(self, aside: Path, final: Path) -> None:
        self._final = final
        with translated():
            self._file, name = tempfile.mkstemp(dir=aside)
        self._aside: Path | None = Path(name)

    def write(self, data: bytes) -> None:
        """Add bytes; DiskFullError, StorageError."""
        with translated():
            view = memoryview(data)
            while view:
                view = view[os.write(self._file, view) :]

    def keep(self) -> None:
        """Make it durable, or leave the chunk that is there already, at the same cost."""
        assert self._aside is not None
        with translated():
            os.utime(self._file, (0, 0))
            os.fsync(self._file)
            # The first bytes win; that their name is on the disk too is for the next line.
            with suppress(FileExistsError):
                os.link(self._aside, self._final)
            sync_directory(self._final.parent)
        self.discard()

    def discard(self) -> None:
        """Remove the file aside."""
        if self._aside is not None:
            os.close(self._file)
            self._aside.unlink(missing_ok=True)
            self._aside = None
