"""Lists and threads as a person reads them. Spec §14.7."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, TypeVar

import msgspec

from silent_courier.desk.alias import alias_of
from silent_courier.desk.auditing import Act, record_once_a_day
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Desk
from silent_courier.desk.file_types import TYPES
from silent_courier.desk.file_warnings import SENTENCES as WARNINGS
from silent_courier.desk.first_line import first_line
from silent_courier.desk.merging import (
    ASSIGNED,
    ON,
    POSTED_AGAIN,
    SHOWN,
    TRANSLATION,
    Change,
    by_item,
    day_of_date,
    read_changes,
    translations,
)
from silent_courier.desk.overview import make_overview
from silent_courier.desk.queue import posting_at, untouched
from silent_courier.desk.reasons import Reason
from silent_courier.desk.views import (
    AttachmentView,
    EntryKind,
    EntryState,
    QuarantineRow,
    TeamAct,
    ThreadEntry,
    ThreadRow,
    Translation,
)
from silent_courier.protocol.charter import Charter, handler_of
from silent_courier.protocol.errors import ProtocolError, UnknownThreadError, VaultDamagedError
from silent_courier.protocol.kept import InThread, KeptLetterPayload, keep_letter, parse_kept
from silent_courier.protocol.payload import (
    LetterPayload,
    NotePayload,
    ReplyCopyPayload,
    parse_letter_payload,
)
from silent_courier.protocol.sizes import RETENTION_DAYS_MIN
from silent_courier.storage.vault import (
    attachments,
    changes,
    charters,
    disputes,
    facts,
    identity,
    letters,
    openings,
    outbox,
    posted_cells,
    threads,
)
from silent_courier.storage.vault.attachments import KeptAttachment
from silent_courier.storage.vault.facts import KeptFacts
from silent_courier.storage.vault.letters import QuarantinedLetter
from silent_courier.storage.vault.threads import Entry, Provenance, ThreadSummary

PREFIX_MIN: Final = 4
READ_AT_ONCE: Final = 50
"""Entries of a thread."""
Key = TypeVar("Key")
Thing = TypeVar("Thing")


class _Glimpse(msgspec.Struct, frozen=True):
    """What the list shows of a letter."""

    language: str
    text: str


Glimpses = dict[bytes, tuple[str, str]]
"""By the id of a letter: its language, and how it begins."""


def list_threads(desk: Desk, glimpses: Glimpses | None = None) -> tuple[ThreadRow, ...]:
    """Every thread, newest first; NotJoinedError.

    What glimpses hold is not read again; afterwards they hold those of this list, and no other.
    """
    charter = _charter(desk)
    disputed, overview = disputes.disputed(desk.vault), make_overview(desk, charter)
    before: Glimpses = glimpses if glimpses is not None else {}
    now: Glimpses = {}
    rows = []
    for summary in threads.summaries(desk.vault):
        glimpse = _glimpse(desk, summary.last_letter, before)
        if summary.last_letter is not None:
            now[summary.last_letter] = glimpse
        row = _row(charter, summary, glimpse, disputed=summary.source in disputed)
        rows.append(replace(row, team=overview.team(summary.source)))
    before.clear()
    before.update(now)
    return tuple(rows)


def list_thread(desk: Desk, thread: str) -> ThreadRow:
    """This thread as it stands in the list; UnknownThreadError, NotJoinedError."""
    source = bytes.fromhex(find_thread(desk, thread))
    (summary,) = threads.summaries(desk.vault, source)
    charter, glimpse = _charter(desk), _glimpse(desk, summary.last_letter, {})
    disputed = bool(disputes.contesting(desk.vault, source))
    team = make_overview(desk, charter, source).team(source)
    return replace(_row(charter, summary, glimpse, disputed=disputed), team=team)


def find_thread(desk: Desk, prefix: str) -> str:
    """The whole id of the one thread that begins so; UnknownThreadError."""
    return only_one(threads.find(desk.vault, prefix.lower()), prefix).hex()


def only_one(found: list[bytes], prefix: str) -> bytes:
    """The one that was meant; UnknownThreadError when that is not clear."""
    if len(found) != 1 or len(prefix) < PREFIX_MIN:
        raise UnknownThreadError
    return found[0]


def read_thread(desk: Desk, thread: str, *, mark_read: bool = True) -> tuple[ThreadEntry, ...]:
    """A thread, oldest first; UnknownThreadError, NotJoinedError, VaultDamagedError."""
    steps = reading_thread(desk, thread, mark_read=mark_read)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            entries: tuple[ThreadEntry, ...] = end.value
            return entries


def reading_thread(
    desk: Desk, thread: str, *, mark_read: bool = True
) -> Generator[None, None, tuple[ThreadEntry, ...]]:
    """The same in steps of some hundredths of a second: a source may have flooded its thread.

    Its entries are read, and marked, in the first step: what comes meanwhile is neither shown nor
    marked.
    """
    source = bytes.fromhex(find_thread(desk, thread))
    filed: list[ThreadEntry] = []
    try:
        kept = threads.entries(desk.vault, source)
        # Who had read it before this reading.
        readers = openings.readers(desk.vault, source)
        if mark_read:
            with desk.vault.transaction():
                openings.note_opened(desk.vault, source, desk.today)
                threads.mark_read(desk.vault, source)
                record_once_a_day(desk, Act.OPENED, source)
        yield
        context = replace(_context(desk, source), readers=readers)
        contesting = [_contesting(desk, name) for name in disputes.contesting(desk.vault, source)]
        yield
        for number, entry in enumerate(kept, start=1):
            filed.append(_entry(context, entry))
            if number % READ_AT_ONCE == 0:
                yield
    except ProtocolError as error:
        # It was parsed when it was filed: what it is now, the disk has made of it.
        raise VaultDamagedError from error
    if contesting:
        filed = [replace(e, state="disputed") if e.kind == "letter" else e for e in filed]
    # Side by side and alike: which of them is the source's, the desk does not know.
    return tuple(sorted(filed + contesting, key=lambda entry: entry.date))


def read_acts(desk: Desk, thread: str) -> tuple[TeamAct, ...]:
    """What handlers set on a thread, newest first; UnknownThreadError, NotJoinedError."""
    charter, source = _charter(desk), bytes.fromhex(find_thread(desk, thread))
    known = read_changes(changes.of_thread(desk.vault, source))
    return tuple(
        TeamAct(
            date=iso_date(change.day),
            by=label_of(charter, change.device),
            field=change.field,
            item=change.item,
            value=_shown(charter, change),
        )
        for change in sorted(known, key=lambda each: each.clock, reverse=True)
        if change.field in SHOWN
    )


def _shown(charter: Charter, change: Change) -> str:
    """The value as people read it: a handler by label, nothing of a long text."""
    if change.field == ASSIGNED and change.value.isdecimal():
        number = int(change.value)
        return next((h.label for h in charter.body.handlers if h.handler == number), "")
    return ON if change.field == TRANSLATION and change.value else change.value


def list_quarantine(desk: Desk, of_each: int | None = None) -> tuple[QuarantineRow, ...]:
    """All that was kept apart, newest first; NotJoinedError.

    of_each: how many at most that were kept apart for one reason.
    """
    charter, kept = _charter(desk), letters.quarantine(desk.vault, of_each)
    return tuple(_quarantined(charter, letter) for letter in kept)


def count_quarantine(desk: Desk) -> tuple[int, int]:
    """How many letters were kept apart, and how many of these should be asked about."""
    counts = letters.quarantine_counts(desk.vault)
    alarming = sum(count for reason, count in counts.items() if Reason(reason).is_alarm)
    return sum(counts.values()), alarming


def former_can_read(charter: Charter, generation: int, day: int) -> bool:
    """Whether a newer generation had begun when something was sealed under this one."""
    return any(start <= day for start in charter.body.generation_days[generation:])


@dataclass(frozen=True, slots=True)
class _Context:
    """What the entries of one thread are shown with."""

    charter: Charter
    device: int
    provenance: Mapping[bytes, Provenance]
    attachments: Mapping[bytes, Sequence[tuple[int, KeptAttachment]]]
    facts: Mapping[int, KeptFacts]
    waiting_cells: Mapping[bytes, bool]
    waiting_letters: frozenset[bytes]
    readers: Mapping[bytes, tuple[int, ...]]
    translations: Mapping[str, Sequence[tuple[str, Change]]]
    repeats: Mapping[str, Change]
    posting_at: Mapping[bytes, float]
    untouched: frozenset[bytes]
    shown: Mapping[bytes, int]


def _charter(desk: Desk) -> Charter:
    return charters.current(desk.vault, identity.membership(desk.vault).org_id)


def _context(desk: Desk, source: bytes) -> _Context:
    member = identity.membership(desk.vault)
    known = read_changes(changes.of_thread(desk.vault, source))
    return _Context(
        charter=charters.current(desk.vault, member.org_id),
        device=member.key.device,
        provenance=threads.provenance(desk.vault, source),
        attachments=_grouped(
            (each.entry, (number, each))
            for number, each in enumerate(attachments.of_thread(desk.vault, source), start=1)
        ),
        facts=facts.of_thread(desk.vault, source),
        waiting_cells=outbox.waiting(desk.vault),
        waiting_letters=outbox.waiting_letters(desk.vault),
        readers=openings.readers(desk.vault, source),
        translations=_grouped(
            (of, (language, change)) for (of, language), change in translations(known).items()
        ),
        repeats=by_item(known, POSTED_AGAIN),
        posting_at=posting_at(desk),
        untouched=untouched(desk),
        shown=posted_cells.shown(desk.vault, source),
    )


def _grouped(pairs: Iterable[tuple[Key, Thing]]) -> dict[Key, list[Thing]]:
    """By key: in a flooded thread nobody goes through all for each entry."""
    found: dict[Key, list[Thing]] = {}
    for key, thing in pairs:
        found.setdefault(key, []).append(thing)
    return found


def _glimpse(desk: Desk, letter: bytes | None, known: Glimpses) -> tuple[str, str]:
    if letter is None:
        return "", ""
    if letter in known:
        return known[letter]
    # Parsed by every rule when it was filed: here, of ten thousand, two values are enough.
    try:
        seen = msgspec.json.decode(threads.payload_of(desk.vault, letter), type=_Glimpse)
    except (msgspec.MsgspecError, UnicodeError):
        # Of a damaged vault; one letter of it must not hide all others.
        return "", ""
    return seen.language, first_line(seen.text)


def _row(
    charter: Charter, summary: ThreadSummary, glimpse: tuple[str, str], *, disputed: bool
) -> ThreadRow:
    language, preview = glimpse
    return ThreadRow(
        thread=summary.source.hex(),
        alias=alias_of(charter.org_id, summary.source),
        letters=summary.letters,
        replies=summary.replies,
        notes=summary.notes,
        attachments=summary.attachments,
        unread=summary.unread,
        language=language,
        first_date=iso_date(summary.first_day),
        last_date=iso_date(summary.last_day),
        answered_by=_labels(charter, summary.devices),
        preview=preview,
        disputed=disputed,
    )


def _entry(context: _Context, entry: Entry) -> ThreadEntry:
    payload = parse_kept(entry.payload)
    kind: EntryKind = "letter"
    if not isinstance(payload, KeptLetterPayload):
        kind = "reply" if isinstance(payload, ReplyCopyPayload) else "note"
    came = context.provenance.get(entry.id)
    passed_by = came.passed_by if came else None
    return ThreadEntry(
        kind=kind,
        id=entry.id.hex(),
        date=iso_date(entry.day),
        by=label_of(context.charter, entry.device),
        own=entry.device == context.device,
        text=payload.text,
        language="" if isinstance(payload, NotePayload) else payload.language,
        generation=payload.generation,
        letter=came.letter.hex() if came else None,
        resealed_by=label_of(context.charter, passed_by),
        former_can_read=kind == "reply"
        and former_can_read(context.charter, payload.generation, payload.day),
        state=_state(context, entry, kind),
        posting_at=context.posting_at.get(entry.id),
        can_take_back=entry.id in context.untouched,
        on_board=iso_date(context.shown[entry.id]) if entry.id in context.shown else "",
        form=_form(payload),
        attachments=tuple(
            _attachment(a, number, context.facts.get(a.seq))
            for number, a in context.attachments.get(entry.id, ())
        ),
        read_by=_labels(context.charter, context.readers.get(entry.id, ())),
        translations=_translations(context, entry.id.hex()),
        posted_again=_repeats(context, entry.id.hex()) if kind == "reply" else "",
        may_leave=iso_date(entry.day + RETENTION_DAYS_MIN) if kind == "reply" else "",
    )


def _translations(context: _Context, entry: str) -> tuple[Translation, ...]:
    return tuple(
        Translation(language, change.value, label_of(context.charter, change.device))
        for language, change in sorted(context.translations.get(entry, ()), key=_language)
    )


def _language(translation: tuple[str, Change]) -> str:
    return translation[0]


def _repeats(context: _Context, entry: str) -> str:
    change = context.repeats.get(entry)
    return change.value if change and day_of_date(change.value) is not None else ""


def _contesting(desk: Desk, letter: bytes) -> ThreadEntry:
    """A letter in quarantine that speaks for the source, as those in the thread are shown."""
    payload = _of_source(letters.quarantined_payload(desk.vault, letter))
    return ThreadEntry(
        kind="letter",
        id=payload.id,
        date=iso_date(payload.day),
        by=None,
        own=False,
        text=payload.text,
        language=payload.language,
        generation=payload.generation,
        letter=letter.hex(),
        resealed_by=None,
        former_can_read=False,
        state="disputed",
        form=_form(payload),
        attachments=tuple(
            AttachmentView(a.name, a.size, a.sha256, "waiting", 0, a.chunks)
            for a in payload.attachments
        ),
    )


def _of_source(content: bytes) -> KeptLetterPayload:
    try:
        payload = parse_letter_payload(content)
    except ProtocolError:
        kept = parse_kept(content)
        if isinstance(kept, KeptLetterPayload):
            return kept
        raise
    if not isinstance(payload, LetterPayload):
        raise TypeError("only a source's letters contest a thread")
    return keep_letter(payload)


def _state(context: _Context, entry: Entry, kind: EntryKind) -> EntryState:
    if entry.device != context.device:
        return "received"
    if kind == "reply" and entry.id in context.waiting_cells:
        return "refused" if context.waiting_cells[entry.id] else "waiting"
    if kind == "note" and entry.id in context.waiting_letters:
        return "waiting"
    return "posted"


def _form(payload: InThread) -> tuple[tuple[str, str], ...]:
    if not isinstance(payload, KeptLetterPayload):
        return ()
    return tuple((answer.question, answer.answer) for answer in payload.form)


def _attachment(attachment: KeptAttachment, number: int, found: KeptFacts | None) -> AttachmentView:
    kind = TYPES.get(found.type) if found else None
    return AttachmentView(
        name=attachment.name,
        size=attachment.size,
        sha256=attachment.sha256.hex(),
        state=attachment.state.value,
        chunks_here=attachment.here,
        chunks=attachment.chunks,
        number=number,
        type=kind.name if kind else "",
        label=kind.label if kind else "",
        drawn=bool(kind and kind.drawn_as),
        signs=found.warnings if found else (),
        warnings=tuple(WARNINGS[sign] for sign in found.warnings) if found else (),
    )


def _quarantined(charter: Charter, letter: QuarantinedLetter) -> QuarantineRow:
    reason = Reason(letter.reason)
    return QuarantineRow(
        letter=letter.hash.hex(),
        date=iso_date(letter.arrival),
        reason=reason.value,
        sentence=reason.sentence,
        alarm=reason.is_alarm,
        by=label_of(charter, letter.signer),
        text=None if letter.payload is None else _text(letter.payload),
    )


def _text(payload: bytes) -> str:
    """What the letter says, or its bytes as far as they are text."""
    parsers: tuple[Callable[[bytes], object], ...] = (parse_kept, parse_letter_payload)
    for parse in parsers:
        with suppress(ProtocolError):
            return str(getattr(parse(payload), "text", ""))
    return payload.decode("utf-8", "replace")


def label_of(charter: Charter, device: int | None) -> str | None:
    """Who this device belongs to; None for a source, and for nobody known."""
    if device is None:
        return None
    handler = handler_of(device)
    return next((h.label for h in charter.body.handlers if h.handler == handler), None)


def _labels(charter: Charter, devices: Iterable[int]) -> tuple[str, ...]:
    labels = (label_of(charter, device) for device in devices)
    return tuple(dict.fromkeys(label for label in labels if label is not None))
