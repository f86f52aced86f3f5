"""Filing letters: each is opened, judged, and put where it belongs, by itself. Spec §14.6.

One letter is one transaction, so what a poisoned one breaks off is its own filing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from silent_courier.desk.alarms import AlarmKind
from silent_courier.desk.allowance import room_today
from silent_courier.desk.colleagues import (
    put_change,
    put_digest,
    put_history_part,
    put_mark,
    put_reseal,
)
from silent_courier.desk.copies import notice_own
from silent_courier.desk.judging import (
    AnyLetter,
    Reading,
    judge,
    key_of,
    passed_key,
    read_opened,
)
from silent_courier.desk.opening import describe, open_sealed
from silent_courier.desk.pins import pin_of
from silent_courier.desk.reasons import READ_AGAIN, RELEASABLE, Reason
from silent_courier.protocol.errors import (
    CannotOpenError,
    MalformedLetterError,
    NoStanzaForUsError,
    ProtocolError,
)
from silent_courier.protocol.frame import unframe
from silent_courier.protocol.kept import KeptLetterPayload, encode_kept, keep_letter
from silent_courier.protocol.letter import letter_hash, open_letter_with_file_key
from silent_courier.protocol.payload import (
    ChangePayload,
    CoverPayload,
    DigestPayload,
    HistoryPayload,
    LetterPayload,
    MarkPayload,
    NotePayload,
    ReplyCopyPayload,
    ResealPayload,
)
from silent_courier.protocol.sizes import LENGTH_PREFIX_LEN, TRAILER_LEN
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import (
    alarms,
    attachments,
    deleting,
    disputes,
    letters,
    passing,
    signed,
    threads,
)
from silent_courier.storage.vault.alarms import Cause
from silent_courier.storage.vault.day_keys import DayKey
from silent_courier.storage.vault.letters import Opened, Outcome, State
from silent_courier.storage.vault.passing import FileKey
from silent_courier.storage.vault.threads import Entry

_KEY_IN_HEX: Final = re.compile(rb"[0-9a-fA-F]{64}")

_KINDS = {
    LetterPayload: "letter",
    KeptLetterPayload: "letter",
    CoverPayload: "cover",
    ReplyCopyPayload: "reply",
    NotePayload: "note",
    ResealPayload: "reseal",
    HistoryPayload: "history",
    MarkPayload: "mark",
    DigestPayload: "digest",
    ChangePayload: "change",
}


def file_sealed(reading: Reading, sealed: bytes, arrival: int, keys: Sequence[DayKey]) -> Outcome:
    """Take in a letter as the server gave it; its hash was checked."""
    try:
        opened = open_sealed(sealed, arrival, keys)
    except NoStanzaForUsError:
        letters.note_unopened(reading.vault, letter_hash(sealed), Reason.NOT_OPENED)
        return Outcome(State.UNOPENED, reason=Reason.NOT_OPENED)
    except CannotOpenError:
        return _not_a_letter(reading, sealed, Reason.ALTERED)
    except ProtocolError:
        return _not_a_letter(reading, sealed, Reason.MALFORMED_LETTER)
    return file_opened(reading, opened)


def file_passed(reading: Reading, sealed: bytes, arrival: int, key: FileKey) -> Outcome | None:
    """Take in a letter with the file key that a colleague sent; None when it is not its key."""
    try:
        content = open_letter_with_file_key(sealed, key.file_key)
    except ProtocolError:
        return None
    return file_opened(reading, describe(sealed, arrival, content, passed_by=key.device))


def file_opened(reading: Reading, opened: Opened) -> Outcome:
    """Judge an opened letter and put it where it belongs, all of it or nothing."""
    with reading.vault.transaction():
        letter, contested = read_opened(reading, opened), None
        device = None if isinstance(letter, Reason) else letter.device
        if isinstance(letter, Reason):
            outcome = _quarantined(reading, opened, letter, None)
        elif reason := judge(reading, opened, letter):
            outcome = _quarantined(reading, opened, reason, letter)
            contested = _contested(reading, reason, letter)
            if reason in (Reason.TOO_MANY, Reason.THREAD_FULL) and device is not None:
                _warn_of(reading, device)
        else:
            outcome = _put(reading, opened, letter)
        letters.keep(reading.vault, opened, outcome)
        if contested:
            disputes.contest(reading.vault, opened.hash, contested)
        if device is not None and outcome.reason in (None, Reason.ODD_DAY):
            signed.note_filed(reading.vault, device, reading.today)
        if outcome.state is State.FILED and outcome.signer is not None:
            passing.note_passed(reading.vault, [opened.hash], [outcome.signer], reading.today)
    return outcome


def read_quarantine_again(reading: Reading) -> Iterator[Outcome]:
    """File what a newer charter explains, letter by letter."""
    for reason in READ_AGAIN:
        yield from _read_again(reading, letters.apart(reading.vault, reason))


def read_early_again(reading: Reading) -> Iterator[Outcome]:
    """File the changes whose clock was ahead when they came, and is not any more. Spec §14.16."""
    kind = _KINDS[ChangePayload]
    for name in letters.apart(reading.vault, Reason.ODD_DAY, kind=kind):
        opened = letters.reopen(reading.vault, name)
        if opened is not None and _has_come(reading, opened):
            yield file_opened(reading, opened)


def read_rest_again(reading: Reading) -> Iterator[Outcome]:
    """File what was too much for the day on which it came, as far as this day has room for it."""
    parameters = reading.charter.body.parameters
    for device in sorted(reading.charter.current_devices):
        room = room_today(reading.vault, parameters, device, reading.today)
        names = letters.apart(reading.vault, Reason.TOO_MANY, signer=device, limit=room)
        yield from _read_again(reading, names)


def _read_again(reading: Reading, names: Sequence[bytes]) -> Iterator[Outcome]:
    for name in names:
        if (opened := letters.reopen(reading.vault, name)) is not None:
            yield file_opened(reading, opened)


def _has_come(reading: Reading, opened: Opened) -> bool:
    letter = read_opened(reading, opened)
    return not isinstance(letter, Reason) and judge(reading, opened, letter) != Reason.ODD_DAY


def _warn_of(reading: Reading, device: int) -> None:
    """Once a day, by name: what comes of this device is too much."""
    cause = Cause(AlarmKind.TOO_MANY, reading.today, str(device))
    alarms.raise_alarm(reading.vault, cause, (reading.charter.label_of(device),), reading.today)


def _put(reading: Reading, opened: Opened, letter: AnyLetter) -> Outcome:
    payload, content = letter.payload, _payload_bytes(opened)
    entry: bytes | None = None
    if isinstance(payload, CoverPayload):
        return Outcome(State.COVER, kind="cover")
    if isinstance(payload, LetterPayload):
        entry = _put_letter(reading, keep_letter(payload), key_of(payload))
    elif isinstance(payload, KeptLetterPayload):
        entry = _put_letter(reading, payload, passed_key(payload))
    elif isinstance(payload, ReplyCopyPayload | NotePayload):
        entry = _put_answer(reading, letter.device, payload, content)
    elif isinstance(payload, MarkPayload):
        put_mark(reading, payload, letter.device)
    elif isinstance(payload, ChangePayload):
        entry = put_change(reading, payload, letter.device, content)
    elif isinstance(payload, DigestPayload):
        put_digest(reading, payload, letter.device)
    elif isinstance(payload, ResealPayload):
        put_reseal(reading, opened, payload, letter.device)
    elif passed := put_history_part(reading, opened, payload, letter.device):
        file_opened(reading, passed)
    return Outcome(
        State.FILED,
        kind=_KINDS[type(payload)],
        entry=entry,
        signer=letter.device,
        trailer=opened.plaintext[-TRAILER_LEN:],
    )


def _put_letter(reading: Reading, letter: KeptLetterPayload, key: ThreadKey | None) -> bytes:
    """File a source's letter without its key: of that, only the pin stays."""
    entry, source = bytes.fromhex(letter.id), bytes.fromhex(letter.source_id)
    if key is not None:
        threads.set_pin(reading.vault, source, _next_pin(reading, source, key))
    content = encode_kept(msgspec.structs.replace(letter, thread_key=None, week=None))
    threads.add(
        reading.vault, Entry(entry, source, "letter", letter.day, None, content), unread=True
    )
    attachments.add(reading.vault, entry, letter.attachments)
    return entry


def _next_pin(reading: Reading, source: bytes, sent: ThreadKey) -> ThreadKey:
    pin = threads.pin(reading.vault, source, sent.generation)
    newest = sent if pin is None or pin.week < sent.week else pin
    return pin_of(newest, reading.week)


def _put_answer(
    reading: Reading,
    device: int | None,
    payload: ReplyCopyPayload | NotePayload,
    content: bytes,
) -> bytes | None:
    entry, source = bytes.fromhex(payload.id), bytes.fromhex(payload.source_id)
    if deleting.was_deleted(reading.vault, source, payload.day):
        return None
    # Our own comes back to us like everybody's.
    if threads.find_entry(reading.vault, entry) is None:
        notice_own(reading.vault, device, reading.today)
        kind = _KINDS[type(payload)]
        threads.add(
            reading.vault, Entry(entry, source, kind, payload.day, device, content), unread=True
        )
    return entry


def _quarantined(
    reading: Reading, opened: Opened, reason: Reason, letter: AnyLetter | None
) -> Outcome:
    return Outcome(
        State.QUARANTINED,
        kind=_KINDS[type(letter.payload)] if letter else None,
        reason=reason,
        signer=letter.device if letter else None,
        payload=_quarantined_payload(reading, opened, reason, letter),
        trailer=opened.plaintext[-TRAILER_LEN:],
    )


def _quarantined_payload(
    reading: Reading, opened: Opened, reason: Reason, letter: AnyLetter | None
) -> bytes:
    """What is kept to be shown; with its keys only where it may still be filed."""
    payload = letter.payload if letter else None
    if reason in (*READ_AGAIN, *RELEASABLE) or _contested(reading, reason, letter):
        return _payload_bytes(opened)
    if isinstance(payload, LetterPayload):
        return encode_kept(keep_letter(payload))
    if isinstance(payload, KeptLetterPayload):
        return encode_kept(msgspec.structs.replace(payload, thread_key=None, week=None))
    if isinstance(payload, ChangePayload):
        # One whose clock was ahead is read again, and nothing in it speaks for a source.
        return _payload_bytes(opened)
    # What breaks the rules may speak for a source all the same; nothing of it is read again.
    return _KEY_IN_HEX.sub(b"0" * 64, _payload_bytes(opened))


def _contested(reading: Reading, reason: Reason, letter: AnyLetter | None) -> bytes | None:
    """The source whose thread waits for a person to choose, because of this letter."""
    payload = letter.payload if letter else None
    if reason is not Reason.ANOTHER_THREAD_KEY:
        return None
    if isinstance(payload, LetterPayload):
        payload = keep_letter(payload)
    if not isinstance(payload, KeptLetterPayload):
        return None
    source = bytes.fromhex(payload.source_id)
    return None if disputes.is_settled(reading.vault, source) else source


def _not_a_letter(reading: Reading, sealed: bytes, reason: Reason) -> Outcome:
    letters.note_malformed(reading.vault, letter_hash(sealed), reason)
    return Outcome(State.QUARANTINED, reason=reason)


def _payload_bytes(opened: Opened) -> bytes:
    body = opened.plaintext[:-TRAILER_LEN]
    if opened.is_history:
        return body
    try:
        return unframe(body, MalformedLetterError)
    except MalformedLetterError:
        return body[LENGTH_PREFIX_LEN:].rstrip(b"\0")
