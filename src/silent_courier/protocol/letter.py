"""Sealed letters: one length, an age file to every day key. Spec §4.

A letter is opened in two steps, kept apart on purpose: `open_letter` undoes the
encryption, `read_letter` decides what the plaintext may be. It refuses any letter
that is signed by nobody and claims to be a colleague's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from silent_courier.protocol import age
from silent_courier.protocol.errors import MalformedLetterError, StatementSignatureError
from silent_courier.protocol.frame import frame, unframe
from silent_courier.protocol.payload import (
    COLLEAGUE_KINDS,
    ColleaguePayload,
    CoverPayload,
    InLetter,
    SourcePayload,
    encode_payload,
    parse_letter_payload,
)
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.signing import DeviceKey, DevicePublic, sign, verify
from silent_courier.protocol.sizes import (
    DEVICE_LEN,
    KEY_LEN,
    LETTER_PAYLOAD_MAX,
    LETTER_PLAINTEXT_LEN,
    LETTER_SLOTS_MAX,
    TRAILER_LEN,
    letter_len,
)

Random = Callable[[int], bytes]
_SIGNED_LABEL: Final = "letter"
_NO_TRAILER: Final = bytes(TRAILER_LEN)
_LETTER_LENGTHS: Final = frozenset(letter_len(slots) for slots in range(1, LETTER_SLOTS_MAX + 1))


@dataclass(frozen=True, slots=True)
class OpenedLetter:
    """A letter's 16 KiB plaintext, not yet read, and the file key that opens it again."""

    plaintext: bytes
    file_key: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A payload and the device slot that signed it, None for a source's letter or cover."""

    payload: InLetter
    device: int | None


def seal_source_letter(
    payload: SourcePayload,
    recipients: Sequence[age.HybridRecipient],
    slots: int,
    random: Random,
) -> bytes:
    """Seal a source's letter or a cover. Spec §4.1.

    Args:
        payload: a `letter` or a `cover`.
        recipients: day keys, 1 to `slots` of them.
        slots: the charter's `letter_slots`; free ones go to keys nobody holds.
        random: gives that many random bytes.

    Returns:
        Exactly letter_len(slots) bytes.

    Raises:
        PayloadTooLongError: the payload does not fit.
        MalformedPayloadError: a value breaks the schema.
    """
    data = encode_payload(payload, LETTER_PAYLOAD_MAX)
    return seal_plaintext(_plaintext(data, _NO_TRAILER), recipients, slots, random)


def seal_colleague_letter(
    payload: ColleaguePayload,
    key: DeviceKey,
    recipients: Sequence[age.HybridRecipient],
    slots: int,
    random: Random,
) -> bytes:
    """Seal a handler's letter to colleagues, signed by this device. Spec §4.3.

    Returns, raises: as `seal_source_letter`.
    """
    data = encode_payload(payload, LETTER_PAYLOAD_MAX)
    signature = sign(_SIGNED_LABEL, bytes.fromhex(payload.org_id), key, data)
    trailer = key.device.to_bytes(DEVICE_LEN, "big") + signature
    return seal_plaintext(_plaintext(data, trailer), recipients, slots, random)


def seal_plaintext(
    plaintext: bytes, recipients: Sequence[age.HybridRecipient], slots: int, random: Random
) -> bytes:
    """Seal a letter's 16 KiB plaintext to these day keys, filled up to `slots` stanzas."""
    if not 1 <= len(recipients) <= slots <= LETTER_SLOTS_MAX:
        raise ValueError("between one recipient and as many as there are slots")
    nobody = [
        age.HybridIdentity(random(KEY_LEN)).recipient() for _ in range(slots - len(recipients))
    ]
    return age.seal(plaintext, [*recipients, *nobody], random)


def open_letter(sealed: bytes, identities: Sequence[age.HybridIdentity]) -> OpenedLetter:
    """Open a letter sealed to one of these day keys. Spec §4.4.

    Args:
        sealed: untrusted; letter_len(slots) bytes for some number of slots.
        identities: private day keys to try.

    Raises:
        MalformedLetterError: wrong length, header or plaintext length.
        CannotOpenError: not for these keys, or altered; deliberately the same.
    """
    check_letter_length(sealed)
    opened = age.open_with_identities(sealed, identities)
    return _checked(opened.plaintext, opened.file_key)


def open_letter_with_file_key(sealed: bytes, file_key: bytes) -> OpenedLetter:
    """Open a letter whose 16-byte file key a colleague sent. Spec §5.4. Raises as `open_letter`."""
    check_letter_length(sealed)
    return _checked(age.open_with_file_key(sealed, file_key), file_key)


def check_letter_length(sealed: bytes) -> None:
    """Raises MalformedLetterError unless this is the length of some letter."""
    if len(sealed) not in _LETTER_LENGTHS:
        raise MalformedLetterError


def read_letter(plaintext: bytes, org_id: bytes, device_keys: Mapping[int, bytes]) -> Letter:
    """Decide what an opened letter is. Spec §4.4.

    Args:
        plaintext: 16 KiB from `open_letter`.
        org_id: 32 bytes; a payload that names another is refused.
        device_keys: signing public key by device slot, of the charter.

    Raises:
        MalformedLetterError: framing, or a kind its signer may not write.
        MalformedPayloadError: the payload breaks a rule of §5.
        StatementSignatureError: signed, but by no device of the charter.
    """
    data = unframe(plaintext[:-TRAILER_LEN], MalformedLetterError)
    trailer = plaintext[-TRAILER_LEN:]
    device = signer_of(trailer, data, org_id, device_keys)
    payload = parse_letter_payload(data)
    if (device is not None) != isinstance(payload, COLLEAGUE_KINDS):
        raise MalformedLetterError
    if not isinstance(payload, CoverPayload) and payload.org_id != org_id.hex():
        raise MalformedLetterError
    return Letter(payload, device)


def letter_hash(sealed: bytes) -> bytes:
    """SHA-256 of the sealed letter, the name it has everywhere: 32 bytes."""
    return sha256(sealed)


def _plaintext(data: bytes, trailer: bytes) -> bytes:
    return frame(data, LETTER_PLAINTEXT_LEN - TRAILER_LEN) + trailer


def _checked(plaintext: bytes, file_key: bytes) -> OpenedLetter:
    if len(plaintext) != LETTER_PLAINTEXT_LEN:
        raise MalformedLetterError
    return OpenedLetter(plaintext, file_key)


def signer_of(
    trailer: bytes, data: bytes, org_id: bytes, device_keys: Mapping[int, bytes]
) -> int | None:
    """The device slot that this 66-byte trailer says signed `data`; None when it is all zeros.

    Raises:
        StatementSignatureError: it names no device of these, or the signature is wrong.
    """
    if trailer == _NO_TRAILER:
        return None
    device = int.from_bytes(trailer[:DEVICE_LEN], "big")
    public = device_keys.get(device)
    if public is None or not verify(
        _SIGNED_LABEL, org_id, DevicePublic(device, public), data, trailer[DEVICE_LEN:]
    ):
        raise StatementSignatureError
    return device
