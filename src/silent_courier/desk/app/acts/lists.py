"""The list of threads in windows, what stands above it, and what was set aside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, TypeVar

from msgspec import Meta

from silent_courier.desk.alarms import AlarmRow, dismiss, list_alarms
from silent_courier.desk.app.listing import Filter, PageShow
from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.desk import Desk
from silent_courier.desk.reading import count_quarantine, list_quarantine
from silent_courier.protocol.errors import VaultDamagedError

APART_SHOWN: Final = 100
"""Of the letters that were set aside for one reason, the newest."""

T = TypeVar("T")


class Threads(Question, frozen=True, forbid_unknown_fields=True):
    """Asks for a window of the list; at most 200 rows are given."""

    show: PageShow = "all"
    language: str = ""
    label: str = ""
    offset: int = 0
    count: int = 50


class Dismiss(Question, frozen=True, forbid_unknown_fields=True):
    """Names an alarm."""

    alarm: Annotated[int, Meta(ge=0, le=2**63 - 1)]


@dataclass(slots=True)
class Lists:
    """The acts of the list. Asked again after a sync, so none but a dismissal is being there."""

    office: Office

    async def overview(self, _: Question) -> object:
        """How much there is of everything, and every alarm that stands."""
        desk = self.office.desk
        listing = self.office.list_of(desk)
        # What is damaged beside the list must not hide it.
        apart, alarming = _readable(count_quarantine, desk, (0, 0))
        return {
            "threads": listing.threads,
            "unread": listing.unread,
            "overdue": listing.overdue,
            "labels": listing.labels,
            "languages": listing.languages,
            "quarantine": apart,
            "quarantine_alarms": alarming,
            "alarms": _readable(list_alarms, desk, tuple[AlarmRow, ...]()),
        }

    async def threads(self, question: Threads) -> object:
        """A window of the list."""
        desk = self.office.desk
        wanted = Filter(question.show, question.language, question.label)
        listing = self.office.list_of(desk)
        return listing.window(desk, wanted, question.offset, question.count)

    async def quarantine(self, _: Question) -> object:
        """The letters that were set aside, and why; how many more there are of these."""
        rows = list_quarantine(self.office.desk, APART_SHOWN)
        return {"letters": rows, "more": count_quarantine(self.office.desk)[0] - len(rows)}

    async def dismiss(self, question: Dismiss) -> object:
        """Put an alarm away; it comes back when more of the same is found."""
        dismiss(self.office.attended(), question.alarm)
        self.office.acts += 1
        return {}


def _readable(look: Callable[[Desk], T], desk: Desk, otherwise: T) -> T:
    try:
        return look(desk)
    except VaultDamagedError:
        return otherwise


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    lists = Lists(office)
    return {
        "/api/overview": Route(lists.overview),
        "/api/threads": Route(lists.threads, Threads),
        "/api/quarantine": Route(lists.quarantine),
        "/api/dismiss": Route(lists.dismiss, Dismiss),
    }
