"""age's older identities, for reading only: X25519 and passphrases. Spec §4.1.

Silent Courier seals to neither; they are here because files of the format may hold their
stanzas, and its public vectors do. Refuses a passphrase that would cost more memory than
the caller allows.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from silent_courier.protocol.age.bech32 import decode_bech32
from silent_courier.protocol.age.header import SCRYPT
from silent_courier.protocol.age.primitives import (
    X25519_LEN,
    ZERO_NONCE,
    chacha_open,
    scrypt,
    x25519_public,
    x25519_shared,
)
from silent_courier.protocol.age.stanza import Stanza, decode_base64
from silent_courier.protocol.errors import MalformedAgeError, MalformedIdentityError
from silent_courier.protocol.primitives import hkdf_sha256
from silent_courier.protocol.sizes import AEAD_TAG_LEN, FILE_KEY_LEN, KEY_LEN

_X25519: Final = "X25519"
_X25519_PREFIX: Final = "AGE-SECRET-KEY-"
_X25519_INFO: Final = b"age-encryption.org/v1/X25519"
_SCRYPT_LABEL: Final = b"age-encryption.org/v1/scrypt"
_SCRYPT_SALT_LEN: Final = 16
_WORK_FACTOR: Final = re.compile(r"[1-9][0-9]?")
WORK_FACTOR_MAX: Final = 18
"""2^18 KiB: a quarter of a GiB, what age itself seals with."""


@dataclass(frozen=True, slots=True)
class X25519Identity:
    """A private key of age's first kind: 32 bytes."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError for a secret of another length."""
        if len(self.secret) != X25519_LEN:
            raise ValueError("an X25519 secret is 32 bytes long")

    @classmethod
    def parse(cls, text: str) -> "X25519Identity":
        """Read `AGE-SECRET-KEY-1…`, upper case.

        Raises:
            MalformedIdentityError: not that.
        """
        try:
            return cls(decode_bech32(_X25519_PREFIX, text))
        except ValueError:
            raise MalformedIdentityError from None

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key from the first stanza that is for this identity, or `None`.

        Raises:
            MalformedAgeError: a stanza of this kind breaks its own rules.
        """
        candidates = [_parse_x25519(stanza) for stanza in stanzas if stanza.kind == _X25519]
        public = x25519_public(self.secret)
        for share, body in candidates:
            shared = x25519_shared(self.secret, share)
            if shared is None:
                raise MalformedAgeError
            key = hkdf_sha256(shared, share + public, _X25519_INFO, KEY_LEN)
            file_key = chacha_open(key, ZERO_NONCE, body)
            if file_key is not None:
                return file_key
        return None


@dataclass(frozen=True, slots=True)
class PassphraseIdentity:
    """A passphrase, and the highest work factor that it may cost to try it."""

    passphrase: bytes = field(repr=False)
    work_factor_max: int = WORK_FACTOR_MAX

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key of the header's one scrypt stanza, or `None`.

        Raises:
            MalformedAgeError: the stanza breaks its own rules, or asks for too much work.
        """
        for stanza in stanzas:
            if stanza.kind == SCRYPT:
                salt, work_factor = _parse_scrypt(stanza)
                if work_factor > self.work_factor_max:
                    raise MalformedAgeError
                key = scrypt(self.passphrase, _SCRYPT_LABEL + salt, work_factor)
                return chacha_open(key, ZERO_NONCE, stanza.body)
        return None


def _parse_x25519(stanza: Stanza) -> tuple[bytes, bytes]:
    _require_file_key_body(stanza)
    if len(stanza.args) != 1:
        raise MalformedAgeError
    share = decode_base64(stanza.args[0])
    if len(share) != X25519_LEN:
        raise MalformedAgeError
    return share, stanza.body


def _parse_scrypt(stanza: Stanza) -> tuple[bytes, int]:
    _require_file_key_body(stanza)
    if len(stanza.args) != 2 or _WORK_FACTOR.fullmatch(stanza.args[1]) is None:
        raise MalformedAgeError
    salt = decode_base64(stanza.args[0])
    if len(salt) != _SCRYPT_SALT_LEN:
        raise MalformedAgeError
    return salt, int(stanza.args[1])


def _require_file_key_body(stanza: Stanza) -> None:
    """A body of another length could be opened by two keys at once, so it is not tried."""
    if len(stanza.body) != FILE_KEY_LEN + AEAD_TAG_LEN:
        raise MalformedAgeError
