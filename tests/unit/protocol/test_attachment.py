"""Chunks: one length, one name each, and no place but their own."""

from dataclasses import replace

import pytest

from silent_courier.protocol.attachment import (
    AttachmentSeal,
    derive_chunk_id,
    open_chunk,
    seal_chunk,
)
from silent_courier.protocol.errors import CannotOpenError, MalformedChunkError
from silent_courier.protocol.sizes import CHUNK_LEN, SEALED_CHUNK_LEN
from tests.unit.protocol.makers import draw, flip

SEAL = AttachmentSeal(draw("key"), draw("org"), draw("id", 16), 4)
DATA = draw("data", 1000)
SEALED = seal_chunk(SEAL, 2, DATA)


@pytest.mark.parametrize("data", [b"", b"x", bytes(CHUNK_LEN), DATA])
def test_chunk_opens_to_one_mib_and_is_of_one_length(data: bytes) -> None:
    sealed = seal_chunk(SEAL, 0, data)

    assert len(sealed) == SEALED_CHUNK_LEN
    assert open_chunk(SEAL, 0, sealed) == data.ljust(CHUNK_LEN, b"\0")


@pytest.mark.parametrize(
    ("seal", "index"),
    [
        (SEAL, 1),
        (SEAL, 3),
        (replace(SEAL, chunks=6), 2),
        (replace(SEAL, key=draw("other")), 2),
        (replace(SEAL, org_id=draw("other")), 2),
        (replace(SEAL, attachment_id=draw("other", 16)), 2),
    ],
    ids=["before", "after", "count", "key", "organisation", "attachment"],
)
def test_chunk_opens_in_its_place_alone(seal: AttachmentSeal, index: int) -> None:
    with pytest.raises(CannotOpenError):
        open_chunk(seal, index, SEALED)


@pytest.mark.parametrize("place", [0, 23, 24, 55, 56, 16_455, 500_000, SEALED_CHUNK_LEN - 1])
def test_bit_flipped_anywhere_never_opens(place: int) -> None:
    with pytest.raises(CannotOpenError):
        open_chunk(SEAL, 2, flip(SEALED, 8 * place))


def test_blocks_exchanged_within_a_chunk_never_open() -> None:
    block = 16_384 + 16
    first, second = SEALED[56 : 56 + block], SEALED[56 + block : 56 + 2 * block]

    with pytest.raises(CannotOpenError):
        open_chunk(SEAL, 2, SEALED[:56] + second + first + SEALED[56 + 2 * block :])


@pytest.mark.parametrize("length", [0, 56, SEALED_CHUNK_LEN - 1, SEALED_CHUNK_LEN + 1])
def test_chunk_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(MalformedChunkError):
        open_chunk(SEAL, 2, (SEALED + b"\0")[:length])


@pytest.mark.parametrize(("index", "length"), [(-1, 0), (4, 0), (0, CHUNK_LEN + 1)])
def test_chunk_without_a_place_is_not_sealed(index: int, length: int) -> None:
    with pytest.raises(ValueError, match="place"):
        seal_chunk(SEAL, index, bytes(length))


def test_chunk_ids_tell_nothing_of_each_other() -> None:
    seals = [SEAL, replace(SEAL, key=draw("other")), replace(SEAL, org_id=draw("other"))]

    assert len({derive_chunk_id(seal, i) for seal in seals for i in range(4)}) == 12


def test_chunk_sealed_again_is_other_bytes_under_the_same_id() -> None:
    assert seal_chunk(SEAL, 2, DATA) != SEALED


def test_seal_does_not_print_its_key() -> None:
    assert repr(SEAL.key) not in repr(SEAL)
