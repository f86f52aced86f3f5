"""The header file beside the database: how the passphrase becomes its key. Spec §14.1.

Its check value tells a wrong passphrase from a damaged database; it is no easier to
guess against than the database itself. Refuses costs that no desk would have chosen.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from silent_courier.protocol.errors import (
    MalformedPayloadError,
    VaultDamagedError,
    WrongPassphraseError,
)
from silent_courier.protocol.primitives import argon2id, equal, hkdf_sha256, sha256
from silent_courier.protocol.sizes import KEY_LEN
from silent_courier.protocol.strict_json import parse_object

SALT_LEN: Final = 16
CHECK_LEN: Final = 16


@dataclass(frozen=True, slots=True)
class KdfParameters:
    """Argon2id's cost: passes over the memory, its KiB, and lanes."""

    passes: int
    memory_kib: int
    lanes: int


DEFAULT_KDF: Final = KdfParameters(passes=8, memory_kib=256 * 1024, lanes=4)
"""About a second on the machines that desks run on."""


class Header(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What the file says; nothing in it is secret. `database`: the file that this key opens."""

    version: Literal[1] = 1
    kdf: Literal["argon2id"] = "argon2id"
    passes: Annotated[int, Meta(ge=1, le=64)]
    memory_kib: Annotated[int, Meta(ge=8, le=4 * 1024 * 1024)]
    lanes: Annotated[int, Meta(ge=1, le=64)]
    salt: Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
    check: Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
    database: Annotated[str, Meta(pattern=r"\Avault(-[0-9a-f]{8})?\.sqlite\Z")] = "vault.sqlite"


@dataclass(frozen=True, slots=True)
class VaultKey:
    """The database's raw 32-byte key and the check value that stands in the header."""

    key: bytes = field(repr=False)
    check: bytes


def make_header(
    passphrase: str, kdf: KdfParameters, random: Callable[[int], bytes]
) -> tuple[Header, VaultKey]:
    """A header with a fresh salt, and the key that it makes of this passphrase."""
    salt = random(SALT_LEN)
    derived = _derive(passphrase, kdf, salt)
    header = Header(
        passes=kdf.passes,
        memory_kib=kdf.memory_kib,
        lanes=kdf.lanes,
        salt=salt.hex(),
        check=derived.check.hex(),
    )
    return header, derived


def derive_key(header: Header, passphrase: str) -> VaultKey:
    """The key of this vault; WrongPassphraseError."""
    kdf = KdfParameters(header.passes, header.memory_kib, header.lanes)
    derived = _derive(passphrase, kdf, bytes.fromhex(header.salt))
    if not equal(derived.check, bytes.fromhex(header.check)):
        raise WrongPassphraseError
    return derived


def encode_header(header: Header) -> bytes:
    """One line of JSON, one line with its SHA-256."""
    # Version and kind are always said; the database's name where it is another than at first.
    fields = {"version": header.version, "kdf": header.kdf, **msgspec.to_builtins(header)}
    line = msgspec.json.encode(fields)
    return line + b"\n" + sha256(line).hex().encode() + b"\n"


def parse_header(data: bytes) -> Header:
    """Read a header file; VaultDamagedError when a bit of it is not as it was written."""
    line, _, rest = data.partition(b"\n")
    if rest != sha256(line).hex().encode() + b"\n":
        raise VaultDamagedError
    try:
        return msgspec.convert(parse_object(line), type=Header)
    except (msgspec.ValidationError, MalformedPayloadError) as error:
        raise VaultDamagedError from error


def _derive(passphrase: str, kdf: KdfParameters, salt: bytes) -> VaultKey:
    # Keyboards and systems compose accents differently; the same passphrase must fit everywhere.
    normal = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    master = argon2id(normal, salt, passes=kdf.passes, memory_kib=kdf.memory_kib, lanes=kdf.lanes)
    return VaultKey(
        hkdf_sha256(master, b"", b"courier/vault-key", KEY_LEN),
        hkdf_sha256(master, b"", b"courier/vault-check", CHECK_LEN),
    )
