"""The list of threads as the page asks for it: filtered, counted, and cut into windows.

It is read whole once after each sync and kept, and a single thread is read anew when somebody
has acted on it: a list of ten thousand threads costs nothing while one reads and writes. Locking
forgets it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Final, Literal

from silent_courier.desk import selecting
from silent_courier.desk.alias import alias_of
from silent_courier.desk.desk import Desk
from silent_courier.desk.reading import Glimpses, list_thread, list_threads
from silent_courier.desk.setup import info
from silent_courier.desk.views import ThreadRow
from silent_courier.protocol.errors import VaultDamagedError
from silent_courier.storage.vault import drafts

WINDOW_MAX: Final = 200

PageShow = selecting.Show | Literal["drafts"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Which threads are wanted; an empty language or label: whatever it is."""

    show: PageShow = "all"
    language: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """A part of the list, and how long the whole list is behind this filter."""

    total: int
    rows: tuple[Mapping[str, object], ...]


class Listing:
    """Every thread's row, newest first."""

    def __init__(self) -> None:
        self._rows: dict[str, ThreadRow] = {}
        self._glimpses: Glimpses = {}
        self._org_id = b""
        self._version: int | None = None

    def refresh(self, desk: Desk, version: int) -> None:
        """Read all of it, unless it was read for this version; NotJoinedError."""
        if version == self._version:
            return
        self._org_id = bytes.fromhex(info(desk).org_id)
        self._rows = {row.thread: row for row in list_threads(desk, self._glimpses)}
        self._version = version

    def forget(self) -> None:
        """The desk is locked: nothing of it stays."""
        self._rows = {}
        self._glimpses = {}
        self._version = None

    def changed(self, desk: Desk, thread: str) -> ThreadRow:
        """Somebody has acted on this thread: read its row again, and put it in its place."""
        row = list_thread(desk, thread)
        before = self._rows.get(row.thread)
        if before is not None and _entries(before) == _entries(row):
            self._rows[row.thread] = row
            return row
        others = [each for each in self._rows.values() if each.thread != row.thread]
        # What was just written is the newest of its day.
        at = next((i for i, o in enumerate(others) if o.last_date <= row.last_date), len(others))
        self._rows = {each.thread: each for each in (*others[:at], row, *others[at:])}
        return row

    def remove(self, thread: str) -> None:
        """This thread was deleted."""
        self._rows.pop(thread, None)

    def window(self, desk: Desk, wanted: Filter, offset: int, count: int) -> Window:
        """So many rows from this place on."""
        begun = _begun(desk)
        fitting = list(_fitting(self._rows.values(), wanted, begun))
        cut = fitting[max(0, offset) : max(0, offset) + min(count, WINDOW_MAX)]
        return Window(len(fitting), tuple(self.told(row, begun) for row in cut))

    def told(self, row: ThreadRow, begun: frozenset[str]) -> Mapping[str, object]:
        """A row as the page gets it: with the source's alias, and whether a draft lies there."""
        matters = [{"thread": each, "alias": self._alias(each)} for each in row.team.same]
        return {
            **asdict(row),
            "draft": row.thread in begun,
            "matters": matters,
        }

    def _alias(self, thread: str) -> str:
        return alias_of(self._org_id, bytes.fromhex(thread))

    def told_one(self, desk: Desk, row: ThreadRow) -> Mapping[str, object]:
        """One row as the page gets it."""
        return self.told(row, _begun(desk))

    @property
    def threads(self) -> int:
        """How many there are."""
        return len(self._rows)

    @property
    def unread(self) -> int:
        """How many hold something that nobody has read here."""
        return sum(selecting.fits(row, "unread") for row in self._rows.values())

    @property
    def overdue(self) -> int:
        """In how many a promise is not kept."""
        return sum(selecting.fits(row, "overdue") for row in self._rows.values())

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label that is on a thread."""
        found = {label for row in self._rows.values() for label in row.team.labels}
        return tuple(sorted(found, key=str.casefold))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that sources write in."""
        return tuple(sorted({row.language for row in self._rows.values()} - {""}))


def _entries(row: ThreadRow) -> tuple[int, int, int]:
    return row.letters, row.replies, row.notes


def _begun(desk: Desk) -> frozenset[str]:
    try:
        return frozenset(source.hex() for source in drafts.threads_with_drafts(desk.vault))
    except VaultDamagedError:
        return frozenset()


def _fitting(
    rows: Iterable[ThreadRow], wanted: Filter, begun: frozenset[str]
) -> Iterator[ThreadRow]:
    for row in rows:
        labelled = not wanted.label or wanted.label in row.team.labels
        if labelled and wanted.language in ("", row.language) and _shown(row, wanted.show, begun):
            yield row


def _shown(row: ThreadRow, show: PageShow, begun: frozenset[str]) -> bool:
    return row.thread in begun if show == "drafts" else selecting.fits(row, show)
