"""The keys of the day, under which everything that arrives is kept until the night. Spec §12.5.

A key is a file of its own. Once what was kept under it has been written anew, it is overwritten and
removed; what the disk may still hold of the day then opens for nobody. Refuses to destroy a key
that somebody still writes under, or the newest.
"""

import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.protocol.errors import CannotOpenError, StorageError, StoreDamagedError
from silent_courier.protocol.primitives import aes_gcm_open, aes_gcm_seal, hmac_sha256
from silent_courier.storage.files import sync_directory, translated, write_durably

SECRET_LEN: Final = 32
SALT_LEN: Final = 16
SEAL_LEN: Final = SALT_LEN + 16
_NAME_LABEL: Final = b"courier/staging/name\0"
_SEAL_LABEL: Final = b"courier/staging/seal\0"
_FILE: Final = re.compile(r"([0-9]{1,9})\.key")


@dataclass(frozen=True, slots=True)
class StagingKey:
    """The key of one day; the secret has 32 bytes."""

    day: int
    secret: bytes

    def name_of(self, kind: bytes, identifier: bytes) -> bytes:
        """Under which 32 bytes a thing is found while this key lives; later they say nothing."""
        return hmac_sha256(self.secret, _NAME_LABEL + kind + b"\0" + identifier)

    def seal(self, what: bytes, plaintext: bytes, salt: bytes) -> bytes:
        """Seal a part of something; `salt` is 16 fresh random bytes, `what` says which part."""
        return salt + aes_gcm_seal(self._key(what, salt), plaintext)

    def open(self, what: bytes, sealed: bytes) -> bytes:
        """Open what `seal` made of this part; StoreDamagedError."""
        salt, ciphertext = sealed[:SALT_LEN], sealed[SALT_LEN:]
        try:
            return aes_gcm_open(self._key(what, salt), ciphertext)
        except CannotOpenError:
            raise StoreDamagedError from None

    def _key(self, what: bytes, salt: bytes) -> bytes:
        return hmac_sha256(self.secret, _SEAL_LABEL + salt + what)


@dataclass(frozen=True, slots=True)
class Staging:
    """What a write needs: the key of now, every key under which things may lie, random bytes."""

    key: StagingKey
    live: tuple[StagingKey, ...]
    random: Callable[[int], bytes]

    def seal(self, what: bytes, plaintext: bytes) -> bytes:
        """Seal a part under the key of now."""
        return self.key.seal(what, plaintext, self.random(SALT_LEN))


def read_staging_keys(directory: Path) -> tuple[StagingKey, ...]:
    """Every key in this directory, the oldest first."""
    with translated():
        found = [(_FILE.fullmatch(path.name), path) for path in directory.glob("*.key")]
        keys = [StagingKey(int(match[1]), _read(path)) for match, path in found if match]
    return tuple(sorted((key for key in keys if key.secret), key=lambda key: key.day))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""  # Destroyed while we looked.


class StagingKeys:
    """The keys that live; for several threads, of one process."""

    def __init__(self, directory: Path) -> None:
        with translated():
            directory.mkdir(mode=0o700, exist_ok=True)
            sync_directory(directory.parent)
        self._directory = directory
        self._lock = threading.Lock()
        self._lent: Counter[int] = Counter()
        self._live = read_staging_keys(directory)

    @property
    def live(self) -> tuple[StagingKey, ...]:
        """Every key under which something may lie, the oldest first."""
        return self._live

    @property
    def due(self) -> tuple[StagingKey, ...]:
        """The keys of days that are over."""
        return self._live[:-1]

    def begin(self, day: int, secret: bytes) -> None:
        """From now on things arrive under this key; nothing to do when the day has begun."""
        with self._lock:
            if self._live and self._live[-1].day >= day:
                return
            write_durably(self._path(day), secret)
            self._live = (*self._live, StagingKey(day, secret))

    def lend(self) -> StagingKey:
        """The key of now, which will not be destroyed before it is given back."""
        with self._lock:
            if not self._live:
                raise StorageError
            key = self._live[-1]
            self._lent[key.day] += 1
            return key

    def give_back(self, key: StagingKey) -> None:
        """Nothing more will be written under this key by whom it was lent to."""
        with self._lock:
            self._lent[key.day] -= 1

    @contextmanager
    def lent(self) -> Iterator[StagingKey]:
        """The key of now for the time of a block."""
        key = self.lend()
        try:
            yield key
        finally:
            self.give_back(key)

    def is_in_use(self, key: StagingKey) -> bool:
        """Whether somebody may still write under this key."""
        with self._lock:
            return self._lent[key.day] > 0 or key == self._live[-1]

    def destroy(self, key: StagingKey) -> None:
        """Overwrite a key that is due and not in use, and remove it.

        Raises:
            ValueError: it is in use.
        """
        if self.is_in_use(key):
            raise ValueError("a key in use is not destroyed")
        with translated():
            _overwrite(self._path(key.day))
            sync_directory(self._directory)
        with self._lock:
            self._live = tuple(other for other in self._live if other != key)

    def _path(self, day: int) -> Path:
        return self._directory / f"{day}.key"


def _overwrite(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, bytes(SECRET_LEN))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    path.unlink()
