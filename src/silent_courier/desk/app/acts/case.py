"""A case exported from the page: one ZIP in the desk's own folder, written in another thread."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

from msgspec import Meta

from silent_courier.desk.alias import alias_of
from silent_courier.desk.app.catalogue import load_catalogue
from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.case import collect_case, write_case
from silent_courier.desk.desk import Desk
from silent_courier.desk.filenames import numbered, safe_name
from silent_courier.desk.reading import find_thread, list_thread
from silent_courier.desk.setup import info
from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.storage.vault import attachments

_MALFORMED: Final = 400
THREADS_MAX: Final = 100


class ExportCase(Question, frozen=True, forbid_unknown_fields=True):
    """Names a thread and others of its matter, and what of them goes along."""

    threads: Annotated[tuple[str, ...], Meta(min_length=1, max_length=THREADS_MAX)]
    notes: bool = True
    files: bool = True
    language: str = "en"


@dataclass(slots=True)
class Cases:
    """The acts on whole cases."""

    office: Office
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def export_case(self, question: ExportCase) -> object:
        """Write these threads to a new ZIP; nothing of them counts as read by it.

        Threads that nobody has marked as one matter are not put together: a slip would hand out
        somebody else's letters.
        """
        desk = self.office.attended()
        matter = list_thread(desk, question.threads[0])
        if not {*question.threads} <= {matter.thread, *matter.team.same}:
            raise RequestRefusedError(_MALFORMED)
        catalogue = load_catalogue(question.language)
        async with self._one:
            for thread in question.threads if question.files else ():
                kept = attachments.of_thread(desk.vault, bytes.fromhex(find_thread(desk, thread)))
                desk = await self.office.examined(desk, kept)
            case = collect_case(desk, question.threads, notes=question.notes, files=question.files)
            self.office.writing.tell(0, 0)
            out = _free(self.office.exports, f"{_name(desk, question.threads)} {case.date}.zip")
            return await asyncio.to_thread(
                write_case,
                case,
                out,
                lambda sentence: catalogue.get(sentence, (sentence,))[0],
                question.language if catalogue else "en",
                self.office.writing.tell,
            )


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    return {"/api/export-case": Route(Cases(office).export_case, ExportCase)}


def _name(desk: Desk, threads: tuple[str, ...]) -> str:
    org_id = bytes.fromhex(info(desk).org_id)
    return safe_name(alias_of(org_id, bytes.fromhex(threads[0])))


def _free(folder: Path, name: str) -> Path:
    number = 1
    while (path := folder / numbered(name, number)).exists():
        number += 1
    return path
