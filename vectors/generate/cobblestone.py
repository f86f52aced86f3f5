"""Cobblestone-256 a second time, with the salt as an argument: C2SP chunked encryption.

The library draws its salt itself, which a vector cannot have. Written from the public
specification alone; slow, and for nothing but vectors and tests. Cobblestone-256 is chunked
encryption with SHA-512; the specification's public vectors are of the same with SHA-256, so
the hash is an argument.
"""

import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512, HashAlgorithm
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

SALT_LEN: Final = 24
COMMITMENT_LEN: Final = 32
HEADER_LEN: Final = SALT_LEN + COMMITMENT_LEN
BLOCK_LEN: Final = 16 * 1024
TAG_LEN: Final = 16
_HASH: Final = SHA512()
_KEY_LEN: Final = 32
_NONCE_LEN: Final = 12
_LABEL: Final = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0"


def seal(
    key: bytes, context: bytes, salt: bytes, plaintext: bytes, hashed: HashAlgorithm = _HASH
) -> bytes:
    """Header and blocks; the last block is shorter than the others, perhaps empty."""
    if len(salt) != SALT_LEN:
        raise ValueError("the salt is 24 bytes")
    aead, nonce, commitment = _derive(key, context, salt, hashed)
    blocks = [
        aead.encrypt(_place(nonce, number), plaintext[start : start + BLOCK_LEN], None)
        for number, start in enumerate(range(0, len(plaintext) + 1, BLOCK_LEN))
    ]
    return salt + commitment + b"".join(blocks)


def open_sealed(
    key: bytes, context: bytes, sealed: bytes, hashed: HashAlgorithm = _HASH
) -> bytes | None:
    """The plaintext; `None` when anything at all is not as it was sealed."""
    salt, commitment = sealed[:SALT_LEN], sealed[SALT_LEN:HEADER_LEN]
    body = sealed[HEADER_LEN:]
    full = BLOCK_LEN + TAG_LEN
    if len(key) != _KEY_LEN or len(body) % full < TAG_LEN:
        return None
    aead, nonce, expected = _derive(key, context, salt, hashed)
    if not hmac.compare_digest(commitment, expected):
        return None
    try:
        blocks = [
            aead.decrypt(_place(nonce, number), body[start : start + full], None)
            for number, start in enumerate(range(0, len(body), full))
        ]
    except InvalidTag:
        return None
    return b"".join(blocks)


def _derive(
    key: bytes, context: bytes, salt: bytes, hashed: HashAlgorithm
) -> tuple[AESGCM, bytes, bytes]:
    length = _KEY_LEN + _NONCE_LEN + COMMITMENT_LEN
    derived = HKDFExpand(hashed, length, _LABEL + salt + context).derive(key)
    nonce_end = _KEY_LEN + _NONCE_LEN
    return AESGCM(derived[:_KEY_LEN]), derived[_KEY_LEN:nonce_end], derived[nonce_end:]


def _place(nonce: bytes, number: int) -> bytes:
    counter = number.to_bytes(_NONCE_LEN, "big")
    return bytes(left ^ right for left, right in zip(nonce, counter, strict=True))
