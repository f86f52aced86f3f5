"""Attachments: chunks of 1 MiB, each sealed by itself. Spec §7.

A chunk is named by a value that only holders of the attachment's key can compute;
the context of its sealing ties it to its place, so chunks cannot be moved about.
"""

from dataclasses import dataclass, field

from silent_courier.protocol.errors import MalformedChunkError
from silent_courier.protocol.primitives import cobblestone_open, cobblestone_seal, hkdf_sha256
from silent_courier.protocol.sizes import (
    CHUNK_ID_LEN,
    CHUNK_LEN,
    SEALED_CHUNK_LEN,
)


@dataclass(frozen=True, slots=True)
class AttachmentSeal:
    """What every chunk of one attachment has in common.

    key: fresh, 32 bytes. org_id: 32 bytes. attachment_id: 16 bytes. chunks: with padding.
    """

    key: bytes = field(repr=False)
    org_id: bytes
    attachment_id: bytes
    chunks: int


def derive_chunk_id(seal: AttachmentSeal, index: int) -> bytes:
    """The 32-byte name of chunk `index`. Spec §7.2."""
    info = b"courier/chunk-id" + index.to_bytes(4, "big")
    return hkdf_sha256(seal.key, seal.org_id, info, CHUNK_ID_LEN)


def seal_chunk(seal: AttachmentSeal, index: int, data: bytes) -> bytes:
    """Seal up to 1 MiB of an attachment, filled with zeros. Spec §7.3.

    Args:
        seal: of this attachment.
        index: 0 to chunks - 1.
        data: at most 1 MiB; less in the last, none in padding.

    Returns:
        Exactly SEALED_CHUNK_LEN bytes.
    """
    if len(data) > CHUNK_LEN or not 0 <= index < seal.chunks:
        raise ValueError("a chunk is at most one MiB and has its place in the count")
    return cobblestone_seal(seal.key, _context(seal, index), data.ljust(CHUNK_LEN, b"\0"))


def open_chunk(seal: AttachmentSeal, index: int, sealed: bytes) -> bytes:
    """Open one chunk: exactly 1 MiB, padding included. Spec §7.3.

    Raises:
        MalformedChunkError: not SEALED_CHUNK_LEN bytes.
        CannotOpenError: another attachment's, out of its place, or altered.
    """
    if len(sealed) != SEALED_CHUNK_LEN:
        raise MalformedChunkError
    return cobblestone_open(seal.key, _context(seal, index), sealed)


def _context(seal: AttachmentSeal, index: int) -> bytes:
    place = index.to_bytes(4, "big") + seal.chunks.to_bytes(4, "big")
    return b"courier/chunk\0" + seal.org_id + seal.attachment_id + place
