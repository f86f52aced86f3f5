"""Onion addresses and their keys, made and read without running tor.

Randomness is an argument. Key files are written once and never overwritten; a client list is never
empty, because tor would take an empty one for an onion open to all.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from silent_courier.protocol.errors import BadOnionAddressError, BadOnionKeyError
from silent_courier.protocol.primitives import ed25519_public, x25519_public

ONION_SEED_LEN = 32
CLIENT_SEED_LEN = 32
PUBLIC_KEY_LEN = 32

_VERSION = b"\x03"
_CHECKSUM_LEN = 2
_ADDRESS = re.compile(r"[a-z2-7]{56}\.onion")
_CLIENT_NAME = re.compile(r"[a-z0-9-]{1,64}")
_CLIENT_PREFIX = "descriptor:x25519:"
_SECRET_HEADER = b"== ed25519v1-secret: type0 ==".ljust(32, b"\0")
_PUBLIC_HEADER = b"== ed25519v1-public: type0 ==".ljust(32, b"\0")


@dataclass(frozen=True, slots=True)
class OnionKey:
    """An onion's identity: its public key, and the expanded secret as tor stores it (64 bytes)."""

    public: bytes
    expanded_secret: bytes = field(repr=False)

    @property
    def address(self) -> str:
        """`….onion`."""
        return onion_address(self.public)


@dataclass(frozen=True, slots=True)
class ClientKey:
    """An x25519 pair that opens an onion's descriptor; 32 bytes each."""

    public: bytes
    private: bytes = field(repr=False)


def make_onion_key(seed: bytes) -> OnionKey:
    """The onion key of 32 random bytes; ValueError on any other length."""
    public = ed25519_public(seed)
    expanded = bytearray(hashlib.sha512(seed).digest())
    # RFC 8032 §5.1.5: the clamp that turns the first half into the scalar.
    expanded[0] &= 248
    expanded[31] &= 63
    expanded[31] |= 64
    return OnionKey(public, bytes(expanded))


def make_client_key(seed: bytes) -> ClientKey:
    """The client key of 32 random bytes; ValueError on any other length."""
    return ClientKey(x25519_public(seed), seed)


def onion_address(public: bytes) -> str:
    """The v3 address of an ed25519 public key."""
    packed = public + _checksum(public) + _VERSION
    return base64.b32encode(packed).decode().lower() + ".onion"


def parse_onion_address(text: str) -> bytes:
    """The public key in a v3 address; BadOnionAddressError."""
    if not _ADDRESS.fullmatch(text):
        raise BadOnionAddressError
    packed = base64.b32decode(text.removesuffix(".onion").upper())
    public = packed[:PUBLIC_KEY_LEN]
    if packed[PUBLIC_KEY_LEN:] != _checksum(public) + _VERSION:
        raise BadOnionAddressError
    return public


def _checksum(public: bytes) -> bytes:
    return hashlib.sha3_256(b".onion checksum" + public + _VERSION).digest()[:_CHECKSUM_LEN]


def write_onion_key(directory: Path, key: OnionKey) -> None:
    """Make an onion's directory (0700) with its three files (0600); FileExistsError."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    _write_new(directory / "hs_ed25519_secret_key", _SECRET_HEADER + key.expanded_secret)
    _write_new(directory / "hs_ed25519_public_key", _PUBLIC_HEADER + key.public)
    _write_new(directory / "hostname", key.address.encode() + b"\n")


def _write_new(path: Path, content: bytes) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(content)


def read_onion_address(directory: Path) -> str:
    """The address of the key in this directory; BadOnionKeyError when it is missing or damaged."""
    try:
        content = (directory / "hs_ed25519_public_key").read_bytes()
    except OSError as error:
        raise BadOnionKeyError from error
    if len(content) != len(_PUBLIC_HEADER) + PUBLIC_KEY_LEN or content[:32] != _PUBLIC_HEADER:
        raise BadOnionKeyError
    return onion_address(content[32:])


def format_authorized_client(public: bytes) -> str:
    """The line that lets this public key in, as the server's tor reads it."""
    return _CLIENT_PREFIX + _base32(public)


def parse_authorized_client(line: str) -> bytes:
    """The public key in such a line; BadOnionKeyError."""
    if not line.startswith(_CLIENT_PREFIX):
        raise BadOnionKeyError
    text = line.removeprefix(_CLIENT_PREFIX).strip()
    try:
        public = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise BadOnionKeyError from error
    if len(public) != PUBLIC_KEY_LEN or _base32(public) != text:
        raise BadOnionKeyError
    return public


def format_auth_private(address: str, private: bytes) -> str:
    """The line of an `.auth_private` file, as a client's tor reads it; BadOnionAddressError."""
    parse_onion_address(address)
    return f"{address.removesuffix('.onion')}:{_CLIENT_PREFIX}{_base32(private)}"


def _base32(key: bytes) -> str:
    if len(key) != PUBLIC_KEY_LEN:
        raise ValueError("an x25519 key has 32 bytes")
    return base64.b32encode(key).decode().rstrip("=")


def write_authorized_clients(onion_directory: Path, clients: Mapping[str, bytes]) -> None:
    """Let exactly these public keys in, each under its name; ValueError when there is none."""
    if not clients or not all(_CLIENT_NAME.fullmatch(name) for name in clients):
        raise ValueError("at least one client, named in a-z, 0-9 and -")
    directory = onion_directory / "authorized_clients"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, public in clients.items():
        fresh = directory / f"{name}.new"
        fresh.touch(mode=0o600)
        fresh.write_text(format_authorized_client(public) + "\n")
        fresh.replace(directory / f"{name}.auth")
    # Only after the new ones stand: at no moment is the list empty.
    for old in directory.glob("*.auth"):
        if old.stem not in clients:
            old.unlink()
