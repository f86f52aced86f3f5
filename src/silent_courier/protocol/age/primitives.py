"""The only door to the crypto library that age's own constructions need. Spec §4.1.

X-Wing keys, HPKE, ChaCha20-Poly1305, X25519 and scrypt, each with age's conventions fixed.
It refuses to say why an opening failed: those functions return `None`. What HPKE and ML-KEM
draw when they seal comes from the library itself, which offers no way to hand it in.
"""

from hashlib import shake_256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

XWING_SEED_LEN: Final = 32
X25519_LEN: Final = 32
_ML_KEM_SEED_LEN: Final = 64
_ML_KEM_PUBLIC_LEN: Final = 1184
ZERO_NONCE: Final = bytes(12)
_INFO: Final = b"age-encryption.org/mlkem768x25519"
_SUITE: Final = hpke.Suite(
    hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305
)

XWingPrivateKey = hpke.MLKEM768X25519PrivateKey


def _xwing_halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    expanded = shake_256(seed).digest(_ML_KEM_SEED_LEN + X25519_LEN)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:_ML_KEM_SEED_LEN]),
        X25519PrivateKey.from_private_bytes(expanded[_ML_KEM_SEED_LEN:]),
    )


def xwing_private(seed: bytes) -> XWingPrivateKey:
    """The X-Wing private key of a 32-byte seed, made ready for `hpke_open`."""
    return XWingPrivateKey(*_xwing_halves(seed))


def xwing_public(seed: bytes) -> bytes:
    """The 1216-byte X-Wing public key of a 32-byte seed."""
    ml_kem, x25519 = _xwing_halves(seed)
    return ml_kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def _xwing_public_key(public_key: bytes) -> hpke.MLKEM768X25519PublicKey:
    return hpke.MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(public_key[:_ML_KEM_PUBLIC_LEN]),
        X25519PublicKey.from_public_bytes(public_key[_ML_KEM_PUBLIC_LEN:]),
    )


def hpke_seal(public_key: bytes, plaintext: bytes) -> bytes:
    """HPKE base mode to a key that `is_xwing_public`: 1120 bytes of enc, then ciphertext."""
    return _SUITE.encrypt(plaintext, _xwing_public_key(public_key), _INFO)


def hpke_open(private_key: XWingPrivateKey, sealed: bytes) -> bytes | None:
    """Open what `hpke_seal` made; `None` when it is for another key, or altered."""
    try:
        return _SUITE.decrypt(sealed, private_key, _INFO)
    except InvalidTag:
        return None


def x25519_public(secret: bytes) -> bytes:
    """The 32-byte X25519 public key of a 32-byte secret."""
    return X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def x25519_shared(secret: bytes, share: bytes) -> bytes | None:
    """The shared secret of two 32-byte halves; `None` when it would be all zero."""
    try:
        public_key = X25519PublicKey.from_public_bytes(share)
        return X25519PrivateKey.from_private_bytes(secret).exchange(public_key)
    except ValueError:
        return None


def chacha_seal(key: bytes, nonce: bytes, plaintext: bytes) -> bytes:
    """ChaCha20-Poly1305 under a 32-byte key and a 12-byte nonce: ciphertext and tag."""
    return ChaCha20Poly1305(key).encrypt(nonce, plaintext, None)


def chacha_open(key: bytes, nonce: bytes, sealed: bytes) -> bytes | None:
    """Open what `chacha_seal` made; `None` when the key, the nonce or a bit is another."""
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, None)
    except InvalidTag:
        return None


def scrypt(passphrase: bytes, salt: bytes, work_factor: int) -> bytes:
    """A 32-byte key from a passphrase; costs 2^`work_factor` KiB of memory."""
    return Scrypt(salt=salt, length=32, n=1 << work_factor, r=8, p=1).derive(passphrase)
