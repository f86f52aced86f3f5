"""What the page can ask: each question is one act of the desk, and answered whole or refused."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from silent_courier.desk.alarms import dismiss, list_alarms
from silent_courier.desk.answering import note, reply
from silent_courier.desk.app.alias import alias_of
from silent_courier.desk.app.background import Background
from silent_courier.desk.app.keeping import Keeper
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.app.sessions import Sessions
from silent_courier.desk.desk import Desk
from silent_courier.desk.reading import find_thread, list_quarantine, list_threads, read_thread
from silent_courier.desk.saving import save_attachment
from silent_courier.desk.setup import DeskInfo, info
from silent_courier.protocol.errors import NotJoinedError, PayloadTooLongError
from silent_courier.protocol.payload import ReplyPayload
from silent_courier.protocol.reply import cells_needed
from silent_courier.protocol.sizes import HASH_LEN, ID_LEN, REPLY_CELLS_MAX
from silent_courier.storage.vault import drafts

Kind = Literal["reply", "note"]
ID_HEX_LEN: Final = 2 * HASH_LEN


class Start(Question, frozen=True, forbid_unknown_fields=True):
    """Exchanges the start token."""

    token: str


class Unlock(Question, frozen=True, forbid_unknown_fields=True):
    """Opens the vault."""

    passphrase: str


class ReadThread(Question, frozen=True, forbid_unknown_fields=True):
    """Asks for one thread."""

    thread: str
    mark_read: bool = True


class Write(Question, frozen=True, forbid_unknown_fields=True):
    """A reply or a note, begun or finished."""

    thread: str
    kind: Kind
    text: str
    language: str = "en"


class Export(Question, frozen=True, forbid_unknown_fields=True):
    """Names one attachment of one letter."""

    thread: str
    entry: str
    position: int


class Dismiss(Question, frozen=True, forbid_unknown_fields=True):
    """Names an alarm."""

    alarm: int


@dataclass(slots=True)
class Api:
    """The acts, over the keeper's desk. `version` grows whenever lists have to be asked again."""

    keeper: Keeper
    background: Background
    sessions: Sessions
    exports: Path
    version: int = 0

    async def start(self, question: Start) -> object:
        """Exchange the start token for a session."""
        return {"session": self.sessions.begin(question.token)}

    async def state(self, _: Question) -> object:
        """Locked or open, who this is, and how syncing goes; does not count as being there."""
        if not self.keeper.is_open:
            return {"locked": True, "wait_s": self.keeper.wait_s}
        return {
            "locked": False,
            "desk": _info(self.keeper.desk),
            "sync": self.background.status,
            "version": self.version + self.background.rounds,
        }

    async def unlock(self, question: Unlock) -> object:
        """Open the vault."""
        await self.keeper.unlock(question.passphrase)
        return {}

    async def lock(self, _: Question) -> object:
        """Close it."""
        await self.keeper.lock()
        return {}

    async def awake(self, _: Question) -> object:
        """Somebody is at the page."""
        self._desk()
        return {}

    async def threads(self, _: Question) -> object:
        """The list, and what is in quarantine. Asked again after a sync: not being there."""
        desk = self.keeper.desk
        org_id = bytes.fromhex(info(desk).org_id)
        begun = {source.hex() for source in drafts.threads_with_drafts(desk.vault)}
        rows = [
            {
                **asdict(row),
                "alias": alias_of(org_id, bytes.fromhex(row.thread)),
                "draft": row.thread in begun,
            }
            for row in list_threads(desk)
        ]
        return {
            "threads": rows,
            "quarantine": list_quarantine(desk),
            "alarms": list_alarms(desk),
        }

    async def thread(self, question: ReadThread) -> object:
        """One thread with its drafts; its letters count as read from now on. Not being there."""
        desk = self.keeper.desk
        source = find_thread(desk, question.thread)
        entries = read_thread(desk, source, mark_read=question.mark_read)
        self.version += 1
        return {"entries": entries, "drafts": drafts.of_thread(desk.vault, bytes.fromhex(source))}

    async def draft(self, question: Write) -> object:
        """Keep what was begun, and say how many cells it would take (0: too many)."""
        desk = self._desk()
        source = find_thread(desk, question.thread)
        drafts.keep(desk.vault, bytes.fromhex(source), question.kind, question.text)
        return {"cells": _cells(source, question), "cells_max": REPLY_CELLS_MAX}

    async def write(self, question: Write) -> object:
        """Put a reply or a note into the outbox."""
        desk = self._desk()
        source = find_thread(desk, question.thread)
        if question.kind == "reply":
            queued = reply(desk, source, question.text, question.language)
        else:
            queued = note(desk, source, question.text)
        drafts.forget(desk.vault, bytes.fromhex(source), question.kind)
        self.version += 1
        return queued

    async def export(self, question: Export) -> object:
        """Save one attachment as it came."""
        desk = self._desk()
        return save_attachment(
            desk, question.thread, question.entry, question.position, self.exports
        )

    async def dismiss(self, question: Dismiss) -> object:
        """Put an alarm away; it comes back when more of the same is found."""
        dismiss(self._desk(), question.alarm)
        self.version += 1
        return {}

    async def sync(self, _: Question) -> object:
        """Sync now."""
        self._desk()
        self.background.ask()
        return {}

    async def stop(self, _: Question) -> object:
        """Stop the sync that runs."""
        self._desk()
        await self.background.interrupt()
        return {}

    def _desk(self) -> Desk:
        """The desk, for what only a person does."""
        desk = self.keeper.desk
        self.keeper.touch()
        return desk


def routes(api: Api) -> Mapping[str, Route]:
    """Path → what answers there."""
    return {
        "/api/start": Route(api.start, Start, session=False),
        "/api/state": Route(api.state),
        "/api/unlock": Route(api.unlock, Unlock),
        "/api/lock": Route(api.lock),
        "/api/awake": Route(api.awake),
        "/api/threads": Route(api.threads),
        "/api/thread": Route(api.thread, ReadThread),
        "/api/draft": Route(api.draft, Write),
        "/api/write": Route(api.write, Write),
        "/api/export": Route(api.export, Export),
        "/api/dismiss": Route(api.dismiss, Dismiss),
        "/api/sync": Route(api.sync),
        "/api/stop": Route(api.stop),
    }


def _info(desk: Desk) -> DeskInfo | None:
    try:
        return info(desk)
    except NotJoinedError:
        return None


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
