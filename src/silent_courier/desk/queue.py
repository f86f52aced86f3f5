"""What waits in the outbox: when it will be posted, and taking it back until then. Spec §14.21."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from silent_courier.desk.alias import alias_of
from silent_courier.desk.auditing import Act, record
from silent_courier.desk.desk import Desk
from silent_courier.desk.first_line import first_line
from silent_courier.desk.timetable import posting_times, timetable_of
from silent_courier.desk.views import EntryKind, QueueRow
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.protocol.kept import parse_kept
from silent_courier.protocol.payload import NotePayload, ReplyCopyPayload
from silent_courier.storage.vault import beats, charters, identity, outbox, search, threads
from silent_courier.storage.vault.threads import Entry

_ID = re.compile(r"([0-9a-f]{2})+").fullmatch


def posting_at(desk: Desk) -> Mapping[bytes, float]:
    """When the last cell of each waiting answer goes, if the desk is on then.

    Seconds since 1970, by the entry's id; one that is too far ahead to say is left out.
    """
    waiting = outbox.cells(desk.vault)
    if not waiting:
        return {}
    now = desk.clock()
    begun = [cell for cell in waiting if cell.in_beat]
    rest = waiting[len(begun) :]
    times = list(islice(_times(desk), len(rest)))
    found = {cell.entry: now for cell in begun}
    found |= {cell.entry: time for cell, time in zip(rest, times, strict=False)}
    too_far = {cell.entry for cell in rest[len(times) :]}
    return {entry: time for entry, time in found.items() if entry not in too_far}


def would_go_at(desk: Desk, cells: int) -> float | None:
    """When the last of so many cells goes if they are queued now; seconds since 1970."""
    ahead = len(outbox.free_cells(desk.vault))
    return next(islice(_times(desk), max(0, ahead + cells - 1), None), None)


def list_queue(desk: Desk) -> tuple[QueueRow, ...]:
    """The answers and notes that wait to be posted, in the order in which they were written."""
    times, cells = posting_at(desk), Counter(cell.entry for cell in outbox.cells(desk.vault))
    org_id = identity.membership(desk.vault).org_id
    ids, free = outbox.waiting_letters(desk.vault) | cells.keys(), untouched(desk)
    return tuple(
        QueueRow(
            id=entry.id.hex(),
            thread=entry.source.hex(),
            alias=alias_of(org_id, entry.source),
            kind="reply" if entry.kind == "reply" else "note",
            cells=cells[entry.id],
            begun=entry.id not in free,
            posting_at=times.get(entry.id),
            preview=first_line(_text(entry)),
        )
        for entry in threads.find_entries(desk.vault, ids)
    )


def untouched(desk: Desk) -> frozenset[bytes]:
    """The answers and notes of which nothing went out, so that they can be taken back."""
    waiting = threads.find_entries(desk.vault, outbox.waiting_letters(desk.vault))
    return frozenset(entry.id for entry in waiting if _is_untouched(desk, entry))


def take_back(desk: Desk, thread: str, entry_id: str) -> tuple[EntryKind, str]:
    """Take an answer or a note out of the outbox and the thread, and give kind and text back.

    The tag numbers it had stay used.

    Raises:
        UnknownThreadError: the thread has no such entry, or it is not a reply or note.
        AlreadyPostedError: something of it went out, or is about to.
    """
    found = threads.find_entry(desk.vault, bytes.fromhex(entry_id)) if _ID(entry_id) else None
    if found is None or found.source.hex() != thread:
        raise UnknownThreadError
    text = _text(found)
    with desk.vault.transaction():
        outbox.take_back(desk.vault, found.id, is_answer=found.kind == "reply")
        search.forget(desk.vault, [found.id])
        threads.remove(desk.vault, found.id)
        record(desk, Act.TAKEN_BACK, found.source, found.kind)
    desk.vault.forget()
    return ("reply" if found.kind == "reply" else "note"), text


def _times(desk: Desk) -> Iterator[float]:
    charter = charters.current(desk.vault, identity.membership(desk.vault).org_id)
    table = timetable_of(charter.body.parameters)
    return posting_times(table, beats.last(desk.vault), desk.clock())


def _is_untouched(desk: Desk, entry: Entry) -> bool:
    return outbox.is_untouched(desk.vault, entry.id, is_answer=entry.kind == "reply")


def _text(entry: Entry) -> str:
    payload = parse_kept(entry.payload)
    if not isinstance(payload, ReplyCopyPayload | NotePayload):
        raise UnknownThreadError
    return payload.text
