"""Draws are uniform over exactly their range."""

import os
from collections import Counter

import pytest

from silent_courier.protocol.sizes import RETENTION_DAYS_MAX, RETENTION_DAYS_MIN
from silent_courier.server.draws import draw_between, draw_expiry


def test_every_number_of_the_range_comes_about_equally_often() -> None:
    counts = Counter(draw_between(os.urandom, 30, 44) for _ in range(15_000))

    assert sorted(counts) == list(range(30, 45))
    # Twelve standard deviations: fails by chance about never, and for a biased draw always.
    assert all(abs(count - 1000) < 12 * 31 for count in counts.values())


def test_bytes_that_would_favour_low_numbers_are_drawn_again() -> None:
    given = iter([b"\xff", b"\xfe", b"\x04"])

    # 255 = 17 × 15: of one byte only 255 itself is left over.
    assert draw_between(lambda _: next(given), 0, 14) == 254 % 15
    assert next(given) == b"\x04"


def test_range_of_one_has_one_outcome() -> None:
    assert draw_between(os.urandom, 7, 7) == 7


def test_range_wider_than_a_byte_is_reached() -> None:
    assert draw_between(lambda length: b"\x01" * length, 0, 999) == 0x0101 % 1000


def test_empty_range_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="nothing"):
        draw_between(os.urandom, 2, 1)


def test_expiry_is_thirty_to_forty_four_days_ahead() -> None:
    drawn = {draw_expiry(os.urandom, 100) - 100 for _ in range(1000)}

    assert drawn == set(range(RETENTION_DAYS_MIN, RETENTION_DAYS_MAX + 1))
