"""One server at a time on one directory: a lock that ends with the process."""

import fcntl
import os
import time
from pathlib import Path
from typing import Final

from silent_courier.protocol.errors import ServerRunningError
from silent_courier.storage.files import translated

# Who asks whether a server runs holds the lock for a moment.
_ATTEMPTS: Final = 5
_PAUSE_S: Final = 0.05


class ServerLock:
    """Held from the moment it is made until `release`."""

    def __init__(self, path: Path) -> None:
        """Take the lock; ServerRunningError when another server holds it."""
        with translated():
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for attempt in range(_ATTEMPTS):
            if _try_lock(self._file, fcntl.LOCK_EX):
                return
            if attempt + 1 < _ATTEMPTS:
                time.sleep(_PAUSE_S)
        os.close(self._file)
        raise ServerRunningError

    def release(self) -> None:
        """Let another in. The file stays: removing it would let two in at once."""
        os.close(self._file)


def is_locked(path: Path) -> bool:
    """Whether a server holds this lock now."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(file, fcntl.LOCK_SH)
    finally:
        os.close(file)


def _try_lock(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
