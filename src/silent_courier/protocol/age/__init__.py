"""age v1 files for letters: a reader and a writer, held to the public C2SP vectors. Spec §4.1."""

from silent_courier.protocol.age.armor import decode_armor, encode_armor
from silent_courier.protocol.age.classic import PassphraseIdentity, X25519Identity
from silent_courier.protocol.age.file import (
    HEADER_FIXED_LEN,
    HYBRID_STANZA_LEN,
    Identity,
    Opened,
    header_digest,
    open_with_file_key,
    open_with_identities,
    seal,
    sealed_len,
)
from silent_courier.protocol.age.hybrid import HybridIdentity, HybridRecipient
from silent_courier.protocol.age.payload import PAYLOAD_OVERHEAD
from silent_courier.protocol.sizes import FILE_KEY_LEN

__all__ = [
    "FILE_KEY_LEN",
    "HEADER_FIXED_LEN",
    "HYBRID_STANZA_LEN",
    "PAYLOAD_OVERHEAD",
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "Opened",
    "PassphraseIdentity",
    "X25519Identity",
    "decode_armor",
    "encode_armor",
    "header_digest",
    "open_with_file_key",
    "open_with_identities",
    "seal",
    "sealed_len",
]
