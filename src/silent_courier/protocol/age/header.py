"""An age header: version line, stanzas, and the MAC that the file key makes. Spec §4.1.

Refuses a header of more than STANZAS_MAX stanzas or none, a scrypt stanza beside another, and
any MAC line but the canonical one. It knows no identity: it cannot tell whom a file is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from silent_courier.protocol.age.stanza import (
    Stanza,
    decode_base64,
    encode_base64,
    format_stanza,
    parse_stanza,
    read_line,
)
from silent_courier.protocol.errors import HeaderAlteredError, MalformedAgeError
from silent_courier.protocol.primitives import equal, hkdf_sha256, hmac_sha256
from silent_courier.protocol.sizes import AGE_MAC_LINE_LEN, HASH_LEN

STANZAS_MAX: Final = 256
SCRYPT: Final = "scrypt"
_VERSION_LINE: Final = b"age-encryption.org/v1\n"
_MAC_MARK: Final = b"---"


@dataclass(frozen=True, slots=True)
class Header:
    """A header that follows the grammar; `authenticated` is what its MAC must cover."""

    stanzas: tuple[Stanza, ...]
    authenticated: bytes
    mac: bytes

    @property
    def length(self) -> int:
        """Bytes of the header through the MAC line: where the payload begins."""
        return len(self.authenticated) + AGE_MAC_LINE_LEN - len(_MAC_MARK)


def parse_header(file: bytes) -> Header:
    """Read the header that `file` begins with; the payload is not looked at.

    Raises:
        MalformedAgeError: another version, broken grammar, or beyond a limit.
    """
    if not file.startswith(_VERSION_LINE):
        raise MalformedAgeError
    stanzas: list[Stanza] = []
    position = len(_VERSION_LINE)
    while not file.startswith(_MAC_MARK, position):
        if len(stanzas) == STANZAS_MAX:
            raise MalformedAgeError
        stanza, position = parse_stanza(file, position)
        stanzas.append(stanza)
    _require_lawful(stanzas)
    authenticated = file[: position + len(_MAC_MARK)]
    return Header(tuple(stanzas), authenticated, _parse_mac_line(file, position))


def _require_lawful(stanzas: Sequence[Stanza]) -> None:
    if not stanzas:
        raise MalformedAgeError
    # A passphrase authenticates who sealed, which a second recipient would undo.
    if len(stanzas) > 1 and any(stanza.kind == SCRYPT for stanza in stanzas):
        raise MalformedAgeError


def _parse_mac_line(file: bytes, start: int) -> bytes:
    line, _ = read_line(file, start, start + AGE_MAC_LINE_LEN)
    mark, _, encoded = line.partition(b" ")
    if mark != _MAC_MARK or not encoded.isascii():
        raise MalformedAgeError
    mac = decode_base64(encoded.decode("ascii"))
    if len(mac) != HASH_LEN:
        raise MalformedAgeError
    return mac


def format_header(stanzas: Sequence[Stanza], file_key: bytes) -> bytes:
    """Write a header around these stanzas, with the MAC of `file_key`."""
    body = b"".join(format_stanza(stanza) for stanza in stanzas)
    authenticated = _VERSION_LINE + body + _MAC_MARK
    mac = encode_base64(_header_mac(file_key, authenticated))
    return authenticated + b" " + mac.encode("ascii") + b"\n"


def verify_header(header: Header, file_key: bytes) -> None:
    """Hold the header's MAC against the one that `file_key` makes.

    Raises:
        HeaderAlteredError: they differ.
    """
    if not equal(header.mac, _header_mac(file_key, header.authenticated)):
        raise HeaderAlteredError


def _header_mac(file_key: bytes, authenticated: bytes) -> bytes:
    return hmac_sha256(hkdf_sha256(file_key, b"", b"header", HASH_LEN), authenticated)
