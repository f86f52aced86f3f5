"""Whole files: who can open them, and that nothing else about them can be learnt or changed."""

from random import Random

import pytest

from silent_courier.protocol.age import (
    FILE_KEY_LEN,
    HEADER_FIXED_LEN,
    HYBRID_STANZA_LEN,
    PAYLOAD_OVERHEAD,
    HybridIdentity,
    PassphraseIdentity,
    header_digest,
    open_with_file_key,
    open_with_identities,
    seal,
    sealed_len,
)
from silent_courier.protocol.age.header import STANZAS_MAX, parse_header
from silent_courier.protocol.age.payload import seal_payload
from silent_courier.protocol.errors import CannotOpenError, MalformedAgeError
from silent_courier.protocol.sizes import LETTER_PLAINTEXT_LEN, letter_len

IDENTITIES = [HybridIdentity(bytes([i]) * 32) for i in range(5)]
RECIPIENTS = [identity.recipient() for identity in IDENTITIES]
STRANGER = HybridIdentity(bytes(31) + b"\xff")
PLAINTEXT = b"letter" + bytes(1000)
FILE = seal(PLAINTEXT, RECIPIENTS, Random(1).randbytes)
FILE_KEY = open_with_identities(FILE, IDENTITIES[:1]).file_key


@pytest.mark.parametrize("identity", IDENTITIES)
def test_each_recipient_opens_the_file(identity: HybridIdentity) -> None:
    opened = open_with_identities(FILE, [STRANGER, identity])
    assert opened.plaintext == PLAINTEXT
    assert opened.file_key == FILE_KEY


def test_the_file_key_and_the_nonce_are_what_the_caller_drew() -> None:
    draws = Random(1)
    assert draws.randbytes(FILE_KEY_LEN) == FILE_KEY
    length = parse_header(FILE).length
    assert FILE[length : length + 16] == draws.randbytes(16)


def test_a_colleague_opens_the_file_with_its_key() -> None:
    assert open_with_file_key(FILE, FILE_KEY) == PLAINTEXT


def test_a_stranger_and_nobody_cannot_open_the_file() -> None:
    for identities in ([STRANGER], [], [PassphraseIdentity(b"")]):
        with pytest.raises(CannotOpenError):
            open_with_identities(FILE, identities)


@pytest.mark.parametrize("key", [b"", bytes(16), FILE_KEY[:-1], FILE_KEY + b"\0"])
def test_another_file_key_does_not_open_the_file(key: bytes) -> None:
    with pytest.raises(CannotOpenError):
        open_with_file_key(FILE, key)


def test_not_for_us_and_altered_read_the_same() -> None:
    sentences = set()
    altered = FILE[:-1] + bytes([FILE[-1] ^ 1])
    for file, identity in ((FILE, STRANGER), (altered, IDENTITIES[0])):
        with pytest.raises(CannotOpenError) as caught:
            open_with_identities(file, [identity])
        sentences.add(str(caught.value))
    assert len(sentences) == 1


@pytest.mark.parametrize("slots", [1, 2, 5])
def test_the_length_is_the_one_foretold(slots: int) -> None:
    file = seal(bytes(LETTER_PLAINTEXT_LEN), RECIPIENTS[:slots], Random(2).randbytes)
    arithmetic = HEADER_FIXED_LEN + slots * HYBRID_STANZA_LEN + PAYLOAD_OVERHEAD
    assert len(file) == sealed_len(LETTER_PLAINTEXT_LEN, slots) == letter_len(slots)
    assert len(file) == arithmetic + LETTER_PLAINTEXT_LEN


def test_no_recipient_and_too_many_are_the_callers_mistake() -> None:
    for recipients in ([], RECIPIENTS[:1] * (STANZAS_MAX + 1)):
        with pytest.raises(ValueError, match="recipients"):
            seal(b"", recipients, Random(3).randbytes)


def test_one_header_under_two_payloads_is_recognised() -> None:
    header = FILE[: parse_header(FILE).length]
    other = header + seal_payload(b"another letter", FILE_KEY, bytes(16))
    assert open_with_identities(other, IDENTITIES).plaintext == b"another letter"
    assert header_digest(other) == header_digest(FILE)
    assert header_digest(seal(PLAINTEXT, RECIPIENTS, Random(1).randbytes)) != header_digest(FILE)


def test_a_file_cut_short_is_refused() -> None:
    length = parse_header(FILE).length
    for end in (0, 21, length - 1, length, length + 15):
        with pytest.raises(MalformedAgeError):
            open_with_identities(FILE[:end], IDENTITIES)
    for end in (length + 16, length + 32, len(FILE) - 1):
        with pytest.raises(CannotOpenError):
            open_with_identities(FILE[:end], IDENTITIES)


def test_stanzas_of_a_kind_nobody_knows_are_passed_over() -> None:
    grease = b"-> grease 1 2\n\n"
    with pytest.raises(CannotOpenError):  # found, and then the MAC speaks
        open_with_identities(FILE[:22] + grease + FILE[22:], IDENTITIES)
