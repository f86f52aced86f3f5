"""When a desk posts, and how much: the same whatever its handler does. Spec §14.21.

Pure arithmetic over what the server knows anyway: the charter, the time, and when this desk has
posted before. What waits in the outbox is not among it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from silent_courier.protocol.calendar import SECONDS_PER_DAY, day_of
from silent_courier.protocol.charter import Parameters
from silent_courier.protocol.sizes import REPLY_CELLS_MAX
from silent_courier.storage.vault.beats import LastBeat

SLOTS_PER_EPOCH: Final = 4
LETTERS_PER_EPOCH: Final = 2
BEAT_LETTERS_MAX: Final = 16
SLOTS_AHEAD_MAX: Final = 10_000
"""How far ahead somebody is told when a thing will be posted."""


@dataclass(frozen=True, slots=True)
class Pace:
    """One comes due every so many seconds; after a pause at most so many at once."""

    every_s: float
    most: int

    def due(self, until: float, now: float) -> tuple[int, float]:
        """How many are due when all up to `until` was posted, and up to when that reaches."""
        if until > now + self.every_s:
            # The clock was turned back: begin anew.
            return 0, now
        count = max(0, int((now - until) / self.every_s))
        if count >= self.most:
            return self.most, now
        return count, until + count * self.every_s


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a charter makes of a desk's day. slot_s: one beat at most in so many seconds."""

    slot_s: float
    cells_per_day: int
    cells: Pace
    letters: Pace

    def slot_of(self, now: float) -> int:
        """The slot in which this moment lies."""
        return int(now // self.slot_s)


@dataclass(frozen=True, slots=True)
class Beat:
    """How many cells and letters are posted now, and what is to be remembered of it."""

    cells: int
    letters: int
    after: LastBeat


def timetable_of(parameters: Parameters) -> Timetable:
    """The timetable of every desk under this charter."""
    epoch, quota = parameters.epoch_seconds, parameters.cells_per_day
    return Timetable(
        slot_s=max(1.0, epoch / SLOTS_PER_EPOCH),
        cells_per_day=quota,
        cells=Pace(SECONDS_PER_DAY / quota, min(REPLY_CELLS_MAX, max(1, quota // 2))),
        letters=Pace(epoch / LETTERS_PER_EPOCH, BEAT_LETTERS_MAX),
    )


def next_beat(table: Timetable, last: LastBeat, now: float) -> Beat | None:
    """The beat that is due at this moment; None when this slot has had its own.

    A desk's first beat is empty: from then on it falls due.
    """
    slot, day = table.slot_of(now), day_of(now)
    if last.slot < 0:
        return Beat(0, 0, LastBeat(slot, now, now, day))
    if slot == last.slot:
        return None
    posted = last.cells_today if day == last.day else 0
    cells, cells_until = table.cells.due(last.cells_until, now)
    letters, letters_until = table.letters.due(last.letters_until, now)
    cells = min(cells, max(0, table.cells_per_day - posted))
    after = LastBeat(slot, cells_until, letters_until, day, posted + cells)
    return Beat(cells, letters, after)


def posting_times(table: Timetable, last: LastBeat, now: float) -> Iterator[float]:
    """When the first, second … cell of the queue is posted by a desk that stays on.

    Seconds since 1970, not before `now`; ends where it would be too far ahead to say.
    """
    moment = now
    for _ in range(SLOTS_AHEAD_MAX):
        beat = next_beat(table, last, moment)
        if beat is not None:
            last = beat.after
            yield from [moment] * beat.cells
        moment = (table.slot_of(moment) + 1) * table.slot_s


def without_letters(beat: Beat, last: LastBeat) -> Beat:
    """The same beat, its letters left for the next one."""
    return Beat(beat.cells, 0, replace(beat.after, letters_until=last.letters_until))


def without_cells(beat: Beat, last: LastBeat) -> Beat:
    """The same beat, its cells left for the next one."""
    posted = beat.after.cells_today - beat.cells
    after = replace(beat.after, cells_until=last.cells_until, cells_today=posted)
    return Beat(0, beat.letters, after)
