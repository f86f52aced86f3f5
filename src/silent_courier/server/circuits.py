"""What one rendezvous circuit may ask in ten minutes: a budget, never an identity. Spec §10.9.

In memory alone, by the number that tor gives a circuit, and forgotten as a whole when the ten
minutes are over. Nothing here is written, logged or counted beyond that.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

PERIOD_SECONDS: Final = 600
_CIRCUITS_MAX: Final = 100_000


class Circuits:
    """Bytes that each circuit has read of late, and forms that it has posted."""

    def __init__(self, clock: Callable[[], float], boards: int, least: int, forms: int) -> None:
        self._clock = clock
        self._boards = boards
        self._least = least
        self._forms = forms
        self._period = 0
        self._read: defaultdict[int, int] = defaultdict(int)
        self._posted: defaultdict[int, int] = defaultdict(int)

    def may_read(self, circuit: int | None, length: int, board: int) -> bool:
        """Count so many bytes, or refuse; `board` is how long a board is now.

        Without tor there is no circuit, and no budget.
        """
        if circuit is None:
            return True
        self._forget()
        budget = max(self._least, self._boards * board)
        if self._read[circuit] + length > budget:
            return False
        self._read[circuit] += length
        return True

    def may_post(self, circuit: int | None) -> bool:
        """Count one form, or refuse: each costs the server work that no visitor has done."""
        if circuit is None:
            return True
        self._forget()
        if self._posted[circuit] >= self._forms:
            return False
        self._posted[circuit] += 1
        return True

    def _forget(self) -> None:
        period = int(self._clock() // PERIOD_SECONDS)
        most = max(len(self._read), len(self._posted))
        if period != self._period or most >= _CIRCUITS_MAX:
            self._period = period
            self._read.clear()
            self._posted.clear()
