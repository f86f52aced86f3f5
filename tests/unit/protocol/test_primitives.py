"""Each primitive is the standard's, by a published vector, and refuses alike."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from silent_courier.protocol.errors import CannotOpenError
from silent_courier.protocol.primitives import (
    aes_ctr_keystream,
    aes_gcm_open,
    aes_gcm_seal,
    argon2id,
    cobblestone_open,
    cobblestone_seal,
    ed25519_public,
    ed25519_sign,
    ed25519_verify,
    equal,
    hkdf_sha256,
    hmac_sha256,
    is_low_order,
    is_xwing_public,
    ml_dsa_65_public,
    ml_dsa_65_sign,
    ml_dsa_65_verify,
    sha256,
)
from tests.unit.protocol.makers import draw, flip, recipient

KEY = draw("key")
FIELD = 2**255 - 19
SIGN = 1 << 255


def test_sha256_of_abc() -> None:
    assert sha256(b"abc").hex().startswith("ba7816bf8f01cfea414140de5dae2223")


def test_hmac_is_rfc_4231_case_2() -> None:
    mac = hmac_sha256(b"Jefe", b"what do ya want for nothing?")

    assert mac.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_hkdf_is_rfc_5869_case_1() -> None:
    okm = hkdf_sha256(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)

    assert okm.hex().startswith("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")


def test_keystream_is_aes_of_the_counter() -> None:
    """FIPS 197 names AES-256 of one block; the counter's first block is zeros."""
    assert aes_ctr_keystream(bytes(32), 32).hex() == (
        "dc95c078a2408989ad48a21492842087530f8afbc74536b9a963b4f1c4cb738b"
    )


def test_shorter_keystream_begins_the_longer() -> None:
    assert aes_ctr_keystream(KEY, 1000).startswith(aes_ctr_keystream(KEY, 17))


def test_gcm_opens_what_it_sealed() -> None:
    assert aes_gcm_open(KEY, aes_gcm_seal(KEY, b"cell")) == b"cell"


def test_gcm_with_any_bit_flipped_never_opens() -> None:
    sealed = aes_gcm_seal(KEY, b"cell")
    for bit in range(8 * len(sealed)):
        with pytest.raises(CannotOpenError):
            aes_gcm_open(KEY, flip(sealed, bit))


@pytest.mark.parametrize("length", [0, 1, 15])
def test_gcm_of_less_than_a_tag_never_opens(length: int) -> None:
    with pytest.raises(CannotOpenError):
        aes_gcm_open(KEY, bytes(length))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(CannotOpenError):
        aes_gcm_open(draw("other"), aes_gcm_seal(KEY, b"cell"))


def test_ed25519_is_rfc_8032_test_1() -> None:
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")

    assert ed25519_public(seed).hex().startswith("d75a980182b10ab7d54bfed3c964073a")
    assert ed25519_sign(seed, b"").hex().startswith("e5564300c360ac729086e2cc806e828a")


def test_ed25519_verifies_its_own_message_alone() -> None:
    public, signature = ed25519_public(KEY), ed25519_sign(KEY, b"message")

    assert ed25519_verify(public, signature, b"message")
    assert not ed25519_verify(public, signature, b"Message")
    assert not ed25519_verify(ed25519_public(draw("other")), signature, b"message")
    assert not any(
        ed25519_verify(public, flip(signature, bit), b"message") for bit in range(8 * 64)
    )


def test_ed25519_signature_with_a_second_spelling_is_refused() -> None:
    order = 2**252 + 27742317777372353535851937790883648493
    signature = ed25519_sign(KEY, b"message")
    scalar = int.from_bytes(signature[32:], "little") + order

    assert not ed25519_verify(
        ed25519_public(KEY), signature[:32] + scalar.to_bytes(32, "little"), b"message"
    )


@pytest.mark.parametrize("key", [1, 1 + FIELD, 1 | SIGN, 1 + FIELD | SIGN])
def test_key_that_is_the_neutral_point_verifies_nothing(key: int) -> None:
    """Under it the library takes this signature, which nobody made, for every message."""
    nothing = (1).to_bytes(32, "little") + bytes(32)
    public = key.to_bytes(32, "little")

    Ed25519PublicKey.from_public_bytes(public).verify(nothing, b"message")
    assert not ed25519_verify(public, nothing, b"message")


@pytest.mark.parametrize("length", [0, 63, 65])
def test_signature_of_another_length_is_no_signature(length: int) -> None:
    assert not ed25519_verify(ed25519_public(KEY), bytes(length), b"message")
    assert not ml_dsa_65_verify(ml_dsa_65_public(KEY), bytes(length), b"message")


@pytest.mark.parametrize("length", [0, 31, 33, 1951])
def test_public_key_of_another_length_verifies_nothing(length: int) -> None:
    assert not ed25519_verify(bytes(length), ed25519_sign(KEY, b"m"), b"m")
    assert not ml_dsa_65_verify(bytes(length), ml_dsa_65_sign(KEY, b"m"), b"m")


def test_ml_dsa_verifies_its_own_message_alone() -> None:
    public, signature = ml_dsa_65_public(KEY), ml_dsa_65_sign(KEY, b"message")

    assert (len(public), len(signature)) == (1952, 3309)
    assert ml_dsa_65_verify(public, signature, b"message")
    assert not ml_dsa_65_verify(public, signature, b"Message")
    assert not any(
        ml_dsa_65_verify(public, flip(signature, bit), b"message")
        for bit in range(0, 8 * len(signature), 997)
    )


def test_low_order_share_is_told_from_an_honest_one() -> None:
    assert all(is_low_order(share) for share in (bytes(32), b"\1" + bytes(31), bytes(31)))
    assert not is_low_order(recipient(0).public_key[1184:])


def test_key_nobody_can_seal_to_is_told_from_an_honest_one() -> None:
    key = recipient(0).public_key

    assert is_xwing_public(key)
    unreduced = b"\xff" * 1152 + key[1152:]
    for bad in (b"", key[:-1], key + b"\0", unreduced, key[:1184] + bytes(32)):
        assert not is_xwing_public(bad)


def test_cobblestone_is_new_each_time_and_opens() -> None:
    first, second = (cobblestone_seal(KEY, b"context", b"data") for _ in range(2))

    assert first != second
    assert cobblestone_open(KEY, b"context", first) == b"data"


@pytest.mark.parametrize("change", ["key", "context", "bit", "cut", "longer", "empty"])
def test_cobblestone_opens_in_its_place_alone(change: str) -> None:
    sealed = cobblestone_seal(KEY, b"context", b"data")
    key = draw("other") if change == "key" else KEY
    context = b"Context" if change == "context" else b"context"
    sealed = {
        "bit": flip(sealed, 8 * 30),
        "cut": sealed[:-1],
        "longer": sealed + b"\0",
        "empty": b"",
    }.get(change, sealed)

    with pytest.raises(CannotOpenError):
        cobblestone_open(key, context, sealed)


def test_equal_compares_whole() -> None:
    assert equal(b"same", b"same")
    assert not equal(b"same", b"sama")
    assert not equal(b"same", b"samesame")


def test_argon2id_depends_on_every_input() -> None:
    base = argon2id(b"passphrase", bytes(16), passes=1, memory_kib=64, lanes=1)
    others = [
        argon2id(b"Passphrase", bytes(16), passes=1, memory_kib=64, lanes=1),
        argon2id(b"passphrase", bytes(15) + b"1", passes=1, memory_kib=64, lanes=1),
        argon2id(b"passphrase", bytes(16), passes=2, memory_kib=64, lanes=1),
        argon2id(b"passphrase", bytes(16), passes=1, memory_kib=128, lanes=1),
    ]

    assert len(base) == 32
    assert len({base, *others}) == 5
