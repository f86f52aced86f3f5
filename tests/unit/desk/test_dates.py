import pytest

from silent_courier.desk.dates import iso_date


@pytest.mark.parametrize(
    ("day", "text"), [(0, "1970-01-01"), (20_780, "2026-11-23"), (20_513, "2026-03-01")]
)
def test_a_day_is_written_as_a_date(day: int, text: str) -> None:
    assert iso_date(day) == text


@pytest.mark.parametrize("day", [2**31, 2**40, -(2**40)])
def test_a_day_that_no_calendar_has_is_left_empty(day: int) -> None:
    assert iso_date(day) == ""
