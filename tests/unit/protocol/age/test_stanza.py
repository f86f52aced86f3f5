"""Stanzas: one spelling each, and a bound on their length."""

import pytest

from silent_courier.protocol.age.stanza import (
    STANZA_LEN_MAX,
    Stanza,
    decode_base64,
    encode_base64,
    format_stanza,
    parse_stanza,
)
from silent_courier.protocol.errors import MalformedAgeError


@pytest.mark.parametrize("raw", [b"", b"\0", b"ab", b"abc", bytes(range(256))])
def test_base64_comes_back(raw: bytes) -> None:
    assert decode_base64(encode_base64(raw)) == raw


@pytest.mark.parametrize(
    "text", ["A", "AA==", "AB", "AAB", "AAAAA", "A A", "AA\n", "A-", "A_", "Aé", "\ud800", "="]
)
def test_base64_in_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(MalformedAgeError):
        decode_base64(text)


@pytest.mark.parametrize("length", [0, 1, 47, 48, 49, 95, 96, 97, 1000])
def test_a_body_of_any_length_comes_back(length: int) -> None:
    stanza = Stanza("kind", ("one", "2", "~!"), bytes(length))
    written = format_stanza(stanza)
    assert parse_stanza(b"before\n" + written + b"after", 7) == (stanza, 7 + len(written))


def test_a_body_of_whole_lines_ends_with_an_empty_line() -> None:
    assert format_stanza(Stanza("x", (), bytes(48))).endswith(b"A" * 64 + b"\n\n")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"->\n\n",
        b"-> \n\n",
        b"->x\n\n",
        b"-> x",
        b"-> x\n",
        b"-> x\nAAAA",
        b"-> x \n\n",
        b"->  x\n\n",
        b"-> x\ty\n\n",
        b"-> x\r\n\r\n",
        b"-> \xc3\xa9\n\n",
        b"-> x\nAA==\n",
        b"-> x\nAB\n",
        b"-> x\n\xff\n",
        b"-> x\n" + b"A" * 68 + b"\n",
        b"-> x\n" + b"A" * 128 + b"\n\n",
        b"-> x\n" + b"A" * 64 + b"\n",
        b"-> x\n" + b"A" * 64 + b"\n--- MAC\n",
    ],
)
def test_what_is_not_a_stanza_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedAgeError):
        parse_stanza(text, 0)


def test_a_stanza_of_the_greatest_length_is_read_and_a_longer_one_refused() -> None:
    fits = b"-> " + b"x" * (STANZA_LEN_MAX - 5) + b"\n\n"
    assert len(fits) == STANZA_LEN_MAX
    assert parse_stanza(fits, 0)[1] == STANZA_LEN_MAX
    with pytest.raises(MalformedAgeError):
        parse_stanza(fits.replace(b"x", b"xx", 1), 0)
    with pytest.raises(MalformedAgeError):
        parse_stanza(b"-> x\n" + (b"A" * 64 + b"\n") * 70 + b"\n", 0)
