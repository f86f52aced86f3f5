"""The files of an export, in a folder or in a ZIP, as somebody handed it over: untrusted. §14.20.

Nothing is unpacked: a ZIP is read in place, in pieces, so that no name in it leads anywhere and no
entry fills a disk or the memory. Entries are stored or deflated, as exports are, and no two share
their bytes: what comes out is at most about a thousand times the size of the file.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, Protocol

from silent_courier.protocol.errors import FolderError, MalformedCaseError

_AT_ONCE: Final = 1 << 20
_PLAIN: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OverflowError),
    *(RuntimeError, NotImplementedError),
)
"""What `zipfile` raises for what is no ZIP, cut short, or altered."""


class Files(Protocol):
    """What lies there, by its path with `/`."""

    def paths(self) -> frozenset[str]:
        """Every file; links are seen, but are no files of it. FolderError."""

    def pieces(self, path: str) -> Iterator[bytes]:
        """The content of one of these; FolderError, MalformedCaseError when it cannot be read."""


@contextmanager
def open_files(place: Path) -> Iterator[Files]:
    """A folder, or a ZIP; FolderError, MalformedCaseError."""
    if place.is_dir():
        yield _Folder(place)
        return
    with _opened(place) as archive:
        yield _Archive(archive)


def _opened(place: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(place)
    except _BROKEN:
        raise MalformedCaseError from None
    except OSError as error:
        raise FolderError from error


class _Folder:
    """Files on a disk; what a link points to is not read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Path] = {}

    def paths(self) -> frozenset[str]:
        try:
            walked = {path.relative_to(self._folder).as_posix(): path for path in self._walk()}
        except OSError as error:
            raise FolderError from error
        self._files = walked
        return frozenset(walked)

    def pieces(self, path: str) -> Iterator[bytes]:
        file = self._files[path]
        if file.is_symlink() or not file.is_file():
            raise MalformedCaseError
        try:
            with file.open("rb") as content:
                yield from _pieces(content)
        except OSError as error:
            raise FolderError from error

    def _walk(self, folder: Path | None = None) -> Iterator[Path]:
        for path in sorted((folder or self._folder).iterdir()):
            if path.is_dir() and not path.is_symlink():
                yield from self._walk(path)
            else:
                yield path


class _Archive:
    """Entries of a ZIP."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = {each.filename: each for each in archive.infolist() if not each.is_dir()}
        if not _is_plain(archive.infolist()):
            raise MalformedCaseError

    def paths(self) -> frozenset[str]:
        return frozenset(self._entries)

    def pieces(self, path: str) -> Iterator[bytes]:
        try:
            with self._archive.open(self._entries[path]) as content:
                yield from _pieces(content)
        except _BROKEN:
            raise MalformedCaseError from None
        except OSError as error:
            raise FolderError from error


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    while piece := content.read(_AT_ONCE):
        yield piece


def _is_plain(entries: list[zipfile.ZipInfo]) -> bool:
    """Nothing encrypted or packed otherwise, no name twice, and no bytes shared by two."""
    names = [entry.filename for entry in entries]
    end = 0
    for entry in sorted(entries, key=lambda each: each.header_offset):
        if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _PLAIN:
            return False
        if entry.header_offset < end:
            return False
        end = entry.header_offset + entry.compress_size
    return len(names) == len(set(names))
