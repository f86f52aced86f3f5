"""What the libraries draw anew each time, kept from the one time that it was made.

HPKE offers no way to hand its randomness in and ML-DSA signs with some of its own, so a
vector needs a record of what came out. Nothing is taken on trust: a stanza must open to
the file key it is kept for, a signature must verify, each time the vectors are made.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Final

from silent_courier.protocol.age import HybridIdentity
from silent_courier.protocol.age.stanza import Stanza, format_stanza, parse_stanza
from silent_courier.protocol.primitives import ml_dsa_65_public, ml_dsa_65_sign, ml_dsa_65_verify
from vectors.generate.case import ROOT

_FOLDER: Final = ROOT / "recorded"
_KEY_CHARS: Final = 24


def _read(path: Path) -> dict[str, bytes]:
    lines = path.read_text().splitlines() if path.exists() else []
    return {key: b64decode(value) for key, _, value in (line.partition(" ") for line in lines)}


class Record:
    """Bytes by what they were made from, in one text file; knows which were asked for."""

    def __init__(self, name: str) -> None:
        self.path: Path = _FOLDER / f"{name}.txt"
        self._kept = _read(self.path)
        self._asked: dict[str, bytes] = {}

    def get(self, inputs: bytes, make: Callable[[], bytes]) -> bytes:
        """What was made from these inputs; made now, if it never was."""
        key = sha256(inputs).hexdigest()[:_KEY_CHARS]
        value = self._kept.get(key) or self._asked.get(key) or make()
        self._asked[key] = value
        return value

    @property
    def file(self) -> bytes:
        """The file with what was asked for, and nothing that no vector needs any more."""
        lines = (f"{key} {b64encode(self._asked[key]).decode()}\n" for key in sorted(self._asked))
        return "".join(lines).encode()


STANZAS: Final = Record("stanzas")
SIGNATURES: Final = Record("ml-dsa-65")


def wrap(identity: HybridIdentity, file_key: bytes) -> Stanza:
    """The recorded stanza that gives this file key to this identity."""
    recipient = identity.recipient()
    text = STANZAS.get(
        recipient.public_key + file_key, lambda: format_stanza(recipient.wrap(file_key))
    )
    stanza, _ = parse_stanza(text, 0)
    if identity.unwrap([stanza]) != file_key:
        raise ValueError("a recorded stanza does not open")
    return stanza


def sign_ml_dsa_65(seed: bytes, message: bytes) -> bytes:
    """The recorded signature of this message by this seed."""
    public = ml_dsa_65_public(seed)
    signature = SIGNATURES.get(public + message, lambda: ml_dsa_65_sign(seed, message))
    if not ml_dsa_65_verify(public, signature, message):
        raise ValueError("a recorded signature does not verify")
    return signature
