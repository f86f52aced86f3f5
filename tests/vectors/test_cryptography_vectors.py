"""The public vectors of chunked encryption, as `cryptography_vectors` has them.

They are of the construction with SHA-256. Cobblestone-256 is the same with SHA-512, and
`cryptography` offers no other: so the second implementation, which takes either hash, is held
to the vectors, and the library to the second implementation, both ways and with every
alteration. The browser's implementation reads the same vectors in its own tests.
"""

import json
import zlib
from base64 import b64decode
from dataclasses import dataclass, field
from hashlib import sha256

import cryptography_vectors
import pytest
from cryptography.hazmat.primitives.hashes import SHA256

from silent_courier.protocol.errors import CannotOpenError
from silent_courier.protocol.primitives import cobblestone_open, cobblestone_seal
from vectors.generate import cobblestone

VECTOR_COUNT = 34
KEY_LEN = 32
LENGTHS = [0, 1, 16_383, 16_384, 16_385, 100_000]


@dataclass(frozen=True, slots=True)
class Vector:
    """One vector: what is sealed, and the hash of what must come out, if anything may."""

    name: str
    key: bytes = field(repr=False)
    context: bytes
    sealed: bytes = field(repr=False)
    plaintext_hash: str | None


def read_vectors() -> list[Vector]:
    """Those of AES-256-GCM: the only kind that is used here."""
    with cryptography_vectors.open_vector_file("chunked-encryption/vectors.json", "r") as file:
        entries = json.load(file)["vectors"]
    return [_vector(entry) for entry in entries if entry["aead"] == "AEAD_AES_256_GCM"]


def _vector(entry: dict[str, str]) -> Vector:
    sealed = b64decode(entry["ciphertext"] or "")
    return Vector(
        entry["name"],
        bytes.fromhex(entry["key"]),
        entry["context"].encode(),
        zlib.decompress(sealed) if entry.get("compressed") else sealed,
        entry["payload_sha256"] if entry["expect"] == "success" else None,
    )


VECTORS = read_vectors()
SOUND = [vector for vector in VECTORS if vector.plaintext_hash is not None]
each = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)


def test_every_vector_of_the_package_is_read() -> None:
    assert len(VECTORS) == VECTOR_COUNT


@each
def test_a_vector_opens_when_it_should_and_not_else(vector: Vector) -> None:
    opened = cobblestone.open_sealed(vector.key, vector.context, vector.sealed, SHA256())
    assert (sha256(opened).hexdigest() if opened is not None else None) == vector.plaintext_hash


@pytest.mark.parametrize("vector", SOUND, ids=lambda vector: vector.name)
def test_a_vector_that_opens_is_sealed_back_byte_for_byte(vector: Vector) -> None:
    plaintext = cobblestone.open_sealed(vector.key, vector.context, vector.sealed, SHA256())
    assert plaintext is not None
    salt = vector.sealed[: cobblestone.SALT_LEN]
    sealed = cobblestone.seal(vector.key, vector.context, salt, plaintext, SHA256())
    assert sealed == vector.sealed


@pytest.mark.parametrize("length", LENGTHS)
def test_the_second_implementation_seals_what_the_library_seals(length: int) -> None:
    key, context, plaintext = b"k" * KEY_LEN, b"context", b"p" * length
    library = cobblestone_seal(key, context, plaintext)
    assert cobblestone.seal(key, context, library[: cobblestone.SALT_LEN], plaintext) == library
    assert cobblestone.open_sealed(key, context, library) == plaintext


@pytest.mark.parametrize("place", range(0, 16_384 + 56 + 2 * 16 + 1, 1031))
def test_neither_opens_what_has_one_bit_flipped(place: int) -> None:
    key, context = b"k" * KEY_LEN, b"context"
    sealed = bytearray(cobblestone_seal(key, context, b"p" * 16_385))
    sealed[place] ^= 1
    assert cobblestone.open_sealed(key, context, bytes(sealed)) is None
    with pytest.raises(CannotOpenError):
        cobblestone_open(key, context, bytes(sealed))
