import pytest

from silent_courier.source.progress import Progress, estimate_seconds_left, untold


def test_the_rest_takes_as_long_for_each_part_as_what_is_done() -> None:
    assert estimate_seconds_left(10, 40, 5.0) == 15.0


@pytest.mark.parametrize(("done", "elapsed"), [(0, 5.0), (3, 0.0)])
def test_nothing_is_promised_before_anything_is_done(done: int, elapsed: float) -> None:
    assert estimate_seconds_left(done, 40, elapsed) is None


def test_time_left_is_never_negative() -> None:
    assert estimate_seconds_left(50, 40, 5.0) == 0.0


def test_nobody_has_to_listen() -> None:
    untold(Progress("letter", 0, 1))
