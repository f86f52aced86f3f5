"""Uniform draws from a source of random bytes. Spec §12.1."""

from collections.abc import Callable

from silent_courier.protocol.sizes import RETENTION_DAYS_MAX, RETENTION_DAYS_MIN

Random = Callable[[int], bytes]
Clock = Callable[[], float]


def draw_between(random: Random, low: int, high: int) -> int:
    """A number from `low` to `high`, both included, each as likely as another."""
    count = high - low + 1
    if count < 1:
        raise ValueError("nothing to draw from")
    length = (count.bit_length() + 7) // 8
    # What lies above the last whole multiple is drawn again: it would favour the low numbers.
    limit = 256**length - 256**length % count
    while (number := int.from_bytes(random(length), "big")) >= limit:
        pass
    return low + number % count


def draw_expiry(random: Random, today: int) -> int:
    """The first day on which what arrived today is gone."""
    return today + draw_between(random, RETENTION_DAYS_MIN, RETENTION_DAYS_MAX)
