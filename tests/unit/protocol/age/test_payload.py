"""Payloads: every boundary of a chunk, and every way to move, drop or add one."""

import pytest

from silent_courier.protocol.age.payload import (
    AGE_CHUNK_LEN,
    PAYLOAD_OVERHEAD,
    open_chunks,
    open_payload,
    payload_len,
    seal_payload,
)
from silent_courier.protocol.errors import MalformedAgeError, PayloadAlteredError
from silent_courier.protocol.sizes import AEAD_TAG_LEN, AGE_PAYLOAD_NONCE_LEN

KEY = bytes(range(16))
NONCE = bytes(range(100, 116))
SEALED_CHUNK_LEN = AGE_CHUNK_LEN + AEAD_TAG_LEN
BOUNDARIES = sorted(
    chunks * AGE_CHUNK_LEN + beside
    for chunks in (0, 1, 2, 3)
    for beside in (-1, 0, 1)
    if chunks or beside >= 0
)


def text(length: int) -> bytes:
    """Bytes in which no two chunks are the same."""
    return b"".join(i.to_bytes(4, "big") for i in range(length // 4 + 1))[:length]


def pieces(payload: bytes) -> list[bytes]:
    """The sealed chunks of a payload, without its nonce."""
    body = payload[AGE_PAYLOAD_NONCE_LEN:]
    return [body[i : i + SEALED_CHUNK_LEN] for i in range(0, len(body), SEALED_CHUNK_LEN)]


@pytest.mark.parametrize("length", BOUNDARIES)
def test_a_payload_of_any_length_comes_back_and_has_the_length_foretold(length: int) -> None:
    payload = seal_payload(text(length), KEY, NONCE)
    assert open_payload(payload, KEY) == text(length)
    assert len(payload) == payload_len(length)


def test_one_chunk_costs_a_nonce_and_a_tag() -> None:
    assert payload_len(0) == PAYLOAD_OVERHEAD
    assert payload_len(AGE_CHUNK_LEN) == AGE_CHUNK_LEN + PAYLOAD_OVERHEAD
    assert payload_len(AGE_CHUNK_LEN + 1) == AGE_CHUNK_LEN + 1 + PAYLOAD_OVERHEAD + AEAD_TAG_LEN


@pytest.mark.parametrize("length", [1, AGE_CHUNK_LEN, AGE_CHUNK_LEN + 1, 3 * AGE_CHUNK_LEN])
def test_a_payload_cut_at_any_boundary_is_refused(length: int) -> None:
    payload = seal_payload(text(length), KEY, NONCE)
    ends = {AGE_PAYLOAD_NONCE_LEN, AGE_PAYLOAD_NONCE_LEN + 1, len(payload) - 1}
    ends |= set(range(AGE_PAYLOAD_NONCE_LEN, len(payload), SEALED_CHUNK_LEN))
    for end in ends:
        with pytest.raises(PayloadAlteredError):
            open_payload(payload[:end], KEY)


def test_a_payload_shorter_than_its_nonce_is_malformed() -> None:
    for length in range(AGE_PAYLOAD_NONCE_LEN):
        with pytest.raises(MalformedAgeError):
            open_payload(NONCE[:length], KEY)


@pytest.mark.parametrize("length", [0, 1, AGE_CHUNK_LEN, AGE_CHUNK_LEN + 1])
def test_anything_appended_is_refused(length: int) -> None:
    payload = seal_payload(text(length), KEY, NONCE)
    for more in (b"\0", bytes(AEAD_TAG_LEN), pieces(payload)[-1]):
        with pytest.raises(PayloadAlteredError):
            open_payload(payload + more, KEY)


def test_chunks_that_change_places_are_refused() -> None:
    payload = seal_payload(text(3 * AGE_CHUNK_LEN), KEY, NONCE)
    first, second, third = pieces(payload)
    for order in ([second, first, third], [first, third], [first, first, third], [first, second]):
        with pytest.raises(PayloadAlteredError):
            open_payload(NONCE + b"".join(order), KEY)


def test_another_key_or_nonce_is_refused() -> None:
    payload = seal_payload(b"letter", KEY, NONCE)
    with pytest.raises(PayloadAlteredError):
        open_payload(payload, bytes(16))
    with pytest.raises(PayloadAlteredError):
        open_payload(bytes(16) + payload[16:], KEY)


def test_only_authentic_chunks_come_before_an_error() -> None:
    payload = bytearray(seal_payload(text(3 * AGE_CHUNK_LEN), KEY, NONCE))
    payload[AGE_PAYLOAD_NONCE_LEN + SEALED_CHUNK_LEN] ^= 1
    chunks = open_chunks(bytes(payload), KEY)
    assert next(chunks) == text(AGE_CHUNK_LEN)
    with pytest.raises(PayloadAlteredError):
        next(chunks)
