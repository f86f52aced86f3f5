"""More letters than people write: of one source, or of all together on one day. Spec §14.12.

Only raises alarms. Nothing is dropped: who wants to bury a letter under others must not succeed.
"""

from collections.abc import Mapping
from statistics import median
from typing import Final

from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.desk import Desk
from silent_courier.desk.merging import standing_of
from silent_courier.desk.naming import alias_in
from silent_courier.storage.vault import changes, letters

THREAD_A_DAY: Final = 20
"""Letters of one source on one day from which on a person should decide whether to mute it."""

DAY_AT_LEAST: Final = 200
TIMES_USUAL: Final = 10
DAYS_BEFORE: Final = 14
THREADS_NAMED: Final = 3
"""A flood from very many sources is one alarm, not one for each."""


def watch_flood(desk: Desk, day: int) -> None:
    """Look at what came on the keyring's day and on the day before it."""
    by_day = letters.filed_by_day(desk.vault, day - 1 - DAYS_BEFORE, day)
    for each in (day - 1, day):
        _watch_day(desk, each, by_day)
        _watch_threads(desk, each)


def _watch_day(desk: Desk, day: int, by_day: Mapping[int, int]) -> None:
    usual = median(by_day.get(day - back, 0) for back in range(1, DAYS_BEFORE + 1))
    limit = max(DAY_AT_LEAST, int(TIMES_USUAL * usual))
    if by_day.get(day, 0) > limit:
        raise_alarm(desk, AlarmKind.FLOOD, day, "", f"> {limit}")


def _watch_threads(desk: Desk, day: int) -> None:
    named = 0
    for source in letters.sources_above(desk.vault, day, THREAD_A_DAY):
        if named == THREADS_NAMED:
            return
        if not standing_of(changes.standing(desk.vault, source)).muted:
            thread = source.hex()
            raise_alarm(desk, AlarmKind.FLOODING_THREAD, day, thread, alias_in(desk, thread))
            named += 1
