"""Days and weeks. Spec §1.2.

A day is the number of whole days since 1970-01-01 UTC; a week begins on Monday
00:00 UTC and week 0 holds the charter's anchor day. Reads no clock.
"""

from typing import Final

SECONDS_PER_DAY: Final = 86_400
DAYS_PER_WEEK: Final = 7
_MONDAY_SHIFT: Final = 3  # 1970-01-01 was a Thursday


def day_of(unix_seconds: float) -> int:
    """The day that holds this moment (seconds since 1970-01-01 UTC)."""
    return int(unix_seconds // SECONDS_PER_DAY)


def week_of(day: int, anchor_day: int) -> int:
    """The week that holds `day`, counted from the week that holds `anchor_day`."""
    return _week_number(day) - _week_number(anchor_day)


def _week_number(day: int) -> int:
    return (day + _MONDAY_SHIFT) // DAYS_PER_WEEK
