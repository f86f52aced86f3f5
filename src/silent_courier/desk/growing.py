"""A file in the clear that has no name until it is whole: a program that is killed leaves none.

Where the file system can hold a file without a name (Linux), the system itself clears it away with
the program. Elsewhere it grows under a name of ours, which `leftovers` knows.
"""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from silent_courier.desk.leftovers import part_of, remove_part

_NAMELESS: Final[int] = getattr(os, "O_TMPFILE", 0)
_DESCRIPTORS: Final = Path("/proc/self/fd")
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_CANNOT: Final = frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT})


@dataclass(frozen=True, slots=True)
class Growing:
    """A file that is being written. part: the name that it has meanwhile, if any."""

    file: IO[bytes]
    part: Path | None

    def appear(self, names: Iterable[Path]) -> Path:
        """Put the whole file, on the disk, under the first of these names that is free.

        Raises:
            FileExistsError: none is.
            OSError
        """
        self.file.flush()
        os.fsync(self.file.fileno())
        for path in names:
            with suppress(FileExistsError):
                self._name(path)
                return path
        raise FileExistsError

    def _name(self, path: Path) -> None:
        if self.part is not None:
            # Reserved first: a replacement would go over what is there.
            os.close(os.open(path, _NEW, 0o600))
            self.part.replace(path)
            return
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            ours = _DESCRIPTORS / str(self.file.fileno())
            os.link(ours, path.name, dst_dir_fd=folder, follow_symlinks=True)
        finally:
            os.close(folder)


@contextmanager
def growing(out: Path) -> Iterator[Growing]:
    """A private file beside `out`; gone at the end unless it has appeared. OSError."""
    descriptor, part = _begin(out)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield Growing(file, part)
    finally:
        if part is not None:
            remove_part(part)


def _begin(out: Path) -> tuple[int, Path | None]:
    if _NAMELESS and _DESCRIPTORS.is_dir():
        try:
            flags = _NAMELESS | os.O_WRONLY | os.O_CLOEXEC
            return os.open(out.parent, flags, 0o600), None
        except OSError as error:
            if error.errno not in _CANNOT:
                raise
    part = part_of(out)
    remove_part(part)
    return os.open(part, _NEW | getattr(os, "O_CLOEXEC", 0), 0o600), part
