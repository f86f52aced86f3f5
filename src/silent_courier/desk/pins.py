"""Thread-key pinning: the first key of a source and generation is the only one. Spec §14.7.

Pure. A key is compared where both can be had, in the later of the two weeks.
"""

from silent_courier.protocol.primitives import equal
from silent_courier.protocol.thread import ThreadKey


def matches(pin: ThreadKey, sent: ThreadKey) -> bool:
    """Whether a letter's key is the pinned one, the older of both stepped forward."""
    week = max(pin.week, sent.week)
    return equal(pin.step_to(week).key, sent.step_to(week).key)


def pin_of(sent: ThreadKey, week: int) -> ThreadKey:
    """What to pin: the key of this week, or the letter's own where that is a week ahead."""
    return sent.step_to(max(sent.week, week))
