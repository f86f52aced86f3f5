"""One thread: read it, begin an answer or a note, and put it into the outbox."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from silent_courier.desk.answering import note, reply
from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.app.slices import in_slices
from silent_courier.desk.queue import take_back, would_go_at
from silent_courier.desk.reading import find_thread, list_thread, read_acts, reading_thread
from silent_courier.desk.views import ThreadEntry
from silent_courier.protocol.errors import PayloadTooLongError, VaultFullError
from silent_courier.protocol.payload import ReplyPayload
from silent_courier.protocol.reply import cells_needed
from silent_courier.protocol.sizes import HASH_LEN, ID_LEN, REPLY_CELLS_MAX
from silent_courier.storage.vault import drafts

Kind = Literal["reply", "note"]
ID_HEX_LEN: Final = 2 * HASH_LEN
ACTS_SHOWN: Final = 20
"""Of what was set on a thread, the newest."""


class Read(Question, frozen=True, forbid_unknown_fields=True):
    """Asks for one thread."""

    thread: str
    mark_read: bool = True


class TakeBack(Question, frozen=True, forbid_unknown_fields=True):
    """Names an answer or a note that waits."""

    thread: str
    entry: str


class Write(Question, frozen=True, forbid_unknown_fields=True):
    """A reply or a note, begun or finished."""

    thread: str
    kind: Kind
    text: str
    language: str = "en"
    again: bool = False
    """The page tries once more what could not be kept; nobody has typed since."""


@dataclass(slots=True)
class Correspondence:
    """The acts of a thread."""

    office: Office

    async def read(self, question: Read) -> object:
        """One thread with its row and drafts; it counts as read from now on. Not being there."""
        office = self.office
        desk = office.desk
        row = list_thread(desk, question.thread)
        entries, marked = await _read(office, row.thread, mark_read=question.mark_read)
        desk = office.desk
        if marked and row.unread:
            row = office.acted(desk, row.thread)
        begun = drafts.of_thread(desk.vault, bytes.fromhex(row.thread))
        told = office.list_of(desk).told_one(desk, row)
        acts = read_acts(desk, row.thread)[:ACTS_SHOWN]
        return {"row": told, "entries": entries, "drafts": begun, "acts": acts}

    async def draft(self, question: Write) -> object:
        """Keep what was begun, and say how many cells it would take (0: too many)."""
        desk = self.office.desk if question.again else self.office.attended()
        source = find_thread(desk, question.thread)
        drafts.keep(desk.vault, bytes.fromhex(source), question.kind, question.text)
        cells = _cells(source, question)
        goes = would_go_at(desk, cells) if question.kind == "reply" else None
        return {"cells": cells, "cells_max": REPLY_CELLS_MAX, "posting_at": goes}

    async def write(self, question: Write) -> object:
        """Put a reply or a note into the outbox."""
        desk = self.office.attended()
        source = find_thread(desk, question.thread)
        if question.kind == "reply":
            queued = reply(desk, source, question.text, question.language)
        else:
            queued = note(desk, source, question.text)
        # It is in the outbox: to say now that something failed would have it written twice.
        with suppress(VaultFullError):
            drafts.forget(desk.vault, bytes.fromhex(source), question.kind)
        self.office.acted(desk, source)
        return queued

    async def take_back(self, question: TakeBack) -> object:
        """Take an answer or a note out of the outbox; its text is a draft again."""
        desk = self.office.attended()
        source = find_thread(desk, question.thread)
        kind, text = take_back(desk, source, question.entry)
        begun = drafts.of_thread(desk.vault, bytes.fromhex(source)).get(kind, "")
        kept = f"{text}\n\n{begun}" if begun else text
        drafts.keep(desk.vault, bytes.fromhex(source), kind, kept)
        self.office.acted(desk, source)
        return {"kind": kind, "text": kept}


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    thread = Correspondence(office)
    return {
        "/api/thread": Route(thread.read, Read),
        "/api/draft": Route(thread.draft, Write),
        "/api/write": Route(thread.write, Write),
        "/api/take-back": Route(thread.take_back, TakeBack),
    }


async def _read(
    office: Office, thread: str, *, mark_read: bool
) -> tuple[tuple[ThreadEntry, ...], bool]:
    """The entries, and whether they are marked as read: a full disk keeps nobody from reading."""
    if mark_read:
        with suppress(VaultFullError):
            return await in_slices(office, reading_thread(office.desk, thread)), True
    return await in_slices(office, reading_thread(office.desk, thread, mark_read=False)), False


def _cells(source: str, question: Write) -> int:
    """The cells of a reply with this text; all that is not the text has a fixed length."""
    zeros = "0" * ID_HEX_LEN
    try:
        return cells_needed(
            ReplyPayload(
                id="0" * (2 * ID_LEN),
                org_id=zeros,
                charter=zeros,
                day=99_999,
                generation=255,
                to=source,
                language=question.language,
                text=question.text,
            )
        )
    except PayloadTooLongError:
        return 0
