"""Orders keep everything, and a random one is not the one before."""

import os

from silent_courier.storage.server.order import at_random, by_name, groups_of
from tests.unit.storage.kit import rank_correlation

NAMES = [n.to_bytes(4, "big") for n in range(2000)]


def test_random_order_keeps_every_name_and_says_nothing() -> None:
    order = at_random(os.urandom)(NAMES)

    assert sorted(order) == NAMES
    assert abs(rank_correlation([int.from_bytes(name, "big") for name in order])) < 0.15


def test_order_by_name_does_not_depend_on_what_it_was() -> None:
    assert by_name(at_random(os.urandom)(NAMES)) == NAMES


def test_groups_are_everything_in_order() -> None:
    groups = list(groups_of(NAMES))

    assert [name for group in groups for name in group] == NAMES
    assert max(map(len, groups)) <= 64
