"""Whole age files: seal to hybrid recipients, open with identities or a file key. Spec §4.1.

Nothing of a payload is given out before all of it has proven authentic. Refuses to tell
apart, in words, a file that is for somebody else from one that was altered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from silent_courier.protocol.age.header import (
    STANZAS_MAX,
    Header,
    format_header,
    parse_header,
    verify_header,
)
from silent_courier.protocol.age.hybrid import HybridRecipient
from silent_courier.protocol.age.payload import open_payload, payload_len, seal_payload
from silent_courier.protocol.age.stanza import Stanza
from silent_courier.protocol.errors import NoStanzaForUsError
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.sizes import (
    AGE_MAC_LINE_LEN,
    AGE_PAYLOAD_NONCE_LEN,
    AGE_VERSION_LINE_LEN,
    FILE_KEY_LEN,
    STANZA_LEN,
)

HEADER_FIXED_LEN: Final = AGE_VERSION_LINE_LEN + AGE_MAC_LINE_LEN
HYBRID_STANZA_LEN: Final = STANZA_LEN


class Identity(Protocol):
    """Whatever can take a file key out of its own kind of stanza."""

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """The file key, or `None` when no stanza is for this identity."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An opened file: its plaintext, and the file key for those it is to be passed on to."""

    plaintext: bytes = field(repr=False)
    file_key: bytes = field(repr=False)


def sealed_len(plaintext_len: int, recipients: int) -> int:
    """Bytes of a file that `seal` makes for so many recipients."""
    return HEADER_FIXED_LEN + recipients * HYBRID_STANZA_LEN + payload_len(plaintext_len)


def seal(
    plaintext: bytes, recipients: Sequence[HybridRecipient], random: Callable[[int], bytes]
) -> bytes:
    """Seal to every one of these recipients. Spec §4.1.

    Args:
        plaintext: any length; the sealed length tells it.
        recipients: 1 to STANZAS_MAX, in the order of the stanzas.
        random: asked for 16 bytes of file key, then 16 of nonce. What the encapsulation
            draws comes from the crypto library, so two files are never the same bytes.

    Returns:
        An age v1 file of `sealed_len(len(plaintext), len(recipients))` bytes.

    Raises:
        ValueError: no recipient, or more than STANZAS_MAX.
    """
    if not 1 <= len(recipients) <= STANZAS_MAX:
        raise ValueError("a file is sealed to 1 to 256 recipients")
    file_key = random(FILE_KEY_LEN)
    nonce = random(AGE_PAYLOAD_NONCE_LEN)
    stanzas = [recipient.wrap(file_key) for recipient in recipients]
    return format_header(stanzas, file_key) + seal_payload(plaintext, file_key, nonce)


def open_with_identities(file: bytes, identities: Sequence[Identity]) -> Opened:
    """Open a file that is for one of these identities. Spec §4.1.

    Args:
        file: untrusted bytes.
        identities: hybrid, X25519 or a passphrase; tried in this order.

    Raises:
        MalformedAgeError: broken grammar, or a stanza of a known kind that breaks its rules.
        CannotOpenError: not for us, or altered; deliberately the same.
    """
    header = parse_header(file)
    for identity in identities:
        file_key = identity.unwrap(header.stanzas)
        if file_key is not None:
            return Opened(_open_body(file, header, file_key), file_key)
    raise NoStanzaForUsError


def open_with_file_key(file: bytes, file_key: bytes) -> bytes:
    """Open a file whose file key a colleague passed on. Spec §4.1.

    Raises:
        MalformedAgeError: broken grammar.
        CannotOpenError: another key, or altered; deliberately the same.
    """
    return _open_body(file, parse_header(file), file_key)


def header_digest(file: bytes) -> bytes:
    """SHA-256 of the header through its MAC line: the same for every payload under it.

    Raises:
        MalformedAgeError: broken grammar.
    """
    return sha256(file[: parse_header(file).length])


def _open_body(file: bytes, header: Header, file_key: bytes) -> bytes:
    # The MAC first: a payload under a header that somebody changed is not looked at.
    verify_header(header, file_key)
    return open_payload(file[header.length :], file_key)
