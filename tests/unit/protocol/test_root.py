"""Root signatures: both halves or nothing, over the bytes as they stand."""

import pytest

from silent_courier.protocol.errors import MalformedCharterError
from silent_courier.protocol.root import (
    RootPublic,
    encode_signed_body,
    parse_signed_body,
    sign_root,
    verify_root,
)
from silent_courier.protocol.sizes import ED25519_SIGNATURE_LEN, ROOT_SIGNATURE_LEN
from tests.unit.protocol.makers import flip, root_key

KEY, OTHER = root_key(), root_key("other")
MAGIC, LABEL, BODY = b"SCXX\x01", b"courier/test\0", b'{"a":1}'
SIGNATURE = sign_root(KEY, b"message")
FILE = encode_signed_body(MAGIC, LABEL, BODY, [KEY, OTHER])


def test_signature_verifies_under_its_own_root_alone() -> None:
    assert verify_root(KEY.public, b"message", SIGNATURE)
    assert not verify_root(OTHER.public, b"message", SIGNATURE)
    assert not verify_root(KEY.public, b"Message", SIGNATURE)


def test_one_broken_algorithm_is_not_enough() -> None:
    """Whoever can forge one half still lacks the other."""
    forged = sign_root(OTHER, b"message")
    classic, quantum = SIGNATURE[:ED25519_SIGNATURE_LEN], SIGNATURE[ED25519_SIGNATURE_LEN:]

    assert not verify_root(KEY.public, b"message", classic + forged[ED25519_SIGNATURE_LEN:])
    assert not verify_root(KEY.public, b"message", forged[:ED25519_SIGNATURE_LEN] + quantum)


def test_keys_of_two_roots_do_not_mix() -> None:
    mixed = RootPublic(KEY.public.ed25519, OTHER.public.ml_dsa_65)

    assert not verify_root(mixed, b"message", SIGNATURE)


@pytest.mark.parametrize("bit", [0, 511, 512, 8 * 1000, 8 * ROOT_SIGNATURE_LEN - 1])
def test_bit_flipped_in_either_half_is_refused(bit: int) -> None:
    assert not verify_root(KEY.public, b"message", flip(SIGNATURE, bit))


@pytest.mark.parametrize("length", [0, 64, ROOT_SIGNATURE_LEN - 1, ROOT_SIGNATURE_LEN + 1])
def test_signature_of_another_length_is_refused(length: int) -> None:
    assert not verify_root(KEY.public, b"message", (SIGNATURE + b"\0")[:length])


def test_signed_file_comes_apart_as_it_was_put_together() -> None:
    signed = parse_signed_body(FILE, MAGIC)

    assert signed.body == BODY
    assert verify_root(KEY.public, LABEL + BODY, signed.signatures[0])
    assert verify_root(OTHER.public, LABEL + BODY, signed.signatures[1])


@pytest.mark.parametrize(
    "file",
    [
        b"",
        FILE[:4],
        FILE[:8],
        b"X" + FILE[1:],
        FILE[:-1],
        FILE + b"\0",
        FILE + SIGNATURE,
        FILE[: 9 + len(BODY)],
        FILE[:5] + b"\xff\xff\xff\xff" + FILE[9:],
        FILE[:5] + b"\0\0\0\1" + FILE[9:],
    ],
    ids=[
        "empty",
        "cut magic",
        "cut length",
        "magic",
        "cut",
        "longer",
        "three signatures",
        "no signature",
        "huge length",
        "short length",
    ],
)
def test_file_that_does_not_add_up_is_refused(file: bytes) -> None:
    with pytest.raises(MalformedCharterError):
        parse_signed_body(file, MAGIC)


def test_key_does_not_print_its_seeds() -> None:
    assert repr(KEY.ed25519_seed) not in repr(KEY)
    assert repr(KEY.ml_dsa_65_seed) not in repr(KEY)
