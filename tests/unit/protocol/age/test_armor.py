"""Armor: blank space outside and CRLF are tolerated, and nothing else."""

import pytest

from silent_courier.protocol.age.armor import decode_armor, encode_armor
from silent_courier.protocol.errors import MalformedArmorError

FILE = bytes(range(100))
TEXT = encode_armor(FILE)


@pytest.mark.parametrize("length", [0, 1, 2, 3, 47, 48, 49, 96, 97])
def test_every_length_comes_back(length: int) -> None:
    assert decode_armor(encode_armor(bytes(length))) == bytes(length)


@pytest.mark.parametrize(
    "text",
    [TEXT.rstrip(), TEXT.replace(b"\n", b"\r\n"), b" \r\n\t\n" + TEXT + b"\n \t\n", TEXT + b"\n"],
)
def test_what_mail_does_to_it_is_tolerated(text: bytes) -> None:
    assert decode_armor(text) == FILE


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        TEXT.replace(b"BEGIN", b"begin"),
        TEXT.replace(b"AGE", b"PGP"),
        TEXT.replace(b"-----BEGIN", b"----- BEGIN"),
        TEXT.replace(b"FILE-----\n", b"FILE-----\n\n", 1),
        TEXT.replace(b"FILE-----\n", b"FILE-----\nVersion: 1\n\n", 1),
        TEXT.replace(b"-----END", b"\n-----END"),
        TEXT.replace(b"-----END", b"=AAAA\n-----END"),
        TEXT.replace(b"-----END AGE ENCRYPTED FILE-----\n", b""),
        TEXT + b"more",
        b"more\n" + TEXT,
        TEXT + TEXT,
        TEXT.replace(b"\nAAEC", b"\n AAEC"),
        TEXT.replace(b"\nAAEC", b"\nAA\nEC"),
        TEXT.replace(b"\nAAEC", b"\nAAECAAEC"),
        TEXT.replace(b"AAEC", b"A\xffEC"),
        TEXT.replace(b"AAEC", b"A_EC"),
        TEXT.replace(b"\n", b" \n", 2),
        TEXT.replace(b"\n", b"\r"),
        TEXT.replace(b"\n", b"\r\r\n"),
        encode_armor(b"\0").replace(b"AA==", b"AA"),
        encode_armor(b"\0").replace(b"AA==", b"AB=="),
        encode_armor(b"\0").replace(b"AA==", b"AA==AA=="),
    ],
)
def test_everything_else_is_refused(text: bytes) -> None:
    with pytest.raises(MalformedArmorError):
        decode_armor(text)
