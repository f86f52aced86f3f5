"""The only door to the crypto libraries outside `protocol.age`. Spec §1.3.

Nothing here is invented: each function is one call of a kept library with our
conventions fixed (key lengths, zero nonces for keys used once). It refuses to
explain why an opening failed: altered and not-for-us are the same error.
"""

import hmac
from hashlib import sha256 as _sha256

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from silent_courier.protocol.errors import CannotOpenError

_ZERO_NONCE = bytes(12)
_ZERO_COUNTER = bytes(16)
_ML_KEM_PUBLIC_LEN = 1184
# Any scalar will do: clamped, it is a multiple of eight, which takes every point of low
# order to zero and no other point.
_PROBE = X25519PrivateKey.from_private_bytes(bytes(32))
_FIELD = 2**255 - 19
# Heights of the eight points of small order on Edwards25519: each stands for x and for -x.
_SMALL_ORDER_HEIGHTS = frozenset(
    (
        0,
        1,
        _FIELD - 1,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    )
)


def sha256(data: bytes) -> bytes:
    """SHA-256 of `data`: 32 bytes."""
    return _sha256(data).digest()


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """HMAC-SHA256 of `data` under `key`: 32 bytes."""
    return hmac.digest(key, data, "sha256")


def hkdf_sha256(ikm: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (extract and expand) to `length` bytes, at most 8160."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(ikm)


def equal(left: bytes, right: bytes) -> bool:
    """Compare two secrets in time that does not depend on where they differ."""
    return hmac.compare_digest(left, right)


def aes_ctr_keystream(key: bytes, length: int) -> bytes:
    """The first `length` bytes of AES-256-CTR under a 32-byte key, counter from zero."""
    encryptor = Cipher(algorithms.AES256(key), modes.CTR(_ZERO_COUNTER)).encryptor()
    return encryptor.update(bytes(length)) + encryptor.finalize()


def aes_gcm_seal(key: bytes, plaintext: bytes) -> bytes:
    """AES-256-GCM under a 32-byte key that is used this once, zero nonce: ciphertext and tag."""
    return AESGCM(key).encrypt(_ZERO_NONCE, plaintext, None)


def aes_gcm_open(key: bytes, sealed: bytes) -> bytes:
    """Open what `aes_gcm_seal` made.

    Raises:
        CannotOpenError: another key, or altered.
    """
    try:
        return AESGCM(key).decrypt(_ZERO_NONCE, sealed, None)
    except InvalidTag:
        raise CannotOpenError from None


def ed25519_public(seed: bytes) -> bytes:
    """The 32-byte public key of a 32-byte Ed25519 seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    """A 64-byte Ed25519 signature of `message` by the 32-byte `seed`."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def ed25519_verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the 64-byte `signature` of `message` verifies under the 32-byte `public_key`.

    The library refuses S >= L and compares R byte for byte; the key is looked at here. Spec §1.3.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return _is_sound_ed25519_public(public_key)


def _is_sound_ed25519_public(public_key: bytes) -> bool:
    """Whether this is the one encoding of its point, and the point is not of small order.

    Under a key of small order one signature fits many messages.
    """
    height = int.from_bytes(public_key, "little") & (2**255 - 1)
    return height < _FIELD and height not in _SMALL_ORDER_HEIGHTS


def x25519_public(private: bytes) -> bytes:
    """The 32-byte public key of a 32-byte X25519 private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def ml_dsa_65_public(seed: bytes) -> bytes:
    """The 1952-byte public key of a 32-byte ML-DSA-65 seed."""
    return MLDSA65PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()


def ml_dsa_65_sign(seed: bytes, message: bytes) -> bytes:
    """A 3309-byte ML-DSA-65 signature of `message`, empty context, by the 32-byte `seed`."""
    return MLDSA65PrivateKey.from_seed_bytes(seed).sign(message)


def ml_dsa_65_verify(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the 3309-byte `signature` verifies under the 1952-byte `public_key`."""
    try:
        MLDSA65PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_xwing_public(public_key: bytes) -> bool:
    """Whether one can seal to these bytes: right length, reduced, no point of low order."""
    try:
        MLKEM768PublicKey.from_public_bytes(public_key[:_ML_KEM_PUBLIC_LEN])
    except ValueError:
        return False
    return not is_low_order(public_key[_ML_KEM_PUBLIC_LEN:])


def is_low_order(share: bytes) -> bool:
    """Whether this is no X25519 share, or one that gives everybody the same all-zero secret."""
    try:
        _PROBE.exchange(X25519PublicKey.from_public_bytes(share))
    except ValueError:
        return True
    return False


def cobblestone_seal(key: bytes, context: bytes, plaintext: bytes) -> bytes:
    """Cobblestone-256 under a 32-byte key; the library draws the 24-byte salt."""
    encryptor = Cobblestone256Encryptor(key, context)
    return encryptor.update(plaintext) + encryptor.finalize()


def cobblestone_open(key: bytes, context: bytes, sealed: bytes) -> bytes:
    """Open what `cobblestone_seal` made, for the same key and context.

    Raises:
        CannotOpenError: another key or context, altered, or cut short.
    """
    try:
        decryptor = Cobblestone256Decryptor(key, context)
        return decryptor.update(sealed) + decryptor.finalize()
    except (InvalidTag, ValueError):
        raise CannotOpenError from None


def argon2id(passphrase: bytes, salt: bytes, *, passes: int, memory_kib: int, lanes: int) -> bytes:
    """Argon2id of a passphrase with a 16-byte salt: 32 bytes; memory in KiB."""
    return Argon2id(
        salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib
    ).derive(passphrase)
