"""One program at a time on one vault: a lock that ends with the process. Spec §14.1."""

import fcntl
import os
from pathlib import Path
from typing import Final

from silent_courier.protocol.errors import VaultError, VaultInUseError

LOCK_NAME: Final = "vault.lock"


class VaultLock:
    """Held from the moment it is made until `release`."""

    def __init__(self, directory: Path) -> None:
        """Take the lock; VaultInUseError when somebody holds it."""
        try:
            self._file = os.open(
                directory / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            raise VaultError from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise VaultInUseError from error

    def release(self) -> None:
        """Let others in. The file stays: removing it would let two in at once."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
