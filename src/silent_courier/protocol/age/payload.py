"""The payload of an age file: a nonce, then chunks of 64 KiB, each with its place. Spec §4.1.

A chunk's nonce counts it and says whether it is the last, so none can be dropped, moved or
added. Refuses an empty last chunk, unless the whole payload is empty.
"""

from collections.abc import Iterator
from typing import Final

from silent_courier.protocol.age.primitives import chacha_open, chacha_seal
from silent_courier.protocol.errors import MalformedAgeError, PayloadAlteredError
from silent_courier.protocol.primitives import hkdf_sha256
from silent_courier.protocol.sizes import AEAD_TAG_LEN, AGE_PAYLOAD_NONCE_LEN, KEY_LEN, KIB

AGE_CHUNK_LEN: Final = 64 * KIB
PAYLOAD_OVERHEAD: Final = AGE_PAYLOAD_NONCE_LEN + AEAD_TAG_LEN
_SEALED_CHUNK_LEN: Final = AGE_CHUNK_LEN + AEAD_TAG_LEN
_COUNTER_LEN: Final = 11


def payload_len(plaintext_len: int) -> int:
    """Bytes of a payload that carries `plaintext_len` bytes."""
    chunks = max(1, -(-plaintext_len // AGE_CHUNK_LEN))
    return AGE_PAYLOAD_NONCE_LEN + plaintext_len + chunks * AEAD_TAG_LEN


def seal_payload(plaintext: bytes, file_key: bytes, nonce: bytes) -> bytes:
    """Seal under a 16-byte file key; the 16-byte `nonce` must never come twice for one key."""
    key = _payload_key(file_key, nonce)
    sealed = [nonce]
    for counter, start in enumerate(range(0, max(1, len(plaintext)), AGE_CHUNK_LEN)):
        end = start + AGE_CHUNK_LEN
        place = _chunk_nonce(counter, last=end >= len(plaintext))
        sealed.append(chacha_seal(key, place, plaintext[start:end]))
    return b"".join(sealed)


def open_payload(payload: bytes, file_key: bytes) -> bytes:
    """Open a whole payload, or nothing of it.

    Raises:
        MalformedAgeError: shorter than its nonce.
        PayloadAlteredError: a chunk altered, missing, misplaced or too many.
    """
    return b"".join(open_chunks(payload, file_key))


def open_chunks(payload: bytes, file_key: bytes) -> Iterator[bytes]:
    """Open chunk by chunk; what comes before an error is authentic, but not the whole.

    Raises:
        MalformedAgeError: shorter than its nonce.
        PayloadAlteredError: the next chunk does not open in its place.
    """
    if len(payload) < AGE_PAYLOAD_NONCE_LEN:
        raise MalformedAgeError
    key = _payload_key(file_key, payload[:AGE_PAYLOAD_NONCE_LEN])
    first = AGE_PAYLOAD_NONCE_LEN
    # At least one turn: a payload without any chunk has lost its last.
    starts = range(first, max(len(payload), first + 1), _SEALED_CHUNK_LEN)
    for counter, start in enumerate(starts):
        end = start + _SEALED_CHUNK_LEN
        chunk, last = _open_chunk(key, counter, payload[start:end])
        if not chunk and counter > 0:
            raise PayloadAlteredError
        yield chunk
        if last is not (end >= len(payload)):
            raise PayloadAlteredError


def _open_chunk(key: bytes, counter: int, sealed: bytes) -> tuple[bytes, bool]:
    """Open a chunk by what it says of itself: only a whole one may say it is not the last."""
    for last in (False, True) if len(sealed) == _SEALED_CHUNK_LEN else (True,):
        chunk = chacha_open(key, _chunk_nonce(counter, last=last), sealed)
        if chunk is not None:
            return chunk, last
    raise PayloadAlteredError


def _payload_key(file_key: bytes, nonce: bytes) -> bytes:
    return hkdf_sha256(file_key, nonce, b"payload", KEY_LEN)


def _chunk_nonce(counter: int, *, last: bool) -> bytes:
    return counter.to_bytes(_COUNTER_LEN, "big") + bytes([last])
