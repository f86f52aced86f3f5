"""A source's letter as desks keep it and pass it on: without what speaks for the source. Spec §5.6.

Refuses to be read where a letter is: nobody but a colleague can hand one over. The thread key in
one that is passed on is the passing desk's pin, never older than the week it is passed on in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from silent_courier.protocol.errors import (
    MalformedLetterError,
    MalformedPayloadError,
    PayloadTooLongError,
)
from silent_courier.protocol.letter import signer_of
from silent_courier.protocol.payload import (
    HISTORY_PART_LEN,
    Attachment,
    ChangePayload,
    FormAnswer,
    Hex32,
    Language,
    LetterPayload,
    NotePayload,
    Payload,
    ReplyCopyPayload,
    Week,
    is_timely,
)
from silent_courier.protocol.sizes import ATTACHMENTS_MAX, TRAILER_LEN, chunk_count
from silent_courier.protocol.strict_json import parse_document
from silent_courier.protocol.thread import derive_source_id

HISTORY_PARTS_MAX: Final = 4
KEPT_LEN_MAX: Final = HISTORY_PARTS_MAX * HISTORY_PART_LEN - TRAILER_LEN


class KeptLetterPayload(Payload, frozen=True, tag_field="kind", tag="kept"):
    """A source's letter, by the id of the source; the key only while it is passed on."""

    source_id: Hex32
    language: Language
    text: str
    attachments: Annotated[tuple[Attachment, ...], Meta(max_length=ATTACHMENTS_MAX)] = ()
    form: Annotated[tuple[FormAnswer, ...], Meta(max_length=5)] = ()
    thread_key: Hex32 | None = None
    week: Week | None = None


InThread = KeptLetterPayload | ReplyCopyPayload | NotePayload
Passed = InThread | ChangePayload


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """What a colleague passed on, and the device slot that signed it, None for a source's."""

    payload: Passed
    device: int | None


def keep_letter(payload: LetterPayload) -> KeptLetterPayload:
    """What stays of a source's letter: all but its auth value and its thread key."""
    source = derive_source_id(bytes.fromhex(payload.auth), payload.generation)
    return KeptLetterPayload(
        id=payload.id,
        org_id=payload.org_id,
        charter=payload.charter,
        day=payload.day,
        generation=payload.generation,
        source_id=source.hex(),
        language=payload.language,
        text=payload.text,
        attachments=payload.attachments,
        form=payload.form,
    )


def encode_kept(payload: KeptLetterPayload) -> bytes:
    """The payload as compact JSON of at most KEPT_LEN_MAX bytes.

    Raises:
        PayloadTooLongError: four parts of a history would not hold it.
        MalformedPayloadError: a value breaks the schema.
    """
    try:
        data = msgspec.json.encode(payload)
    except (UnicodeEncodeError, msgspec.MsgspecError):
        raise MalformedPayloadError from None
    if len(data) > KEPT_LEN_MAX:
        raise PayloadTooLongError
    parse_kept(data)
    return data


def parse_kept(data: bytes) -> InThread:
    """What stands in a thread, from its JSON. Spec §5.6.

    Raises:
        MalformedPayloadError: a rule of §5.1 or the schema is broken, or the kind is unknown.
    """
    payload = parse_passed(data)
    if isinstance(payload, ChangePayload):
        raise MalformedPayloadError
    return payload


def parse_passed(data: bytes) -> Passed:
    """What colleagues pass on in parts, from its JSON: what stands in a thread, and changes of one.

    Raises:
        MalformedPayloadError: a rule of §5.1 or the schema is broken, or the kind is unknown.
    """
    try:
        payload: Passed = msgspec.convert(parse_document(data), type=Passed)
    except msgspec.ValidationError:
        raise MalformedPayloadError from None
    if not _is_consistent(payload):
        raise MalformedPayloadError
    return payload


def read_kept(content: bytes, org_id: bytes, device_keys: Mapping[int, bytes]) -> KeptLetter:
    """Decide what a colleague has passed on in parts. Spec §5.4.

    Args:
        content: the joined parts: payload and 66-byte trailer.
        org_id: 32 bytes; a payload that names another is refused.
        device_keys: signing public key by device slot, of all handlers there ever were.

    Raises:
        MalformedLetterError: a kind its signer may not write, or another organisation's.
        MalformedPayloadError: the payload breaks a rule of §5.
        StatementSignatureError: signed, but by no device of the charter.
    """
    data, trailer = content[:-TRAILER_LEN], content[-TRAILER_LEN:]
    device = signer_of(trailer, data, org_id, device_keys)
    payload = parse_passed(data)
    if (device is None) != isinstance(payload, KeptLetterPayload):
        raise MalformedLetterError
    if payload.org_id != org_id.hex():
        raise MalformedLetterError
    return KeptLetter(payload, device)


def _is_consistent(payload: Passed) -> bool:
    match payload:
        case KeptLetterPayload():
            return (payload.thread_key is None) == (payload.week is None) and all(
                each.chunks == chunk_count(each.size) for each in payload.attachments
            )
        case ChangePayload():
            return is_timely(payload)
        case _:
            return True
