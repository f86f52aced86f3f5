"""What stands inside letters and replies: the fixed schemas. Spec §5.2-§5.4.

One class a kind. Letters by a source are `LetterPayload` and `CoverPayload`; the
others are signed by a handler's device. Bytes are lower-case hex in JSON.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from silent_courier.protocol.errors import MalformedPayloadError, PayloadTooLongError
from silent_courier.protocol.sizes import (
    ATTACHMENT_LEN_MAX,
    ATTACHMENTS_MAX,
    CHUNKS_MAX,
    GENERATIONS,
    chunk_count,
)
from silent_courier.protocol.strict_json import INTEGER_MAX, parse_document

VERSION: Final = 1
RESEALED_LETTERS_MAX: Final = 96
HISTORY_PART_LEN: Final = 6 * 1024
MARKED_LETTERS_MAX: Final = 96
PREFIX_HEX_LEN: Final = 16
PREFIXES_MAX: Final = 900
CHANGE_ITEM_MAX: Final = 200
CHANGE_REMOVES_MAX: Final = 96
CLOCK_A_SECOND: Final = 2**16
CLOCK_A_DAY: Final = 86_400 * CLOCK_A_SECOND

Hex16 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
Hex32 = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Day = Annotated[int, Meta(ge=0, le=2**31)]
Week = Annotated[int, Meta(ge=0, le=2**31)]
Generation = Annotated[int, Meta(ge=1, le=GENERATIONS)]
Language = Annotated[str, Meta(pattern=r"\A[a-z]{2,3}(-[a-z0-9]{2,8})?\Z")]


class Payload(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every payload but `cover` begins with. Spec §5.2."""

    version: Literal[1] = VERSION
    id: Hex16
    org_id: Hex32
    charter: Hex32
    day: Day
    generation: Generation


class Attachment(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One attachment as the letter names it; `size` in bytes, `chunks` padded. Spec §7.1."""

    id: Hex16
    name: Annotated[str, Meta(min_length=1, max_length=255)]
    size: Annotated[int, Meta(ge=0, le=ATTACHMENT_LEN_MAX)]
    sha256: Hex32
    key: Hex32
    chunks: Annotated[int, Meta(ge=1, le=CHUNKS_MAX)]


class FormAnswer(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One answered question of the optional form. Spec §5.3."""

    question: Literal["what", "how", "others", "when", "danger"]
    answer: str


class LetterPayload(Payload, frozen=True, tag_field="kind", tag="letter"):
    """A source's letter. Spec §5.3."""

    auth: Hex32
    thread_key: Hex32
    week: Week
    language: Language
    text: str
    attachments: Annotated[tuple[Attachment, ...], Meta(max_length=ATTACHMENTS_MAX)] = ()
    form: Annotated[tuple[FormAnswer, ...], Meta(max_length=5)] = ()


class CoverPayload(
    Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="cover"
):
    """Nothing, in the shape of a letter. Spec §5.3."""

    version: Literal[1] = VERSION


class ReplyCopyPayload(Payload, frozen=True, tag_field="kind", tag="reply-copy"):
    """A colleague's copy of a reply that was queued for the board. Spec §5.4."""

    source_id: Hex32
    reply_id: Hex16
    language: Language
    text: str


class NotePayload(Payload, frozen=True, tag_field="kind", tag="note"):
    """A note to colleagues about one thread. Spec §5.4."""

    source_id: Hex32
    text: str


class ResealedLetter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """SHA-256 of a sealed letter the server still holds, and its age file key."""

    letter: Hex32
    file_key: Hex16


class ResealPayload(Payload, frozen=True, tag_field="kind", tag="reseal"):
    """File keys of letters, for a colleague whose day keys do not open them. Spec §5.4."""

    letters: Annotated[
        tuple[ResealedLetter, ...], Meta(min_length=1, max_length=RESEALED_LETTERS_MAX)
    ]


class HistoryPayload(Payload, frozen=True, tag_field="kind", tag="history"):
    """One part of a letter's frame that the server no longer holds. Spec §5.4."""

    letter: Hex32
    part: Annotated[int, Meta(ge=0, le=3)]
    parts: Annotated[int, Meta(ge=1, le=4)]
    data: Annotated[str, Meta(pattern=r"\A([0-9a-f]{2})+\Z", max_length=2 * HISTORY_PART_LEN)]


class MarkPayload(Payload, frozen=True, tag_field="kind", tag="mark"):
    """A person has opened these letters of a thread, on this day. Spec §5.4.

    acknowledged: the signer has queued the acknowledgement that tells the source.
    """

    source_id: Hex32
    letters: Annotated[tuple[Hex16, ...], Meta(min_length=1, max_length=MARKED_LETTERS_MAX)]
    opened: Day
    acknowledged: bool


class DigestPayload(Payload, frozen=True, tag_field="kind", tag="digest"):
    """Which letters of one day the signer was shown: their number and hashes. Spec §5.4."""

    listed: Day
    count: Annotated[int, Meta(ge=0, le=2**31)]
    digest: Hex32
    prefixes: Annotated[
        str, Meta(pattern=r"\A([0-9a-f]{16})*\Z", max_length=PREFIX_HEX_LEN * PREFIXES_MAX)
    ]


class ChangePayload(Payload, frozen=True, tag_field="kind", tag="change"):
    """One field of a thread as a colleague has set it; what it means, a desk knows. Spec §5.4.

    clock: 2^16 to the second since 1970, and at least one above every other that was seen.
    removes: ids of the changes that are taken back.
    """

    source_id: Hex32
    field: Annotated[str, Meta(pattern=r"\A[a-z][a-z-]{0,31}\Z")]
    item: Annotated[str, Meta(max_length=CHANGE_ITEM_MAX)]
    value: str
    clock: Annotated[int, Meta(ge=0, le=INTEGER_MAX)]
    removes: Annotated[tuple[Hex16, ...], Meta(max_length=CHANGE_REMOVES_MAX)] = ()


class ReplyPayload(Payload, frozen=True, tag_field="kind", tag="reply"):
    """A handler's answer on the board, to the one source whose id is `to`. Spec §5.5."""

    to: Hex32
    language: Language
    text: str


class OpenedPayload(Payload, frozen=True, tag_field="kind", tag="opened"):
    """*A person opened your letter on this day.* Spec §5.5."""

    to: Hex32
    opened: Day


SourcePayload = LetterPayload | CoverPayload
ColleaguePayload = (
    ReplyCopyPayload
    | NotePayload
    | ResealPayload
    | HistoryPayload
    | MarkPayload
    | DigestPayload
    | ChangePayload
)
InLetter = SourcePayload | ColleaguePayload
InReply = ReplyPayload | OpenedPayload

COLLEAGUE_KINDS: Final = (
    ReplyCopyPayload,
    NotePayload,
    ResealPayload,
    HistoryPayload,
    MarkPayload,
    DigestPayload,
    ChangePayload,
)


def parse_letter_payload(data: bytes) -> InLetter:
    """The payload of a letter from its JSON. Spec §5.

    Raises:
        MalformedPayloadError: a rule of §5.1 or the schema is broken, or the kind is unknown.
    """
    try:
        payload: InLetter = msgspec.convert(parse_document(data), type=InLetter)
    except msgspec.ValidationError:
        raise MalformedPayloadError from None
    if not _is_consistent(payload):
        raise MalformedPayloadError
    return payload


def _is_consistent(payload: InLetter) -> bool:
    """The rules between fields. Spec §5.4, §7.1."""
    match payload:
        case LetterPayload():
            return all(each.chunks == chunk_count(each.size) for each in payload.attachments)
        case HistoryPayload():
            return payload.part < payload.parts
        case DigestPayload():
            return len(payload.prefixes) in (0, PREFIX_HEX_LEN * payload.count)
        case ChangePayload():
            return is_timely(payload)
        case _:
            return True


def is_timely(change: ChangePayload) -> bool:
    """Whether its clock is at most a day ahead: else it would win for ever. Spec §5.4."""
    return change.clock < (change.day + 2) * CLOCK_A_DAY


def parse_reply_payload(data: bytes) -> InReply:
    """The payload of a reply from its JSON. Spec §5.5.

    Raises:
        MalformedPayloadError: a rule of §5.1 or the schema is broken, or the kind is unknown.
    """
    try:
        payload: InReply = msgspec.convert(parse_document(data), type=InReply)
    except msgspec.ValidationError:
        raise MalformedPayloadError from None
    return payload


def encode_payload(payload: InLetter | InReply, limit: int) -> bytes:
    """The payload as compact JSON of at most `limit` bytes, checked as a reader would.

    Raises:
        PayloadTooLongError: more than `limit` bytes.
        MalformedPayloadError: a value breaks the schema (a lone surrogate, a bad field).
    """
    try:
        data = msgspec.json.encode(payload)
    except (UnicodeEncodeError, msgspec.MsgspecError):
        raise MalformedPayloadError from None
    if len(data) > limit:
        raise PayloadTooLongError
    in_reply = isinstance(payload, ReplyPayload | OpenedPayload)
    (parse_reply_payload if in_reply else parse_letter_payload)(data)
    return data
