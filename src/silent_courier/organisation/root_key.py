"""The root key at rest: sealed under a passphrase. Spec §8.1.

Argon2id is as slow as a person at an offline machine will bear, since whoever finds the file can
guess at leisure. Every sealing draws a new salt, so that no key is ever used twice. A wrong
passphrase and an altered file are the same refusal.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

from silent_courier.protocol.errors import (
    CannotOpenError,
    OrganisationDamagedError,
    RootPassphraseError,
)
from silent_courier.protocol.primitives import aes_gcm_open, aes_gcm_seal, argon2id
from silent_courier.protocol.root import RootKey
from silent_courier.protocol.sizes import AEAD_TAG_LEN, KEY_LEN

Random = Callable[[int], bytes]
"""That many random bytes."""

_MAGIC: Final = b"SCRK\x01"
_SALT_LEN: Final = 16
SEALED_ROOT_LEN: Final = len(_MAGIC) + _SALT_LEN + 2 * KEY_LEN + AEAD_TAG_LEN

ARGON2_PASSES: Final = 4
ARGON2_MEMORY_KIB: Final = 256 * 1024
ARGON2_LANES: Final = 4


def make_root_key(random: Random) -> RootKey:
    """A new root: two independent seeds of 32 random bytes."""
    return RootKey(random(KEY_LEN), random(KEY_LEN))


def seal_root(key: RootKey, passphrase: str, random: Random) -> bytes:
    """Magic, 16-byte salt, AES-256-GCM of both seeds: 101 bytes."""
    salt = random(_SALT_LEN)
    seeds = key.ed25519_seed + key.ml_dsa_65_seed
    return _MAGIC + salt + aes_gcm_seal(_stretch(passphrase, salt), seeds)


def open_root(sealed: bytes, passphrase: str) -> RootKey:
    """The root key again.

    Raises:
        OrganisationDamagedError: not a root key's file.
        RootPassphraseError: wrong passphrase, or altered.
    """
    if len(sealed) != SEALED_ROOT_LEN or sealed[: len(_MAGIC)] != _MAGIC:
        raise OrganisationDamagedError
    salt = sealed[len(_MAGIC) :][:_SALT_LEN]
    try:
        seeds = aes_gcm_open(_stretch(passphrase, salt), sealed[len(_MAGIC) + _SALT_LEN :])
    except CannotOpenError:
        raise RootPassphraseError from None
    return RootKey(seeds[:KEY_LEN], seeds[KEY_LEN:])


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return argon2id(
        unicodedata.normalize("NFC", passphrase).encode(),
        salt,
        passes=ARGON2_PASSES,
        memory_kib=ARGON2_MEMORY_KIB,
        lanes=ARGON2_LANES,
    )
