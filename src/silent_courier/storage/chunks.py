"""Sealed chunks as files on the local disk, by their ids. Spec §10.5, §12.5.

A chunk is written aside, sealed once more under the key of the day, synced, and then linked under a
name that only that key can make, which fails when the name is taken: the first bytes win, and
nobody ever sees half a chunk. The night writes each anew where it stays, one after another in
another order, so that neither the numbers of files nor their times tell when it came. Methods
block; call them in a thread. `ChunkStore` is what another kind of store has to offer.
"""

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

from silent_courier.storage.files import sync_directory, translated
from silent_courier.storage.server.order import Order
from silent_courier.storage.staged_files import PIECE_LEN, PlainFile, Readable, SealedFile, Sealer
from silent_courier.storage.staging import StagingKey, StagingKeys

INCOMING: Final = "incoming"
STAGED: Final = "staged"
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PREFIX: Final = 2
_KIND: Final = b"chunk"


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

    def open(self, chunk_id: bytes) -> Readable | None:
        """The chunk for reading, or None."""

    def remove(self, chunk_id: bytes) -> None:
        """Remove it; fine when it is not there."""

    def ids(self) -> Iterator[bytes]:
        """The ids of all chunks that are where they stay, in no order."""

    def settle(self, key: StagingKey, order: Order) -> None:
        """Put the chunks that came under this key where they stay, in this order."""

    def has_staged(self, key: StagingKey) -> bool:
        """Whether chunks that came under this key are not where they stay yet."""


class DiskChunks:
    """Chunks in 256 directories below one, and those of the day in another."""

    def __init__(self, directory: Path, keys: StagingKeys, random: Callable[[int], bytes]) -> None:
        self._directory = directory
        self._keys = keys
        self._random = random

    def prepare(self) -> None:
        """Make the directories, and clear away what was half written before."""
        directory = self._directory
        with translated():
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name in (INCOMING, STAGED, *(f"{prefix:02x}" for prefix in range(256))):
                (directory / name).mkdir(mode=0o700, exist_ok=True)
            for left_over in (directory / INCOMING).iterdir():
                left_over.unlink()
            sync_directory(directory)

    def create(self, chunk_id: bytes) -> "DiskChunkWriter":
        """Begin to write the chunk with this id; DiskFullError, StorageError."""
        key = self._keys.lend()
        try:
            final = self._staged_path(key, chunk_id)
            sealer = Sealer(key, chunk_id, self._random)
            aside = self._directory / INCOMING
            return DiskChunkWriter(aside, final, sealer, lambda: self._keys.give_back(key))
        except BaseException:
            self._keys.give_back(key)
            raise

    def open(self, chunk_id: bytes) -> Readable | None:
        """The chunk for reading, or None; the first bytes are the oldest."""
        live = self._keys.live
        # The last once more where chunks stay: it may have been put there meanwhile.
        return (
            self._open_kept(chunk_id)
            or next(filter(None, (self._open_staged(key, chunk_id) for key in live)), None)
            or self._open_kept(chunk_id)
        )

    def _open_kept(self, chunk_id: bytes) -> Readable | None:
        with translated(), suppress(FileNotFoundError):
            return PlainFile(self._path(chunk_id).open("rb"))
        return None

    def _open_staged(self, key: StagingKey, chunk_id: bytes) -> Readable | None:
        with translated(), suppress(FileNotFoundError):
            return _open_sealed(key, self._staged_path(key, chunk_id))
        return None

    def remove(self, chunk_id: bytes) -> None:
        """Remove it; fine when it is not there."""
        with translated():
            self._path(chunk_id).unlink(missing_ok=True)

    def ids(self) -> Iterator[bytes]:
        """The ids of all chunks that are where they stay."""
        with translated():
            for path in self._directory.glob("[0-9a-f][0-9a-f]/*"):
                if _NAME.fullmatch(path.name):
                    yield bytes.fromhex(path.name)

    def staged_ids(self) -> Iterator[bytes]:
        """The ids of the chunks that are staged."""
        for key in self._keys.live:
            for name in self._staged_names(key):
                with translated(), suppress(FileNotFoundError):
                    sealed = _open_sealed(key, self._staged_name_path(key, name))
                    sealed.close()
                    yield sealed.name

    def settle(self, key: StagingKey, order: Order) -> None:
        """Put the chunks that came under this key where they stay, in this order.

        One at a time, with a piece of it in memory: each is durable in its place before the file it
        came in goes. Done twice, or begun and not ended, it does no harm.
        """
        for name in order(self._staged_names(key)):
            with translated():
                path = self._staged_name_path(key, name)
                self._write_anew(_open_sealed(key, path))
                path.unlink()
        with translated():
            sync_directory(self._directory / STAGED)

    def _write_anew(self, sealed: SealedFile) -> None:
        writer = DiskChunkWriter(self._directory / INCOMING, self._path(sealed.name))
        try:
            while piece := sealed.read(PIECE_LEN):
                writer.write(piece)
            writer.keep()
        finally:
            writer.discard()
            sealed.close()

    def has_staged(self, key: StagingKey) -> bool:
        """Whether chunks that came under this key are not where they stay yet."""
        return bool(self._staged_names(key))

    def _staged_names(self, key: StagingKey) -> list[bytes]:
        prefix = f"{key.day}-"
        with translated():
            paths = list((self._directory / STAGED).glob(f"{prefix}*"))
        found = [path.name.removeprefix(prefix) for path in paths]
        return [bytes.fromhex(name) for name in found if _NAME.fullmatch(name)]

    def _staged_path(self, key: StagingKey, chunk_id: bytes) -> Path:
        return self._staged_name_path(key, key.name_of(_KIND, chunk_id))

    def _staged_name_path(self, key: StagingKey, name: bytes) -> Path:
        return self._directory / STAGED / f"{key.day}-{name.hex()}"

    def _path(self, chunk_id: bytes) -> Path:
        name = chunk_id.hex()
        return self._directory / name[:_PREFIX] / name


def _open_sealed(key: StagingKey, path: Path) -> SealedFile:
    file = path.open("rb")
    try:
        return SealedFile(key, file)
    except BaseException:
        file.close()
        raise


class DiskChunkWriter:
    """A file aside that becomes a chunk, or nothing; sealed when it is given a sealer."""

    def __init__(
        self,
        aside: Path,
        final: Path,
        sealer: Sealer | None = None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._final = final
        self._sealer = sealer
        with translated():
            self._file, name = tempfile.mkstemp(dir=aside)
        self._aside: Path | None = Path(name)
        self._on_end = on_end
        self._begun = sealer is None

    def write(self, data: bytes) -> None:
        """Add bytes; DiskFullError, StorageError."""
        self._begin()
        self._write(data if self._sealer is None else self._sealer.add(data))

    def _begin(self) -> None:
        if self._sealer is not None and not self._begun:
            self._begun = True
            self._write(self._sealer.head())

    def _write(self, data: bytes) -> None:
        with translated():
            view = memoryview(data)
            while view:
                view = view[os.write(self._file, view) :]

    def keep(self) -> None:
        """Make it durable, or leave the chunk that is there already, at the same cost."""
        assert self._aside is not None
        if self._sealer is not None:
            self._begin()
            self._write(self._sealer.end())
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
            self._on_end()
