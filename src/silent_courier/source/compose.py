"""From what a person wrote to the payload of a letter. Spec §5.3.

Pure. Refuses a text that does not fit with its attachments and form: such a text goes as a file of
its own.
"""

from dataclasses import dataclass, replace
from typing import Final

from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import TooManyAttachmentsError
from silent_courier.protocol.payload import (
    Attachment,
    FormAnswer,
    LetterPayload,
    encode_payload,
)
from silent_courier.protocol.sizes import (
    ATTACHMENTS_MAX,
    GENERATIONS,
    HASH_LEN,
    ID_LEN,
    LETTER_PAYLOAD_MAX,
    chunk_count,
)
from silent_courier.protocol.thread import derive_auth, derive_thread_key
from silent_courier.source.attachments import AttachmentSource, attach_bytes

TEXT_FILE_NAME: Final = "letter.txt"
_LONGEST_NUMBER: Final = 2**31


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person wants to send: `language` is that of the text, as a tag like `ru`."""

    text: str
    language: str = "en"
    attachments: tuple[AttachmentSource, ...] = ()
    form: tuple[FormAnswer, ...] = ()


def compose_letter(
    draft: Draft,
    attachments: tuple[Attachment, ...],
    letter_id: bytes,
    *,
    charter: Charter,
    entropy: bytes,
    day: int,
) -> LetterPayload:
    """The payload of a letter of this day, under the charter's current generation.

    Args:
        draft: its text and form; its attachments are those given beside it.
        attachments: as sealed, names and hashes included.
        letter_id: 16 random bytes, the same for every attempt to send this letter.
        charter: verified.
        entropy: the 16 bytes behind the twelve words.
        day: of the keyring whose day keys the letter is sealed to.
    """
    generation = charter.body.generation
    week = week_of(day, charter.body.anchor_day)
    return LetterPayload(
        id=letter_id.hex(),
        org_id=charter.org_id.hex(),
        charter=charter.hash.hex(),
        day=day,
        generation=generation,
        auth=derive_auth(entropy, charter.org_id, generation).hex(),
        thread_key=derive_thread_key(entropy, charter.org_id, generation, week).key.hex(),
        week=week,
        language=draft.language,
        text=draft.text,
        attachments=attachments,
        form=draft.form,
    )


def check_fits(draft: Draft) -> None:
    """Whether a letter of this draft is short enough, whatever charter and day it goes under.

    Raises:
        PayloadTooLongError: it is not; the text must go as an attachment (`attach_text`).
        TooManyAttachmentsError: more than a letter can name.
        MalformedPayloadError: a value breaks the schema.
    """
    if len(draft.attachments) > ATTACHMENTS_MAX:
        raise TooManyAttachmentsError
    nothing = bytes(HASH_LEN).hex()
    payload = LetterPayload(
        id=bytes(ID_LEN).hex(),
        org_id=nothing,
        charter=nothing,
        day=_LONGEST_NUMBER,
        generation=GENERATIONS,
        auth=nothing,
        thread_key=nothing,
        week=_LONGEST_NUMBER,
        language=draft.language,
        text=draft.text,
        attachments=tuple(_stand_in(source) for source in draft.attachments),
        form=draft.form,
    )
    encode_payload(payload, LETTER_PAYLOAD_MAX)


def attach_text(draft: Draft) -> Draft:
    """The same draft with its text as the first attachment."""
    text = attach_bytes(TEXT_FILE_NAME, draft.text.encode("utf-8"))
    return replace(draft, text="", attachments=(text, *draft.attachments))


def _stand_in(source: AttachmentSource) -> Attachment:
    """As long in JSON as the attachment will be."""
    nothing = bytes(HASH_LEN).hex()
    return Attachment(
        id=bytes(ID_LEN).hex(),
        name=source.name,
        size=source.size,
        sha256=nothing,
        key=nothing,
        chunks=chunk_count(source.size),
    )
