"""Native hybrid recipients and identities, and the `mlkem768x25519` stanza. Spec §4.1.

A `HybridRecipient` is always a key that one can seal to; whoever makes one from a peer's
bytes catches `MalformedRecipientError`. Refuses keys in a second spelling, and a stanza
whose X25519 half would give everybody the same secret.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from silent_courier.protocol.age.bech32 import Bech32Error, decode_bech32, encode_bech32
from silent_courier.protocol.age.primitives import (
    X25519_LEN,
    XWING_SEED_LEN,
    hpke_open,
    hpke_seal,
    xwing_private,
    xwing_public,
)
from silent_courier.protocol.age.stanza import Stanza, decode_base64, encode_base64
from silent_courier.protocol.errors import (
    MalformedAgeError,
    MalformedIdentityError,
    MalformedRecipientError,
)
from silent_courier.protocol.primitives import is_low_order, is_xwing_public
from silent_courier.protocol.sizes import AEAD_TAG_LEN, FILE_KEY_LEN, HPKE_ENC_LEN

_KIND: Final = "mlkem768x25519"
_RECIPIENT_PREFIX: Final = "age1pq"
_IDENTITY_PREFIX: Final = "AGE-SECRET-KEY-PQ-"


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """A public key of 1216 bytes: ML-KEM-768, then X25519. Checked when it is made."""

    public_key: bytes

    def __post_init__(self) -> None:
        """Raises MalformedRecipientError for bytes that nobody can seal to."""
        if not is_xwing_public(self.public_key):
            raise MalformedRecipientError

    @classmethod
    def parse(cls, text: str) -> "HybridRecipient":
        """Read `age1pq1…`, lower case.

        Raises:
            MalformedRecipientError: not that, or not a key one can seal to.
        """
        try:
            return cls(decode_bech32(_RECIPIENT_PREFIX, text))
        except Bech32Error:
            raise MalformedRecipientError from None

    def encode(self) -> str:
        """Write as `age1pq1…`."""
        return encode_bech32(_RECIPIENT_PREFIX, self.public_key)

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza that gives `file_key` to the holder of this key's identity."""
        sealed = hpke_seal(self.public_key, file_key)
        enc, body = sealed[:HPKE_ENC_LEN], sealed[HPKE_ENC_LEN:]
        return Stanza(_KIND, (encode_base64(enc),), body)


@dataclass(frozen=True, slots=True)
class HybridIdentity:
    """A private key: the 32-byte seed that both halves are expanded from."""

    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError for a seed of another length."""
        if len(self.seed) != XWING_SEED_LEN:
            raise ValueError("an X-Wing seed is 32 bytes long")

    @classmethod
    def parse(cls, text: str) -> "HybridIdentity":
        """Read `AGE-SECRET-KEY-PQ-1…`, upper case.

        Raises:
            MalformedIdentityError: not that.
        """
        try:
            return cls(decode_bech32(_IDENTITY_PREFIX, text))
        except ValueError:
            raise MalformedIdentityError from None

    def encode(self) -> str:
        """Write as `AGE-SECRET-KEY-PQ-1…`."""
        return encode_bech32(_IDENTITY_PREFIX, self.seed)

    def recipient(self) -> HybridRecipient:
        """The public key that seals to this identity."""
        return HybridRecipient(xwing_public(self.seed))

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key from the first stanza that is for this identity, or `None`.

        Raises:
            MalformedAgeError: a stanza of this kind breaks its own rules.
        """
        candidates = [_parse_sealed(stanza) for stanza in stanzas if stanza.kind == _KIND]
        private_key = xwing_private(self.seed)
        for sealed in candidates:
            file_key = hpke_open(private_key, sealed)
            if file_key is not None:
                return file_key
            # Asked only now, as it costs a multiplication: opening refuses it in any case.
            if is_low_order(sealed[HPKE_ENC_LEN - X25519_LEN : HPKE_ENC_LEN]):
                raise MalformedAgeError
        return None


def _parse_sealed(stanza: Stanza) -> bytes:
    """What HPKE opens: enc and ciphertext in one, lengths checked."""
    if len(stanza.args) != 1 or len(stanza.body) != FILE_KEY_LEN + AEAD_TAG_LEN:
        raise MalformedAgeError
    enc = decode_base64(stanza.args[0])
    if len(enc) != HPKE_ENC_LEN:
        raise MalformedAgeError
    return enc + stanza.body
