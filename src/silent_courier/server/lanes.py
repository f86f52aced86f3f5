"""Lanes: so many tickets in ten minutes, and a lot among those who wait for more. Spec §10.4.

A lane that is full takes everybody at once. One that is used up fills a sixtieth every ten seconds,
and each of its places goes by lot to one of those who wait: to come first, or often on one
connection, is no help. What was given is never taken back.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.server.draws import Random, draw_between

DRAW_SECONDS: Final = 10
DRAWS: Final = 60
_BUSY: Final = 503


@dataclass(frozen=True, slots=True)
class LaneSize:
    """Places in ten minutes, how many may wait, and how long each does."""

    places: int
    waiting: int
    wait_s: float


class Lane:
    """One lane; `fill` is to be called as time passes."""

    def __init__(self, size: LaneSize, clock: Callable[[], float], random: Random) -> None:
        self._size = size
        self._clock = clock
        self._random = random
        self._left = size.places
        self._filled = self._draw_of_now()
        self._waiting: list[asyncio.Future[None]] = []

    async def enter(self) -> None:
        """Take a place, now or by lot.

        Raises:
            RequestRefusedError: not drawn in time, or too many wait (503).
        """
        self.fill()
        if self._left and not self._waiting:
            self._left -= 1
            return
        if len(self._waiting) >= self._size.waiting:
            raise RequestRefusedError(_BUSY)
        await self._wait()

    async def _wait(self) -> None:
        drawn = asyncio.get_running_loop().create_future()
        self._waiting.append(drawn)
        try:
            async with asyncio.timeout(self._size.wait_s):
                await drawn
        except TimeoutError:
            raise RequestRefusedError(_BUSY) from None
        finally:
            if drawn in self._waiting:
                self._waiting.remove(drawn)

    def fill(self) -> None:
        """Add the places that are due, and draw."""
        now = self._draw_of_now()
        due = max(0, now - self._filled)
        self._filled = max(now, self._filled)
        more = -(-self._size.places // DRAWS) * min(due, DRAWS)
        self._left = min(self._size.places, self._left + more)
        while self._left and self._waiting:
            drawn = self._waiting.pop(draw_between(self._random, 0, len(self._waiting) - 1))
            # Who has left meanwhile is passed over.
            if not drawn.done():
                drawn.set_result(None)
                self._left -= 1

    def _draw_of_now(self) -> int:
        return int(self._clock() // DRAW_SECONDS)
