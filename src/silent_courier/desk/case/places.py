"""Where an export is written: a folder or a ZIP, whole under its name or not there at all.

Every file's SHA-256 is taken while it is written. Times are not told: a ZIP's are all the same.
"""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from silent_courier.desk.growing import growing
from silent_courier.desk.leftovers import part_of, remove_part
from silent_courier.desk.saving import make_folder
from silent_courier.protocol.errors import FolderError, FolderExistsError

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(slots=True)
class Place:
    """An export that is being written; `sums`: path → SHA-256 in hex, in order."""

    folder: Path | None = None
    archive: zipfile.ZipFile | None = None
    sums: dict[str, str] = field(default_factory=dict)

    def write(self, path: str, pieces: Iterable[bytes]) -> None:
        """Write a file of these pieces; FolderError, and whatever `pieces` raises."""
        digest = hashlib.sha256()
        with self._opened(path) as file:
            for piece in pieces:
                digest.update(piece)
                file.write(piece)
        self.sums[path] = digest.hexdigest()

    def sums_file(self) -> bytes:
        """The list of all files, as `sha256sum --check` reads it."""
        return "".join(f"{digest}  {path}\n" for path, digest in self.sums.items()).encode()

    @contextmanager
    def _opened(self, path: str) -> Iterator[IO[bytes]]:
        if self.archive is not None:
            entry = zipfile.ZipInfo(path, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            with self.archive.open(entry, "w", force_zip64=True) as file:
                yield file
            return
        assert self.folder is not None
        place = self.folder / path
        place.parent.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file


@contextmanager
def new_place(out: Path) -> Iterator[Place]:
    """A folder of this name, or a ZIP where the name ends so; nothing is left when it fails.

    Killed, a ZIP leaves nothing where the file system can do that, a folder what `leftovers` finds.

    Raises:
        FolderExistsError: there is something of this name.
        FolderError: it cannot be written.
    """
    if out.exists() or out.is_symlink():
        raise FolderExistsError
    make_folder(out.parent)
    try:
        with _zip(out) if out.suffix.lower() == ".zip" else _folder(out) as place:
            yield place
    except FileExistsError:
        raise FolderExistsError from None
    except OSError as error:
        raise FolderError from error


@contextmanager
def _zip(out: Path) -> Iterator[Place]:
    with growing(out) as grown:
        with zipfile.ZipFile(grown.file, "w") as archive:
            yield Place(archive=archive)
        grown.appear([out])


@contextmanager
def _folder(out: Path) -> Iterator[Place]:
    """What an attempt before left behind goes first, and what this one leaves if it fails."""
    part = part_of(out)
    remove_part(part)
    try:
        part.mkdir(mode=0o700)
        yield Place(folder=part)
        part.rename(out)
    finally:
        remove_part(part)
