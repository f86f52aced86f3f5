"""Hybrid keys and stanzas: their texts, their lengths, and what nobody may seal to."""

import pytest

from silent_courier.protocol.age.bech32 import encode_bech32
from silent_courier.protocol.age.hybrid import HybridIdentity, HybridRecipient
from silent_courier.protocol.age.stanza import Stanza, decode_base64, encode_base64, format_stanza
from silent_courier.protocol.errors import (
    MalformedAgeError,
    MalformedIdentityError,
    MalformedRecipientError,
)
from silent_courier.protocol.sizes import RECIPIENT_LEN, STANZA_LEN

IDENTITY = HybridIdentity(bytes(range(32)))
RECIPIENT = IDENTITY.recipient()
FILE_KEY = bytes(range(50, 66))
STANZA = RECIPIENT.wrap(FILE_KEY)


def with_enc(enc: bytes) -> Stanza:
    """Our stanza around another encapsulation."""
    return Stanza(STANZA.kind, (encode_base64(enc),), STANZA.body)


def test_keys_come_back_from_their_texts() -> None:
    assert IDENTITY.encode().startswith("AGE-SECRET-KEY-PQ-1")
    assert HybridIdentity.parse(IDENTITY.encode()) == IDENTITY
    assert RECIPIENT.encode().startswith("age1pq1")
    assert HybridRecipient.parse(RECIPIENT.encode()) == RECIPIENT
    assert len(RECIPIENT.public_key) == RECIPIENT_LEN


def test_a_stanza_has_the_length_foretold_and_gives_the_file_key() -> None:
    assert len(format_stanza(STANZA)) == STANZA_LEN
    assert IDENTITY.unwrap([STANZA]) == FILE_KEY


def test_a_stanza_is_found_among_others() -> None:
    other = HybridIdentity(bytes(32)).recipient().wrap(bytes(16))
    assert IDENTITY.unwrap([Stanza("grease", (), b""), other, STANZA]) == FILE_KEY
    assert IDENTITY.unwrap([Stanza("grease", (), b""), other]) is None


def test_no_two_stanzas_are_the_same() -> None:
    assert RECIPIENT.wrap(FILE_KEY) != STANZA


def test_a_private_key_is_not_shown() -> None:
    assert repr(IDENTITY) == "HybridIdentity()"


@pytest.mark.parametrize(
    "text",
    [
        "",
        RECIPIENT.encode().upper(),
        RECIPIENT.encode()[:-1],
        RECIPIENT.encode() + "q",
        " " + RECIPIENT.encode(),
        IDENTITY.encode(),
        encode_bech32("age", bytes(32)),
        encode_bech32("age1pq", RECIPIENT.public_key[:-1]),
        encode_bech32("age1pq", b"\xff" * RECIPIENT_LEN),
        encode_bech32("age1pq", RECIPIENT.public_key[:-32] + bytes(32)),
    ],
)
def test_a_text_that_nobody_may_seal_to_is_refused(text: str) -> None:
    with pytest.raises(MalformedRecipientError):
        HybridRecipient.parse(text)


def test_bytes_that_nobody_may_seal_to_are_refused() -> None:
    for key in (b"", RECIPIENT.public_key[:-1], RECIPIENT.public_key[:-32] + bytes(32)):
        with pytest.raises(MalformedRecipientError):
            HybridRecipient(key)


@pytest.mark.parametrize(
    "text",
    [
        "",
        IDENTITY.encode().lower(),
        IDENTITY.encode()[:-1],
        RECIPIENT.encode(),
        encode_bech32("AGE-SECRET-KEY-", bytes(32)),
        encode_bech32("AGE-SECRET-KEY-PQ-", bytes(31)),
    ],
)
def test_a_text_that_is_no_identity_is_refused(text: str) -> None:
    with pytest.raises(MalformedIdentityError):
        HybridIdentity.parse(text)


def test_a_seed_of_another_length_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        HybridIdentity(bytes(31))


def test_a_stanza_of_another_shape_is_malformed() -> None:
    enc = decode_base64(STANZA.args[0])
    for stanza in (
        Stanza(STANZA.kind, (), STANZA.body),
        Stanza(STANZA.kind, (*STANZA.args, "more"), STANZA.body),
        Stanza(STANZA.kind, STANZA.args, STANZA.body + b"\0"),
        Stanza(STANZA.kind, STANZA.args, STANZA.body[:-1]),
        Stanza(STANZA.kind, (STANZA.args[0] + "=",), STANZA.body),
        with_enc(enc[:-1]),
        with_enc(enc + b"\0"),
    ):
        with pytest.raises(MalformedAgeError):
            IDENTITY.unwrap([STANZA, stanza])


def test_a_share_of_low_order_is_malformed() -> None:
    enc = decode_base64(STANZA.args[0])
    with pytest.raises(MalformedAgeError):
        IDENTITY.unwrap([with_enc(enc[:-32] + bytes(32))])


def test_a_changed_encapsulation_or_body_is_not_for_us() -> None:
    enc = decode_base64(STANZA.args[0])
    for i in (0, 500, 1087, 1088, 1118):
        changed = enc[:i] + bytes([enc[i] ^ 1]) + enc[i + 1 :]
        assert IDENTITY.unwrap([with_enc(changed)]) is None
    assert IDENTITY.unwrap([Stanza(STANZA.kind, STANZA.args, bytes(32))]) is None
