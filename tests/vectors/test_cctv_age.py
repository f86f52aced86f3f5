"""The public C2SP CCTV vectors of the age format, every one of them, as npm `cctv-age` has them.

Each vector says how opening must end, not only whether it fails: a broken header that is
reported as an altered one is a parser that read what it should have refused.
"""

import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from hashlib import sha256
from pathlib import Path

import pytest

from silent_courier.protocol.age import (
    HybridIdentity,
    Identity,
    PassphraseIdentity,
    X25519Identity,
    decode_armor,
    encode_armor,
    open_with_file_key,
    open_with_identities,
)
from silent_courier.protocol.age.header import format_header, parse_header
from silent_courier.protocol.age.payload import open_chunks, seal_payload
from silent_courier.protocol.errors import (
    HeaderAlteredError,
    MalformedAgeError,
    MalformedArmorError,
    NoStanzaForUsError,
    PayloadAlteredError,
    ProtocolError,
)

# The package is one generated module of base64 literals; reading it as text lets the
# vectors be named when tests are collected, without node.
BUNDLE = Path(__file__).parents[2] / "web/node_modules/cctv-age/index.js"
LITERAL = re.compile(r'^var (\w+)_default = __toBinary\("([A-Za-z0-9+/=]+)"\);$', re.MULTILINE)
VECTOR_COUNT = 143
NONCE_LEN = 16


class Outcome(Enum):
    """How opening a vector may end, in the vectors' own words."""

    SUCCESS = "success"
    NO_MATCH = "no match"
    HMAC_FAILURE = "HMAC failure"
    HEADER_FAILURE = "header failure"
    PAYLOAD_FAILURE = "payload failure"
    ARMOR_FAILURE = "armor failure"


OUTCOMES: dict[type[ProtocolError], Outcome] = {
    NoStanzaForUsError: Outcome.NO_MATCH,
    HeaderAlteredError: Outcome.HMAC_FAILURE,
    MalformedAgeError: Outcome.HEADER_FAILURE,
    PayloadAlteredError: Outcome.PAYLOAD_FAILURE,
    MalformedArmorError: Outcome.ARMOR_FAILURE,
}


@dataclass(frozen=True, slots=True)
class Vector:
    """One vector: what is expected, by which identities, of which bytes."""

    name: str
    expect: Outcome
    identities: tuple[Identity, ...]
    armored: bool
    payload_hash: str
    file_key: bytes
    file: bytes = field(repr=False)


IDENTITY_KEYS: dict[str, Callable[[str], Identity]] = {
    "identity": lambda text: (
        HybridIdentity.parse(text) if "-PQ-1" in text else X25519Identity.parse(text)
    ),
    "passphrase": lambda text: PassphraseIdentity(text.encode()),
}
KNOWN_KEYS = {"expect", "payload", "file key", "armored", "comment", "compressed", *IDENTITY_KEYS}


def parse_vector(name: str, raw: bytes) -> Vector:
    """Read a vector: `key: value` lines, a blank line, the file (perhaps deflated)."""
    text, _, file = raw.partition(b"\n\n")
    pairs = [line.split(": ", 1) for line in text.decode().splitlines()]
    assert {key for key, _ in pairs} <= KNOWN_KEYS
    fields = dict(pairs[::-1])
    if "compressed" in fields:
        assert fields["compressed"] == "zlib"
        file = zlib.decompress(file)
    return Vector(
        name=name,
        expect=Outcome(fields["expect"]),
        identities=tuple(IDENTITY_KEYS[k](v) for k, v in pairs if k in IDENTITY_KEYS),
        armored=fields.get("armored") == "yes",
        payload_hash=fields.get("payload", ""),
        file_key=bytes.fromhex(fields.get("file key", "")),
        file=file,
    )


SOURCES = {name: b64decode(data) for name, data in LITERAL.findall(BUNDLE.read_text())}


VECTORS = [parse_vector(name, raw) for name, raw in sorted(SOURCES.items())]


def each(chosen: Callable[[Vector], bool]) -> pytest.MarkDecorator:
    """Run a test once for every vector that it says something about."""
    cases = [vector for vector in VECTORS if chosen(vector)]
    return pytest.mark.parametrize("vector", cases, ids=lambda vector: vector.name)


def end(steps: Callable[[], object]) -> Outcome:
    """How these steps end; any error that is not the protocol's goes through."""
    try:
        steps()
    except ProtocolError as error:
        return OUTCOMES[type(error)]
    return Outcome.SUCCESS


def binary(vector: Vector) -> bytes:
    """The age file itself, out of its armor where it has one."""
    return decode_armor(vector.file) if vector.armored else vector.file


def authentic(chunks: Iterator[bytes]) -> bytes:
    """What opens before the first chunk that does not."""
    opened = bytearray()
    try:
        for chunk in chunks:
            opened += chunk
    except PayloadAlteredError:
        pass
    return bytes(opened)


def test_every_vector_of_the_package_is_read() -> None:
    assert len(VECTORS) == VECTOR_COUNT


@each(lambda vector: True)
def test_opening_ends_as_the_vector_says(vector: Vector) -> None:
    assert end(lambda: open_with_identities(binary(vector), vector.identities)) is vector.expect


@each(lambda vector: vector.expect is Outcome.SUCCESS)
def test_what_opens_is_what_the_vector_says(vector: Vector) -> None:
    opened = open_with_identities(binary(vector), vector.identities)
    assert sha256(opened.plaintext).hexdigest() == vector.payload_hash
    assert opened.file_key == vector.file_key
    assert open_with_file_key(binary(vector), opened.file_key) == opened.plaintext


@each(lambda vector: vector.expect is Outcome.PAYLOAD_FAILURE)
def test_chunks_before_a_bad_one_are_what_the_vector_says(vector: Vector) -> None:
    file = binary(vector)
    payload = file[parse_header(file).length :]
    opened = authentic(open_chunks(payload, vector.file_key))
    assert sha256(opened).hexdigest() == vector.payload_hash


@each(lambda vector: vector.expect in {Outcome.SUCCESS, Outcome.PAYLOAD_FAILURE})
def test_a_header_that_parses_is_written_back_byte_for_byte(vector: Vector) -> None:
    file = binary(vector)
    header = parse_header(file)
    assert format_header(header.stanzas, vector.file_key) == file[: header.length]


@each(lambda vector: vector.expect is Outcome.SUCCESS)
def test_a_payload_that_opens_is_sealed_back_byte_for_byte(vector: Vector) -> None:
    file = binary(vector)
    payload = file[parse_header(file).length :]
    plaintext = open_with_file_key(file, vector.file_key)
    assert seal_payload(plaintext, vector.file_key, payload[:NONCE_LEN]) == payload


@each(lambda vector: vector.armored and vector.expect is not Outcome.ARMOR_FAILURE)
def test_armor_that_opens_is_written_back(vector: Vector) -> None:
    text = vector.file.strip().replace(b"\r\n", b"\n") + b"\n"
    assert encode_armor(decode_armor(vector.file)) == text
