"""The files of letters: saved as they came, on purpose only."""

from collections.abc import Mapping
from dataclasses import dataclass

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.saving import save_attachment


class Export(Question, frozen=True, forbid_unknown_fields=True):
    """Names one attachment of one letter."""

    thread: str
    entry: str
    position: int


@dataclass(slots=True)
class Files:
    """The acts on attachments."""

    office: Office

    async def export(self, question: Export) -> object:
        """Save one attachment as it came."""
        desk = self.office.attended()
        return save_attachment(
            desk, question.thread, question.entry, question.position, self.office.exports
        )


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    files = Files(office)
    return {"/api/export": Route(files.export, Export)}
