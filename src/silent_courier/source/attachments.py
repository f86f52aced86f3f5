"""Files to attach: where their bytes come from, and that they are still the same when sent.

A file is read twice, once to know its hashes before anything leaves the machine and once to seal
it, so memory never holds more than a chunk of it. Refuses a file that differs the second time.
Nothing is taken out of a file: what its metadata says, it still says.
"""

import io
import stat
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from silent_courier.protocol.errors import (
    AttachmentChangedError,
    AttachmentTooLargeError,
    AttachmentUnreadableError,
)
from silent_courier.protocol.sizes import ATTACHMENT_LEN_MAX, CHUNK_LEN

NAME_CHARS_MAX: Final = 255
_NO_NAME: Final = "file"

METADATA_NOTICE: Final = (
    "Files are sent as they are. Photos and documents may say who made them, where and when; "
    "nothing of that is removed here."
)


@dataclass(frozen=True, slots=True)
class AttachmentSource:
    """A file to attach: its name without folders, its bytes in all, and how to open it anew."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file held when it was first read: SHA-256 of all of it, and of each MiB."""

    whole: bytes
    chunks: tuple[bytes, ...]


def attach_file(path: Path) -> AttachmentSource:
    """A file on this machine, by its name alone.

    Raises:
        AttachmentUnreadableError: missing, or not a plain file.
        AttachmentTooLargeError: longer than ATTACHMENT_LEN_MAX.
    """
    try:
        status = path.stat()
    except OSError:
        raise AttachmentUnreadableError from None
    if not stat.S_ISREG(status.st_mode):
        raise AttachmentUnreadableError
    if status.st_size > ATTACHMENT_LEN_MAX:
        raise AttachmentTooLargeError
    return AttachmentSource(plain_name(path.name), status.st_size, lambda: path.open("rb"))


def attach_bytes(name: str, data: bytes) -> AttachmentSource:
    """Bytes that are in memory already; AttachmentTooLargeError."""
    if len(data) > ATTACHMENT_LEN_MAX:
        raise AttachmentTooLargeError
    return AttachmentSource(plain_name(name), len(data), lambda: io.BytesIO(data))


def plain_name(name: str) -> str:
    """A name that is only a name: no folders, nothing unprintable, no longer than allowed."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(char if char.isprintable() else "_" for char in last).strip()
    if shown.strip(".") == "":
        return _NO_NAME
    return shown[-NAME_CHARS_MAX:]


def read_through(source: AttachmentSource, on_bytes: Callable[[int], None]) -> Digest:
    """Read a file once, for its hashes; `on_bytes` is told each step's length.

    Raises:
        AttachmentUnreadableError, AttachmentChangedError
    """
    whole, chunks, length = sha256(), [], 0
    try:
        with source.open() as file:
            while data := file.read(CHUNK_LEN):
                whole.update(data)
                chunks.append(sha256(data).digest())
                length += len(data)
                if length > source.size:
                    raise AttachmentChangedError
                on_bytes(len(data))
    except OSError:
        raise AttachmentUnreadableError from None
    if length != source.size:
        raise AttachmentChangedError
    return Digest(whole.digest(), tuple(chunks))


def read_chunk(source: AttachmentSource, digest: Digest, index: int) -> bytes:
    """Chunk `index` as it was when first read; empty for padding behind the end.

    Raises:
        AttachmentChangedError: the file is gone, unreadable or another.
    """
    if index >= len(digest.chunks):
        return b""
    try:
        with source.open() as file:
            file.seek(index * CHUNK_LEN)
            data = file.read(CHUNK_LEN)
    except OSError:
        raise AttachmentChangedError from None
    if sha256(data).digest() != digest.chunks[index]:
        raise AttachmentChangedError
    return data
