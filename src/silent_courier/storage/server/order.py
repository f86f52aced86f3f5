"""Orders in which a day is written anew, and parts of it small enough for memory. Spec §12.5."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

Order = Callable[[Sequence[bytes]], Sequence[bytes]]
"""Puts names into the order in which what they stand for is written."""

_DRAW_LEN: Final = 16
_GROUP: Final = 64


def at_random(random: Callable[[int], bytes]) -> Order:
    """Every order as likely as another."""

    def order(names: Sequence[bytes]) -> Sequence[bytes]:
        return sorted(names, key=lambda _: random(_DRAW_LEN))

    return order


def by_name(names: Sequence[bytes]) -> Sequence[bytes]:
    """The order of the names, which looks random to whoever has not the key they are made with."""
    return sorted(names)


def groups_of(names: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    """A few at a time."""
    for start in range(0, len(names), _GROUP):
        yield names[start : start + _GROUP]
