"""What the root signs, and how: Ed25519 and ML-DSA-65, both or nothing. Spec §8.1."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from silent_courier.protocol.errors import MalformedCharterError
from silent_courier.protocol.primitives import (
    ed25519_public,
    ed25519_sign,
    ed25519_verify,
    ml_dsa_65_public,
    ml_dsa_65_sign,
    ml_dsa_65_verify,
)
from silent_courier.protocol.sizes import (
    ED25519_SIGNATURE_LEN,
    LENGTH_PREFIX_LEN,
    ROOT_SIGNATURE_LEN,
)

_SIGNATURES_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class RootPublic:
    """The root's public keys: Ed25519 (32 bytes) and ML-DSA-65 (1952 bytes)."""

    ed25519: bytes
    ml_dsa_65: bytes


@dataclass(frozen=True, slots=True)
class RootKey:
    """The root's two 32-byte seeds. Kept offline."""

    ed25519_seed: bytes = field(repr=False)
    ml_dsa_65_seed: bytes = field(repr=False)

    @property
    def public(self) -> RootPublic:
        """The public halves."""
        return RootPublic(ed25519_public(self.ed25519_seed), ml_dsa_65_public(self.ml_dsa_65_seed))


@dataclass(frozen=True, slots=True)
class SignedBody:
    """The parts of a signed file: body as signed, and each root signature (3373 bytes)."""

    body: bytes
    signatures: tuple[bytes, ...]


def sign_root(key: RootKey, message: bytes) -> bytes:
    """Ed25519 signature, then ML-DSA-65 signature: 3373 bytes."""
    return ed25519_sign(key.ed25519_seed, message) + ml_dsa_65_sign(key.ml_dsa_65_seed, message)


def verify_root(root: RootPublic, message: bytes, signature: bytes) -> bool:
    """Whether both halves verify."""
    classic, quantum = signature[:ED25519_SIGNATURE_LEN], signature[ED25519_SIGNATURE_LEN:]
    return ed25519_verify(root.ed25519, classic, message) and ml_dsa_65_verify(
        root.ml_dsa_65, quantum, message
    )


def encode_signed_body(magic: bytes, label: bytes, body: bytes, keys: Sequence[RootKey]) -> bytes:
    """Magic, 4-byte length, body, one signature a key (old root first). Spec §8.1."""
    prefix = magic + len(body).to_bytes(LENGTH_PREFIX_LEN, "big") + body
    return prefix + b"".join(sign_root(key, label + body) for key in keys)


def parse_signed_body(file: bytes, magic: bytes) -> SignedBody:
    """Take a signed file apart; nothing is verified yet.

    Raises:
        MalformedCharterError: other magic, or lengths that do not add up.
    """
    start = len(magic) + LENGTH_PREFIX_LEN
    end = start + int.from_bytes(file[len(magic) : start], "big")
    signatures = file[end:]
    count, rest = divmod(len(signatures), ROOT_SIGNATURE_LEN)
    if file[: len(magic)] != magic or end > len(file) or rest or not 1 <= count <= _SIGNATURES_MAX:
        raise MalformedCharterError
    parts = (signatures[i * ROOT_SIGNATURE_LEN :][:ROOT_SIGNATURE_LEN] for i in range(count))
    return SignedBody(file[start:end], tuple(parts))
