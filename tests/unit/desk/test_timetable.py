from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silent_courier.desk.timetable import (
    Pace,
    Timetable,
    next_beat,
    posting_times,
    timetable_of,
    without_cells,
    without_letters,
)
from silent_courier.protocol.calendar import SECONDS_PER_DAY, day_of
from silent_courier.protocol.charter import Parameters
from silent_courier.storage.vault.beats import LastBeat

NOON = 20_780 * SECONDS_PER_DAY + 43_200.0
HOUR = 3600.0


def table(cells_per_day: int = 12, epoch_seconds: int = 3600) -> Timetable:
    return timetable_of(
        Parameters(
            epoch_seconds=epoch_seconds,
            cells_per_day=cells_per_day,
            minimum_handlers=1,
            letter_slots=4,
        )
    )


def at(now: float) -> LastBeat:
    """A desk that is up to date at this moment."""
    return LastBeat(int(now // 900), now, now, day_of(now))


def run(
    rules: Timetable, moments: list[float], last: LastBeat
) -> tuple[list[tuple[int, int]], LastBeat]:
    posted = []
    for now in moments:
        beat = next_beat(rules, last, now)
        if beat is not None:
            posted.append((beat.cells, beat.letters))
            last = beat.after
    return posted, last


def test_a_first_beat_is_empty_and_the_next_ones_fall_due_from_then_on() -> None:
    first = next_beat(table(), LastBeat(), NOON)
    assert first is not None
    assert (first.cells, first.letters) == (0, 0)
    second = next_beat(table(), first.after, NOON + 2 * HOUR)
    assert second is not None
    assert (second.cells, second.letters) == (1, 4)


def test_one_slot_has_one_beat_however_often_somebody_syncs() -> None:
    posted, _ = run(table(), [NOON + 6 * HOUR + n for n in range(0, 890, 10)], at(NOON))
    assert posted == [(3, 12)]


def test_a_desk_that_is_on_all_day_posts_its_quota_and_its_letters() -> None:
    midnight = NOON + 12 * HOUR
    slots = [midnight + 900.0 * n for n in range(1, 97)]
    posted, _ = run(table(), slots, at(midnight))
    assert sum(cells for cells, _ in posted) == 12
    assert sum(letters for _, letters in posted) == 48


@pytest.mark.parametrize(("quota", "most"), [(1, 1), (12, 6), (48, 16), (100_000, 16)])
def test_after_a_long_pause_at_most_half_a_day_of_cells_goes_at_once(quota: int, most: int) -> None:
    beat = next_beat(table(quota), at(NOON - 20 * 24 * HOUR), NOON)
    assert beat is not None
    assert (beat.cells, beat.letters) == (most, 16)


def test_no_day_has_more_cells_than_the_quota() -> None:
    last = LastBeat(0, NOON, NOON, day_of(NOON), 11)
    beat = next_beat(table(), last, NOON + 8 * HOUR)
    assert beat is not None
    assert (beat.cells, beat.after.cells_today) == (1, 12)


def test_a_clock_that_was_turned_back_begins_anew() -> None:
    beat = next_beat(table(), at(NOON + 40 * 24 * HOUR), NOON)
    assert beat is not None
    assert (beat.cells, beat.letters, beat.after.cells_until) == (0, 0, NOON)


def test_a_quick_board_has_quick_beats() -> None:
    rules = table(cells_per_day=64_800, epoch_seconds=1)
    beat = next_beat(rules, at(NOON), NOON + 3)
    assert beat is not None
    assert (rules.slot_s, beat.cells, beat.letters) == (1.0, 2, 6)


def test_what_is_left_out_of_a_beat_comes_with_the_next_one() -> None:
    last = at(NOON)
    beat = next_beat(table(), last, NOON + 4 * HOUR)
    assert beat is not None
    for left_out in (without_cells(beat, last), without_letters(beat, last)):
        after = next_beat(table(), left_out.after, NOON + 4 * HOUR + 900)
        assert after is not None
        total = (left_out.cells + after.cells, left_out.letters + after.letters)
        assert total == (2, 8)
        assert after.after.cells_today == 2


@given(st.lists(st.floats(0, 4 * SECONDS_PER_DAY), max_size=60), st.integers(1, 400))
def test_whenever_somebody_syncs_the_pace_and_the_quota_hold(
    offsets: list[float], quota: int
) -> None:
    rules = table(quota)
    by_day: Counter[int] = Counter()
    total, last = 0, at(NOON)
    for now in sorted(NOON + offset for offset in offsets):
        beat = next_beat(rules, last, now)
        if beat is not None:
            by_day[day_of(now)] += beat.cells
            total, last = total + beat.cells, beat.after
            assert total <= quota * (now - NOON) / SECONDS_PER_DAY + 1e-6
    assert all(count <= quota for count in by_day.values())


def test_posting_times_are_those_at_which_a_desk_that_stays_on_posts() -> None:
    foretold = list(islice(posting_times(table(), at(NOON), NOON), 20))
    moments = [NOON, *(((NOON // 900) + n) * 900 for n in range(1, 400))]
    happened: list[float] = []
    last = at(NOON)
    for now in moments:
        beat = next_beat(table(), last, now)
        if beat is not None:
            happened += [now] * beat.cells
            last = beat.after
    assert foretold == happened[:20]


def test_nobody_is_told_of_a_moment_too_far_ahead() -> None:
    foretold = list(posting_times(table(cells_per_day=1), at(NOON), NOON))
    assert 90 < len(foretold) < 110


def test_a_pace_forgets_what_was_due_before_its_bound() -> None:
    assert Pace(10.0, 3).due(0.0, 1000.0) == (3, 1000.0)
    assert Pace(10.0, 3).due(980.0, 1005.0) == (2, 1000.0)
