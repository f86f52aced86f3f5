"""Which opened letters are filed and which are kept apart. Spec §14.6.

Looks, and changes nothing. Whatever is not as an honest source or colleague would have made it
is kept apart with a reason, shown, and never dropped.
"""

from dataclasses import dataclass, field

from silent_courier.desk.allowance import is_over
from silent_courier.desk.pins import matches
from silent_courier.desk.reasons import Reason
from silent_courier.protocol.charter import Charter, handler_of
from silent_courier.protocol.errors import (
    MalformedPayloadError,
    ProtocolError,
    StatementSignatureError,
)
from silent_courier.protocol.kept import (
    KeptLetter,
    KeptLetterPayload,
    Passed,
    keep_letter,
    parse_kept,
    parse_passed,
    read_kept,
)
from silent_courier.protocol.letter import Letter, read_letter
from silent_courier.protocol.payload import (
    CLOCK_A_DAY,
    COLLEAGUE_KINDS,
    ChangePayload,
    ColleaguePayload,
    CoverPayload,
    DigestPayload,
    LetterPayload,
    MarkPayload,
    NotePayload,
    ReplyCopyPayload,
)
from silent_courier.protocol.sizes import WEEKS_AHEAD
from silent_courier.protocol.thread import ThreadKey, derive_source_id
from silent_courier.storage.vault import Vault, changes, letters, threads
from silent_courier.storage.vault.letters import Opened

DAYS_ASTRAY = 1
"""Clocks and midnights may differ by so much."""

GRACE_DAYS = 1
"""Letters of an older generation are taken for so long after the newer one began."""

PASSED_ON = (
    LetterPayload,
    KeptLetterPayload,
    ReplyCopyPayload,
    NotePayload,
    MarkPayload,
    DigestPayload,
    ChangePayload,
)
"""What is passed on to colleagues: what stands in a thread, and what is said about letters."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What letters are read against: this desk's view of the organisation and of the time."""

    vault: Vault = field(repr=False)
    charter: Charter
    known_charters: frozenset[bytes]
    today: int
    week: int


AnyLetter = Letter | KeptLetter


def read_opened(reading: Reading, opened: Opened) -> AnyLetter | Reason:
    """The letter in this plaintext, or why it is none."""
    if opened.header and letters.header_is_known(reading.vault, opened.header, opened.hash):
        return Reason.REWRITTEN
    charter = reading.charter
    try:
        if opened.is_history:
            return read_kept(opened.plaintext, charter.org_id, charter.all_devices)
        return read_letter(opened.plaintext, charter.org_id, charter.all_devices)
    except StatementSignatureError:
        return Reason.UNKNOWN_SIGNER
    except MalformedPayloadError:
        return Reason.MALFORMED_PAYLOAD
    except ProtocolError:
        return Reason.MALFORMED_LETTER


def judge(reading: Reading, opened: Opened, letter: AnyLetter) -> Reason | None:
    """Why this letter is not to be filed; None when it is."""
    payload = letter.payload
    if isinstance(payload, CoverPayload):
        return None
    if opened.passed_by is not None and not isinstance(payload, PASSED_ON):
        return Reason.MALFORMED_LETTER
    if payload.day > min(opened.arrival, reading.today) + DAYS_ASTRAY:
        return Reason.ODD_DAY
    if isinstance(payload, LetterPayload):
        return _judge_source(reading, opened, payload) or _judge_id(reading, keep_letter(payload))
    if isinstance(payload, KeptLetterPayload):
        return _judge_kept(reading, payload) or _judge_id(reading, payload)
    reason = _judge_colleague(reading, opened, letter.device)
    if reason is None and isinstance(payload, ChangePayload):
        reason = _judge_ahead(reading, payload)
    return reason or _judge_id(reading, payload) or _judge_amount(reading, opened, letter)


def source_of(payload: LetterPayload) -> bytes:
    """The source's id: 32 bytes."""
    return derive_source_id(bytes.fromhex(payload.auth), payload.generation)


def key_of(payload: LetterPayload) -> ThreadKey:
    """The thread key that the letter carries."""
    return ThreadKey(bytes.fromhex(payload.thread_key), payload.generation, payload.week)


def _judge_source(reading: Reading, opened: Opened, payload: LetterPayload) -> Reason | None:
    if payload.generation > reading.charter.body.generation:
        return Reason.UNKNOWN_GENERATION
    if payload.week > reading.week + WEEKS_AHEAD:
        return Reason.WEEK_AHEAD
    # What a colleague passes on, the colleague has judged by the day on which it came.
    answered_for = opened.released or opened.passed_by is not None
    if not answered_for and (reason := _judge_arrival(reading, opened, payload)):
        return reason
    return _judge_key(reading, source_of(payload), key_of(payload))


def _judge_kept(reading: Reading, payload: KeptLetterPayload) -> Reason | None:
    if payload.generation > reading.charter.body.generation:
        return Reason.UNKNOWN_GENERATION
    key = passed_key(payload)
    if key is None:
        return None
    if key.week > reading.week + WEEKS_AHEAD:
        return Reason.WEEK_AHEAD
    return _judge_key(reading, bytes.fromhex(payload.source_id), key)


def _judge_key(reading: Reading, source: bytes, sent: ThreadKey) -> Reason | None:
    pin = threads.pin(reading.vault, source, sent.generation)
    return Reason.ANOTHER_THREAD_KEY if pin is not None and not matches(pin, sent) else None


def passed_key(payload: KeptLetterPayload) -> ThreadKey | None:
    """The thread key that a colleague passed on with a letter, if any."""
    if payload.thread_key is None or payload.week is None:
        return None
    return ThreadKey(bytes.fromhex(payload.thread_key), payload.generation, payload.week)


def _judge_arrival(reading: Reading, opened: Opened, payload: LetterPayload) -> Reason | None:
    # Only who saw our day key under a charter could seal to it, and we state none under others.
    if bytes.fromhex(payload.charter) not in reading.known_charters:
        return Reason.UNKNOWN_CHARTER
    if opened.key_day is not None and abs(payload.day - opened.key_day) > DAYS_ASTRAY:
        return Reason.ODD_DAY
    starts = reading.charter.body.generation_days
    if payload.generation >= len(starts):
        return None
    last_day = starts[payload.generation] + GRACE_DAYS
    if opened.arrival > last_day:
        return Reason.OLD_GENERATION
    return _judge_seen(reading, opened, last_day)


def _judge_colleague(reading: Reading, opened: Opened, device: int | None) -> Reason | None:
    body = reading.charter.body
    if device is None or opened.passed_by is not None:
        return None
    left = next((h.left_generation for h in body.handlers if h.handler == handler_of(device)), None)
    if left is None:
        return None
    last_day = body.generation_days[left - 1]
    if opened.arrival > last_day:
        return Reason.FORMER_HANDLER
    return _judge_seen(reading, opened, last_day + GRACE_DAYS)


def _judge_seen(reading: Reading, opened: Opened, last_day: int) -> Reason | None:
    """Whether we saw it in time: the server's days are its own word, and with a former handler's
    help it would give earlier ones.
    """
    seen = letters.seen_on(reading.vault, opened.hash)
    return Reason.SEEN_LATE if seen > last_day and not opened.released else None


def _judge_ahead(reading: Reading, payload: ChangePayload) -> Reason | None:
    """A clock more than a day ahead would win over all that is set meanwhile. Spec §14.16."""
    ahead = payload.clock >= (reading.today + DAYS_ASTRAY + 1) * CLOCK_A_DAY
    known = changes.find(reading.vault, bytes.fromhex(payload.id)) is not None
    return Reason.ODD_DAY if ahead and not known else None


def _judge_amount(reading: Reading, opened: Opened, letter: AnyLetter) -> Reason | None:
    """Whether a colleague's device says more than any person would."""
    payload, device = letter.payload, letter.device
    if opened.released or device is None or not isinstance(payload, COLLEAGUE_KINDS):
        return None
    if isinstance(payload, ChangePayload) and changes.find(
        reading.vault, bytes.fromhex(payload.id)
    ):
        return None
    parameters = reading.charter.body.parameters
    return is_over(reading.vault, parameters, payload, device, reading.today)


def _judge_id(reading: Reading, payload: Passed | ColleaguePayload) -> Reason | None:
    if change := changes.find(reading.vault, bytes.fromhex(payload.id)):
        return None if payload == parse_passed(change.payload) else Reason.CONFLICT
    known = threads.find_entry(reading.vault, bytes.fromhex(payload.id))
    if known is None:
        return None
    before = parse_kept(known.payload)
    if isinstance(payload, KeptLetterPayload) and isinstance(before, KeptLetterPayload):
        return Reason.REPEATED if _says_the_same(payload, before) else Reason.CONFLICT
    # A colleague's letter is sealed anew when it could not be posted for a day.
    return None if payload == before else Reason.CONFLICT


def _says_the_same(left: KeptLetterPayload, right: KeptLetterPayload) -> bool:
    """Whether only what changes when the same letter is sent on another day differs."""
    return (left.source_id, left.text, left.attachments, left.form) == (
        right.source_id,
        right.text,
        right.attachments,
        right.form,
    )
