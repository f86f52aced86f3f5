import pytest

from silent_courier.desk import Desk
from silent_courier.desk.statistics import MonthRow, read_statistics


def put(desk: Desk, letters: int, answered: int, opened: int, waited: int = 0) -> None:
    desk.vault.run(
        "INSERT INTO past_month VALUES ('2026-11', ?, ?, ?, ?)", letters, answered, opened, waited
    )


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((9, 9, 9), (None, None, None)),
        ((10, 10, 10), (10, 10, 10)),
        ((30, 9, 20), (30, None, 20)),
        # 28 beside 30 would tell that two were not answered.
        ((30, 28, 20), (30, None, 20)),
        ((30, 20, 29), (30, 20, None)),
        ((30, 0, 30), (30, None, 30)),
    ],
)
def test_no_small_number_is_shown_or_given_away(
    desk: Desk, numbers: tuple[int, int, int], shown: tuple[int | None, ...]
) -> None:
    put(desk, *numbers)

    (row,) = read_statistics(desk)
    assert (row.letters, row.answered, row.opened) == shown


def test_the_time_to_open_is_an_average_in_tenths_of_a_day(desk: Desk) -> None:
    put(desk, 20, 20, 20, 31)

    assert read_statistics(desk) == (MonthRow("2026-11", 20, 20, 20, 16),)


def test_the_time_of_too_few_is_not_shown(desk: Desk) -> None:
    put(desk, 20, 20, 9, 31)

    assert read_statistics(desk)[0].days_to_open is None
