"""The files of letters: saved as they came, on purpose only."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.cleaned import Cleanable, prepare_cleaning, save_cleaned
from silent_courier.desk.contents import find_attachment
from silent_courier.desk.saving import note_saved, prepare_saving, save_content
from silent_courier.storage.vault import identity


class Export(Question, frozen=True, forbid_unknown_fields=True):
    """Names one attachment of one letter."""

    thread: str
    entry: str
    position: int


@dataclass(slots=True)
class Files:
    """The acts on attachments."""

    office: Office
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def export(self, question: Export) -> object:
        """Save one attachment as it came; one at a time, in another thread."""
        desk, folder = self.office.attended(), self.office.exports
        async with self._one:
            found = prepare_saving(desk, question.thread, question.entry, question.position)
            org_id, directory = identity.membership(desk.vault).org_id, desk.vault.directory
            tell = self.office.writing.tell
            tell(0, 0)
            saved = await asyncio.to_thread(save_content, directory, org_id, found, folder, tell)
            return note_saved(self.office.desk, found, saved)

    async def progress(self, _: Question) -> object:
        """How much of what is being exported is written; a total of 0: that is not known."""
        writing = self.office.writing
        return {"done": writing.done, "total": writing.total}

    async def export_cleaned(self, question: Export) -> object:
        """Save one attachment without hidden details; one at a time, in another thread."""
        desk = self.office.attended()
        attachment = find_attachment(desk, question.thread, question.entry, question.position)
        async with self._one:
            desk = await self.office.examined(desk, [attachment])
            ready = prepare_cleaning(desk, attachment)
            self.office.writing.tell(0, 0)
            if not isinstance(ready, Cleanable):
                return ready
            return await asyncio.to_thread(save_cleaned, ready, self.office.exports)


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    files = Files(office)
    return {
        "/api/progress": Route(files.progress),
        "/api/export": Route(files.export, Export),
        "/api/export-cleaned": Route(files.export_cleaned, Export),
    }
