"""Headers: the grammar, the limits, and the MAC over every byte before it."""

import pytest

from silent_courier.protocol.age.header import (
    STANZAS_MAX,
    format_header,
    parse_header,
    verify_header,
)
from silent_courier.protocol.age.stanza import Stanza
from silent_courier.protocol.errors import HeaderAlteredError, MalformedAgeError
from silent_courier.protocol.sizes import AGE_MAC_LINE_LEN

KEY = bytes(range(16))
STANZA = Stanza("kind", ("argument",), b"body")
HEADER = format_header([STANZA], KEY)
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def test_a_header_comes_back_and_ends_where_the_payload_begins() -> None:
    header = parse_header(HEADER + b"payload")
    assert header.stanzas == (STANZA,)
    assert header.length == len(HEADER)
    verify_header(header, KEY)


def test_the_mac_covers_all_that_is_before_it() -> None:
    header = parse_header(HEADER)
    assert HEADER[: len(header.authenticated)] == header.authenticated
    assert header.authenticated.endswith(b"\n---")


def test_another_file_key_is_refused() -> None:
    with pytest.raises(HeaderAlteredError):
        verify_header(parse_header(HEADER), bytes(16))


def test_a_changed_argument_is_refused() -> None:
    with pytest.raises(HeaderAlteredError):
        verify_header(parse_header(HEADER.replace(b"argument", b"Argument")), KEY)


def test_a_header_cut_anywhere_is_refused() -> None:
    for end in range(len(HEADER)):
        with pytest.raises(MalformedAgeError):
            parse_header(HEADER[:end])


@pytest.mark.parametrize(
    "file",
    [
        b"age-encryption.org/v2\n" + HEADER[22:],
        HEADER.replace(b"\n", b"\r\n"),
        HEADER.replace(b"--- ", b"---"),
        HEADER.replace(b"--- ", b"---  "),
        HEADER.replace(b"--- ", b"---- "),
        HEADER[:-1] + b" \n",
        HEADER[:-1] + b"=\n",
        HEADER[:-2] + b"\n",
        HEADER[:-2] + b"\xff\n",
        HEADER[:22] + b"\n" + HEADER[22:],
    ],
)
def test_another_spelling_is_refused(file: bytes) -> None:
    with pytest.raises(MalformedAgeError):
        parse_header(file)


def test_a_mac_that_is_not_canonical_is_refused() -> None:
    # 43 characters carry two bits more than 32 bytes: the next symbol sets the lower one.
    stray = ALPHABET[ALPHABET.index(HEADER[-2]) + 1]
    with pytest.raises(MalformedAgeError):
        parse_header(HEADER[:-2] + bytes([stray]) + b"\n")


def test_a_header_without_a_stanza_is_refused() -> None:
    with pytest.raises(MalformedAgeError):
        parse_header(format_header([], KEY))


def test_as_many_stanzas_as_allowed_are_read_and_one_more_refused() -> None:
    assert len(parse_header(format_header([STANZA] * STANZAS_MAX, KEY)).stanzas) == STANZAS_MAX
    with pytest.raises(MalformedAgeError):
        parse_header(format_header([STANZA] * (STANZAS_MAX + 1), KEY))


def test_a_passphrase_beside_another_recipient_is_refused() -> None:
    for stanzas in ([Stanza("scrypt", (), b""), STANZA], [STANZA, Stanza("scrypt", (), b"")]):
        with pytest.raises(MalformedAgeError):
            parse_header(format_header(stanzas, KEY))


def test_a_mac_line_without_end_is_not_searched_for_one() -> None:
    endless = HEADER[:-AGE_MAC_LINE_LEN] + b"--- " + b"A" * 100_000 + b"\n"
    with pytest.raises(MalformedAgeError):
        parse_header(endless)
