"""Files sealed piece by piece under the key of the day, read without opening the whole. Spec §12.5.

A file begins with what it is called, sealed; then come its pieces, each sealed in its place. That
it is whole is for whoever keeps it to see to.
"""

import os
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

from silent_courier.storage.staging import SALT_LEN, SEAL_LEN, StagingKey

PIECE_LEN: Final = 64 * 1024
NAME_LEN: Final = 32
_HEAD_LEN: Final = NAME_LEN + SEAL_LEN
_SEALED_PIECE_LEN: Final = PIECE_LEN + SEAL_LEN
_HEAD: Final = b"file"
_PLACE_LEN: Final = 8


class Readable(Protocol):
    """What can be read once, from its beginning."""

    length: int

    def read(self, length: int) -> bytes:
        """The next bytes, fewer only at the end."""

    def close(self) -> None:
        """Read no more."""


class PlainFile:
    """A file as it is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.length = os.fstat(file.fileno()).st_size

    def read(self, length: int) -> bytes:
        """The next bytes, fewer only at the end."""
        return self._file.read(length)

    def close(self) -> None:
        """Read no more."""
        self._file.close()


class Sealer:
    """Turns a name and content into the bytes of a sealed file."""

    def __init__(self, key: StagingKey, name: bytes, random: Callable[[int], bytes]) -> None:
        self._key = key
        self._name = name
        self._random = random
        self._left = bytearray()
        self._place = 0

    def head(self) -> bytes:
        """What the file begins with."""
        return self._key.seal(_HEAD, self._name, self._random(SALT_LEN))

    def add(self, content: bytes) -> bytes:
        """Take content in; the bytes that can be written now."""
        self._left += content
        out = bytearray()
        while len(self._left) >= PIECE_LEN:
            out += self._seal(bytes(self._left[:PIECE_LEN]))
            del self._left[:PIECE_LEN]
        return bytes(out)

    def end(self) -> bytes:
        """The last piece, if anything is left."""
        return self._seal(bytes(self._left)) if self._left else b""

    def _seal(self, piece: bytes) -> bytes:
        what = _what(self._name, self._place)
        self._place += 1
        return self._key.seal(what, piece, self._random(SALT_LEN))


class SealedFile:
    """A sealed file, opened while it is read; StoreDamagedError from any method."""

    def __init__(self, key: StagingKey, file: BinaryIO) -> None:
        self._key = key
        self._file = file
        self._opened = b""
        self._place = 0
        self.name = key.open(_HEAD, file.read(_HEAD_LEN))
        sealed = os.fstat(file.fileno()).st_size - _HEAD_LEN
        self.length = sealed - -(-sealed // _SEALED_PIECE_LEN) * SEAL_LEN

    def read(self, length: int) -> bytes:
        """The next bytes, fewer only at the end."""
        while len(self._opened) < length and (sealed := self._file.read(_SEALED_PIECE_LEN)):
            self._opened += self._key.open(_what(self.name, self._place), sealed)
            self._place += 1
        data, self._opened = self._opened[:length], self._opened[length:]
        return data

    def close(self) -> None:
        """Read no more."""
        self._file.close()


def _what(name: bytes, place: int) -> bytes:
    return name + place.to_bytes(_PLACE_LEN, "big")
