"""The crypto library behind age, with age's conventions."""

import pytest

from silent_courier.protocol.age.primitives import (
    ZERO_NONCE,
    chacha_open,
    chacha_seal,
    hpke_open,
    hpke_seal,
    scrypt,
    x25519_public,
    x25519_shared,
    xwing_private,
    xwing_public,
)
from silent_courier.protocol.primitives import is_low_order, is_xwing_public

P = 2**255 - 19
LOW_ORDER = [
    *(number.to_bytes(32, "little") for number in (0, 1, P - 1, P, P + 1)),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"),
]
SEED = bytes(range(32))


def test_hpke_comes_back_to_the_same_seed_alone() -> None:
    sealed = hpke_seal(xwing_public(SEED), b"file key")
    assert len(sealed) == 1120 + len(b"file key") + 16
    assert hpke_open(xwing_private(SEED), sealed) == b"file key"
    assert hpke_open(xwing_private(bytes(32)), sealed) is None


def test_hpke_refuses_what_is_too_short() -> None:
    for length in (0, 1119, 1120, 1135):
        assert hpke_open(xwing_private(SEED), bytes(length)) is None


@pytest.mark.parametrize("share", LOW_ORDER)
def test_a_point_of_low_order_is_known_and_makes_no_key(share: bytes) -> None:
    assert is_low_order(share)
    assert x25519_shared(SEED, share) is None
    assert not is_xwing_public(xwing_public(SEED)[:-32] + share)


def test_an_honest_share_is_not_of_low_order() -> None:
    assert not is_low_order(x25519_public(SEED))
    assert x25519_shared(SEED, x25519_public(bytes(32))) == x25519_shared(
        bytes(32), x25519_public(SEED)
    )


def test_only_a_key_of_the_right_form_can_be_sealed_to() -> None:
    key = xwing_public(SEED)
    assert is_xwing_public(key)
    for bad in (b"", key[:-1], key + b"\0", b"\xff" * 1184 + key[1184:], key[:1183]):
        assert not is_xwing_public(bad)


def test_chacha_binds_key_and_nonce() -> None:
    sealed = chacha_seal(SEED, ZERO_NONCE, b"text")
    assert chacha_open(SEED, ZERO_NONCE, sealed) == b"text"
    assert chacha_open(bytes(32), ZERO_NONCE, sealed) is None
    assert chacha_open(SEED, bytes(11) + b"\1", sealed) is None
    assert chacha_open(SEED, ZERO_NONCE, b"") is None
    assert chacha_open(SEED, ZERO_NONCE, sealed[:-1]) is None


def test_scrypt_depends_on_everything() -> None:
    keys = {scrypt(b"a", b"s", 2), scrypt(b"b", b"s", 2), scrypt(b"a", b"t", 2)}
    assert len(keys | {scrypt(b"a", b"s", 3)}) == 4
