"""Fingerprints as people compare them: hex groups, or 24 English words. Spec §8.8.

The 24 words are public and name the organisation; a source's twelve are another thing, and are
refused here. Guesses nothing and repairs nothing but case and spacing.
"""

from functools import cache
from typing import Final

from mnemonic import Mnemonic

from silent_courier.protocol.access import device_fingerprint
from silent_courier.protocol.errors import MalformedFingerprintError
from silent_courier.protocol.sizes import HASH_LEN

_GROUP: Final = 8
FINGERPRINT_WORDS: Final = 24


def format_groups(org_id: bytes) -> str:
    """64 hex digits in eight groups."""
    text = org_id.hex()
    return " ".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def format_words(org_id: bytes) -> str:
    """24 words of the English BIP-39 list, the last with a checksum."""
    if len(org_id) != HASH_LEN:
        raise ValueError("an organisation's id has 32 bytes")
    return str(_english().to_mnemonic(org_id))


def format_device_key(signing_key: bytes) -> str:
    """A device's key as two people read it to each other before it is enrolled."""
    return device_fingerprint(signing_key)


def parse_fingerprint(text: str) -> bytes:
    """The 32 bytes of 64 hex digits (spaces are free) or 24 words; MalformedFingerprintError."""
    parts = text.lower().split()
    try:
        if len(parts) == FINGERPRINT_WORDS:
            return bytes(_english().to_entropy(parts))
        org_id = bytes.fromhex("".join(parts))
    except (ValueError, LookupError):
        raise MalformedFingerprintError from None
    if len(org_id) != HASH_LEN:
        raise MalformedFingerprintError
    return org_id


@cache
def _english() -> Mnemonic:
    return Mnemonic("english")
