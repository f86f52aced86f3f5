"""An organisation's id as 24 words, as people compare it. Spec §8.8.

Public, and not to be confused with a source's twelve words, of which the server knows nothing.
"""

from mnemonic import Mnemonic


def fingerprint_words(org_id: bytes) -> tuple[str, ...]:
    """24 words of the English BIP-39 list for 32 bytes, the last with a checksum."""
    return tuple(Mnemonic("english").to_mnemonic(org_id).split())
