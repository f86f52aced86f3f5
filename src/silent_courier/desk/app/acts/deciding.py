"""What the desk cannot know and a person may: whose key is a source's, and what to let out."""

from collections.abc import Mapping
from dataclasses import dataclass

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.reading import find_thread
from silent_courier.desk.releasing import release
from silent_courier.desk.settling import settle


class Settle(Question, frozen=True, forbid_unknown_fields=True):
    """Believes one letter of a disputed thread."""

    thread: str
    letter: str


class Release(Question, frozen=True, forbid_unknown_fields=True):
    """Lets one letter out of quarantine."""

    letter: str


@dataclass(slots=True)
class Deciding:
    """The acts of a person who knows more."""

    office: Office

    async def settle(self, question: Settle) -> object:
        """Believe this letter, and those that carry the same key."""
        desk = self.office.attended()
        thread = find_thread(desk, question.thread)
        settle(desk, thread, question.letter)
        self.office.acted(desk, thread)
        return {}

    async def release(self, question: Release) -> object:
        """File this letter; why it stays in quarantine, if it does."""
        desk = self.office.attended()
        reason = release(desk, question.letter)
        self.office.changed_lists()
        return {"stays": "" if reason is None else reason.sentence}


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    deciding = Deciding(office)
    return {
        "/api/settle": Route(deciding.settle, Settle),
        "/api/release": Route(deciding.release, Release),
    }
