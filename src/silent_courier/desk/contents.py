"""One attachment, found, and its bytes: opened chunk by chunk, checked at the end. Spec §7.4."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from silent_courier.desk.desk import Desk
from silent_courier.desk.reading import find_thread
from silent_courier.protocol.attachment import derive_chunk_id, open_chunk
from silent_courier.protocol.errors import (
    MalformedChunkError,
    UnknownThreadError,
    VaultDamagedError,
)
from silent_courier.protocol.sizes import CHUNK_LEN
from silent_courier.storage.vault import attachments
from silent_courier.storage.vault.attachments import KeptAttachment
from silent_courier.storage.vault.chunks import read_chunk


def find_attachment(desk: Desk, thread: str, entry: str, position: int) -> KeptAttachment:
    """The one at this position of a letter's attachments; UnknownThreadError."""
    source = bytes.fromhex(find_thread(desk, thread))
    kept = [a for a in attachments.of_thread(desk.vault, source) if a.entry.hex() == entry]
    if not 0 <= position < len(kept):
        raise UnknownThreadError
    return kept[position]


def numbered_attachment(desk: Desk, thread: str, number: int) -> KeptAttachment:
    """The one with this number in its thread, from 1, oldest first; UnknownThreadError."""
    source = bytes.fromhex(find_thread(desk, thread))
    kept = attachments.of_thread(desk.vault, source)
    if not 1 <= number <= len(kept):
        raise UnknownThreadError
    return kept[number - 1]


def open_content(directory: Path, org_id: bytes, attachment: KeptAttachment) -> Iterator[bytes]:
    """The attachment's bytes, a chunk at a time; whoever takes them all has the right ones.

    Reads the chunks in the vault's directory and nothing of its database, so that it can run in
    another thread.

    Raises:
        MalformedChunkError: the content is not what the letter named, known at the end.
        CannotOpenError: a chunk was altered.
        VaultDamagedError: a chunk that was here is gone.
    """
    digest = hashlib.sha256()
    for position in range(-(-attachment.size // CHUNK_LEN) or 1):
        content = open_piece(directory, org_id, attachment, position)
        digest.update(content)
        yield content
    if digest.digest() != attachment.sha256:
        raise MalformedChunkError


def open_piece(directory: Path, org_id: bytes, attachment: KeptAttachment, position: int) -> bytes:
    """The content of one chunk, without its padding; raises as `open_content`."""
    seal = attachment.seal(org_id)
    sealed = read_chunk(directory, derive_chunk_id(seal, position))
    if sealed is None:
        raise VaultDamagedError
    content = open_chunk(seal, position, sealed)
    end = min(CHUNK_LEN, attachment.size - position * CHUNK_LEN)
    if content.count(0, end) != CHUNK_LEN - end:
        raise MalformedChunkError
    return content[:end]
