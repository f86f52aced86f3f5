"""Answering: replies for the board, notes and requests for colleagues. Spec §6.2, §14.8.

Tag numbers are reserved for ever first; then cells, the copy for colleagues and the entry in the
thread are written in one transaction. Nothing is posted here: that is the next sync's work.
"""

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.desk import Desk
from silent_courier.desk.queue import posting_at
from silent_courier.desk.reading import find_thread, former_can_read
from silent_courier.desk.views import Queued
from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.charter import Charter, handler_of
from silent_courier.protocol.errors import (
    NoThreadKeyError,
    ThreadDisputedError,
    UnknownHandlerError,
    VaultCopiedError,
)
from silent_courier.protocol.payload import (
    NotePayload,
    ReplyCopyPayload,
    ReplyPayload,
    encode_payload,
)
from silent_courier.protocol.reply import cells_needed, seal_reply
from silent_courier.protocol.sizes import ID_LEN, LETTER_PAYLOAD_MAX
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import (
    charters,
    disputes,
    identity,
    outbox,
    passing,
    tags,
    threads,
)
from silent_courier.storage.vault.threads import Entry


def reply(desk: Desk, thread: str, text: str, language: str = "en") -> Queued:
    """Seal an answer and put it into the outbox.

    It goes under the newest generation in which the source has written: the source reads under
    no other. Where a newer one has begun since, a former handler could read it, and it says so.

    Raises:
        UnknownThreadError, NotJoinedError
        NoThreadKeyError: none of the source's own letters is here.
        ThreadDisputedError: another letter speaks for the source with another key.
        PayloadTooLongError: more than sixteen cells.
        MalformedPayloadError: a text or language that no payload can hold.
        VaultCopiedError: another copy of this vault may have used the same tags.
        NoTagsLeftError: this week's numbers are used up.
    """
    if identity.is_copied(desk.vault):
        raise VaultCopiedError
    member = identity.membership(desk.vault)
    charter = charters.current(desk.vault, member.org_id)
    source = bytes.fromhex(find_thread(desk, thread))
    key = current_key(desk, charter, source)
    answer = ReplyPayload(
        id=desk.random(ID_LEN).hex(),
        org_id=charter.org_id.hex(),
        charter=charter.hash.hex(),
        day=desk.today,
        generation=key.generation,
        to=source.hex(),
        language=language,
        text=text,
    )
    copy = _copy_of(desk, answer)
    copied = encode_payload(copy, LETTER_PAYLOAD_MAX)
    numbers = tags.reserve(desk.vault, source, key, cells_needed(answer))
    cells = seal_reply(answer, member.key, key, numbers, desk.random)
    entry = Entry(bytes.fromhex(copy.id), source, "reply", desk.today, member.key.device, copied)
    with desk.vault.transaction():
        outbox.add_cells(desk.vault, entry.id, cells)
        outbox.add_letter(desk.vault, entry.id, copied)
        threads.add(desk.vault, entry, unread=False)
        record(desk, Act.REPLIED, source)
    marked = former_can_read(charter, key.generation, desk.today)
    return Queued(copy.id, len(cells), marked, posting_at(desk).get(entry.id))


def note(desk: Desk, thread: str, text: str) -> Queued:
    """Put a note to colleagues about a thread into the outbox.

    Raises:
        UnknownThreadError, NotJoinedError, PayloadTooLongError, MalformedPayloadError
    """
    member = identity.membership(desk.vault)
    charter = charters.current(desk.vault, member.org_id)
    source = bytes.fromhex(find_thread(desk, thread))
    payload = NotePayload(
        id=desk.random(ID_LEN).hex(),
        org_id=charter.org_id.hex(),
        charter=charter.hash.hex(),
        day=desk.today,
        generation=charter.body.generation,
        source_id=source.hex(),
        text=text,
    )
    content = encode_payload(payload, LETTER_PAYLOAD_MAX)
    entry = Entry(bytes.fromhex(payload.id), source, "note", desk.today, member.key.device, content)
    with desk.vault.transaction():
        outbox.add_letter(desk.vault, entry.id, content)
        threads.add(desk.vault, entry, unread=False)
        record(desk, Act.NOTED, source)
    return Queued(payload.id, 0, former_can_read=False)


def reseal(desk: Desk, handler: str | None = None) -> tuple[str, ...]:
    """Ask this desk to pass on all it has to a handler's devices, or to everybody's.

    The next syncs do it, once those devices have day keys. Returns the labels of whom it is for.

    Raises:
        UnknownHandlerError: no current handler but ourselves has this label.
        NotJoinedError
    """
    member = identity.membership(desk.vault)
    charter = charters.current(desk.vault, member.org_id)
    handlers = {h.handler: h.label for h in charter.current_handlers if handler in (None, h.label)}
    devices = [
        device
        for device in charter.current_devices
        if device != member.key.device and handler_of(device) in handlers
    ]
    if not devices:
        raise UnknownHandlerError
    with desk.vault.transaction():
        for device in devices:
            passing.forget_passed(desk.vault, device)
            passing.want(desk.vault, device)
        record(desk, Act.RESEALED)
    return tuple(dict.fromkeys(handlers[handler_of(device)] for device in devices))


def current_key(desk: Desk, charter: Charter, source: bytes) -> ThreadKey:
    """What an answer to this source is sealed with today; NoThreadKeyError, ThreadDisputedError."""
    if disputes.contesting(desk.vault, source):
        raise ThreadDisputedError
    pin = threads.newest_pin(desk.vault, source)
    if pin is None:
        raise NoThreadKeyError
    return pin.step_to(max(pin.week, week_of(desk.today, charter.body.anchor_day)))


def _copy_of(desk: Desk, answer: ReplyPayload) -> ReplyCopyPayload:
    return ReplyCopyPayload(
        id=desk.random(ID_LEN).hex(),
        org_id=answer.org_id,
        charter=answer.charter,
        day=answer.day,
        generation=answer.generation,
        source_id=answer.to,
        reply_id=answer.id,
        language=answer.language,
        text=answer.text,
    )
