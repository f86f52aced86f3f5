"""X25519 and passphrase identities: what breaks their stanzas' own rules.

That they open what age seals is shown by the public vectors.
"""

import pytest

from silent_courier.protocol.age.bech32 import encode_bech32
from silent_courier.protocol.age.classic import PassphraseIdentity, X25519Identity
from silent_courier.protocol.age.primitives import (
    ZERO_NONCE,
    chacha_seal,
    scrypt,
    x25519_public,
    x25519_shared,
)
from silent_courier.protocol.age.stanza import Stanza, encode_base64
from silent_courier.protocol.errors import MalformedAgeError, MalformedIdentityError
from silent_courier.protocol.primitives import hkdf_sha256

IDENTITY = X25519Identity(bytes(range(32)))
PASSPHRASE = PassphraseIdentity(b"correct horse")
FILE_KEY = bytes(range(50, 66))
SALT = bytes(16)


def x25519_stanza() -> Stanza:
    """A stanza for IDENTITY, as age makes one."""
    ephemeral, public = bytes(range(1, 33)), x25519_public(IDENTITY.secret)
    share, shared = x25519_public(ephemeral), x25519_shared(ephemeral, public)
    assert shared is not None
    key = hkdf_sha256(shared, share + public, b"age-encryption.org/v1/X25519", 32)
    return Stanza("X25519", (encode_base64(share),), chacha_seal(key, ZERO_NONCE, FILE_KEY))


def scrypt_stanza(work_factor: str = "4", salt: bytes = SALT, body: bytes = b"") -> Stanza:
    """A stanza for PASSPHRASE at work factor 4, perhaps saying otherwise."""
    key = scrypt(PASSPHRASE.passphrase, b"age-encryption.org/v1/scrypt" + SALT, 4)
    body = body or chacha_seal(key, ZERO_NONCE, FILE_KEY)
    return Stanza("scrypt", (encode_base64(salt), work_factor), body)


def test_each_identity_opens_its_own_stanza() -> None:
    assert IDENTITY.unwrap([Stanza("grease", (), b""), x25519_stanza()]) == FILE_KEY
    assert PASSPHRASE.unwrap([scrypt_stanza()]) == FILE_KEY


def test_each_identity_ignores_the_other_ones_stanza() -> None:
    assert IDENTITY.unwrap([scrypt_stanza()]) is None
    assert PASSPHRASE.unwrap([x25519_stanza()]) is None


def test_another_key_or_passphrase_gets_nothing() -> None:
    assert X25519Identity(bytes(32)).unwrap([x25519_stanza()]) is None
    assert PassphraseIdentity(b"wrong").unwrap([scrypt_stanza()]) is None


def test_secrets_are_not_shown() -> None:
    assert repr(IDENTITY) == "X25519Identity()"
    assert "horse" not in repr(PASSPHRASE)


def test_an_identity_is_read_from_its_text() -> None:
    assert X25519Identity.parse(encode_bech32("AGE-SECRET-KEY-", IDENTITY.secret)) == IDENTITY


@pytest.mark.parametrize(
    "text",
    [
        "",
        encode_bech32("age-secret-key-", bytes(32)),
        encode_bech32("AGE-SECRET-KEY-", bytes(31)),
        encode_bech32("AGE-SECRET-KEY-PQ-", bytes(32)),
    ],
)
def test_a_text_that_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(MalformedIdentityError):
        X25519Identity.parse(text)


def test_a_secret_of_another_length_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        X25519Identity(bytes(33))


def test_an_x25519_stanza_of_another_shape_is_malformed() -> None:
    good = x25519_stanza()
    for args, body in (
        ((), good.body),
        ((*good.args, "more"), good.body),
        ((encode_base64(bytes(31)),), good.body),
        ((encode_base64(bytes(33)),), good.body),
        (good.args, good.body[:-1]),
        (good.args, good.body + b"\0"),
    ):
        with pytest.raises(MalformedAgeError):
            IDENTITY.unwrap([good, Stanza("X25519", args, body)])


def test_a_share_of_low_order_is_malformed() -> None:
    stanza = Stanza("X25519", (encode_base64(bytes(32)),), bytes(32))
    with pytest.raises(MalformedAgeError):
        IDENTITY.unwrap([stanza])


@pytest.mark.parametrize("factor", ["", "0", "04", "+4", "-4", "0x4", "4 ", "٤", "100", "99"])
def test_a_work_factor_in_another_spelling_or_too_high_is_malformed(factor: str) -> None:
    with pytest.raises(MalformedAgeError):
        PASSPHRASE.unwrap([scrypt_stanza(factor)])


def test_the_caller_says_how_much_work_is_too_much() -> None:
    with pytest.raises(MalformedAgeError):
        PassphraseIdentity(b"correct horse", work_factor_max=3).unwrap([scrypt_stanza()])


def test_a_scrypt_stanza_of_another_shape_is_malformed() -> None:
    good = scrypt_stanza()
    for stanza in (
        scrypt_stanza(salt=bytes(15)),
        scrypt_stanza(salt=bytes(17)),
        scrypt_stanza(body=bytes(31)),
        scrypt_stanza(body=bytes(33)),
        Stanza("scrypt", good.args[:1], good.body),
        Stanza("scrypt", (*good.args, "more"), good.body),
    ):
        with pytest.raises(MalformedAgeError):
            PASSPHRASE.unwrap([stanza])
