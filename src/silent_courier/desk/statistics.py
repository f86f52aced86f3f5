"""Numbers by month, without those from which a person could be told. Spec §14.19."""

from dataclasses import dataclass
from typing import Final

from silent_courier.desk.desk import Desk
from silent_courier.storage.vault import months
from silent_courier.storage.vault.months import Month

SMALLEST: Final = 10
"""A number below this is not shown, nor one that gives it away."""


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month; None: too few to be shown.

    answered: letters with an answer after them. days_to_open: from a letter's day to the day on
    which a person opened it, on the average, in tenths of a day.
    """

    month: str
    letters: int | None
    answered: int | None
    opened: int | None
    days_to_open: int | None


def read_statistics(desk: Desk) -> tuple[MonthRow, ...]:
    """All months with letters, oldest first."""
    return tuple(_row(month) for month in months.every(desk.vault))


def _row(month: Month) -> MonthRow:
    opened = _part(month.opened, month.letters)
    return MonthRow(
        month=month.month,
        letters=_shown(month.letters),
        answered=_part(month.answered, month.letters),
        opened=opened,
        days_to_open=None if opened is None else round(10 * month.waited / month.opened),
    )


def _shown(number: int) -> int | None:
    return number if number >= SMALLEST else None


def _part(number: int, of: int) -> int | None:
    """A part of a number that stands beside it: the rest must not be small either, unless none."""
    return None if 0 < of - number < SMALLEST else _shown(number)
