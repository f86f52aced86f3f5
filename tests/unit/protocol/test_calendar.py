"""Days change at midnight UTC, weeks on Monday."""

from datetime import UTC, date, datetime

import pytest

from silent_courier.protocol.calendar import SECONDS_PER_DAY, day_of, week_of

MONDAY = (date(2026, 11, 23) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    ("seconds", "day"),
    [
        (0, 0),
        (SECONDS_PER_DAY - 0.001, 0),
        (SECONDS_PER_DAY, 1),
        (datetime(2026, 11, 23, tzinfo=UTC).timestamp(), MONDAY),
        (datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC).timestamp(), MONDAY),
    ],
)
def test_day_begins_at_midnight_utc(seconds: float, day: int) -> None:
    assert day_of(seconds) == day


def test_week_turns_on_monday_and_on_no_other_day() -> None:
    weeks = [week_of(day, MONDAY) for day in range(MONDAY - 8, MONDAY + 15)]

    assert weeks == [-2] + [-1] * 7 + [0] * 7 + [1] * 7 + [2]


@pytest.mark.parametrize("anchor", range(MONDAY, MONDAY + 7))
def test_any_day_of_a_week_anchors_it_alike(anchor: int) -> None:
    assert week_of(MONDAY - 1, anchor) == -1
    assert week_of(MONDAY + 6, anchor) == 0
    assert week_of(MONDAY + 7, anchor) == 1
