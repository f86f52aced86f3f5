"""The baseline of a letter: the hybrid key encapsulation alone, straight from the library.

Keys are prepared before; no file, no padding, no signature, no decoy recipients.
"""

import secrets

from cryptography.hazmat.primitives import hpke

from silent_courier.protocol.age.primitives import xwing_private
from silent_courier.protocol.sizes import FILE_KEY_LEN, KEY_LEN


class BareHpke:
    """Some recipients, and a file key sealed to the first."""

    def __init__(self, recipients: int) -> None:
        self._suite = hpke.Suite(
            hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305
        )
        self._private = [xwing_private(secrets.token_bytes(KEY_LEN)) for _ in range(recipients)]
        self._public = [private.public_key() for private in self._private]
        self._file_key = secrets.token_bytes(FILE_KEY_LEN)
        self._sealed = self._suite.encrypt(self._file_key, self._public[0], b"")

    def seal(self) -> None:
        """Seal the file key to every recipient."""
        for recipient in self._public:
            self._suite.encrypt(self._file_key, recipient, b"")

    def open(self) -> None:
        """Open it once."""
        self._suite.decrypt(self._sealed, self._private[0], b"")
