"""How long honest visitors wait while hundreds of slow ones hang on the same server.

The slow ones send heads and bodies a byte at a time, or never read the board they asked for, each
on a circuit of its own. The honest one makes whole checks, each on a new connection.
"""

import asyncio
import math
import time
from collections.abc import Iterator

from bench.checks import leave, read
from bench.figures import Figure
from bench.processes import program
from bench.served import Served, served_with_day_keys
from bench.server import random_letters
from bench.wire import Wire
from bench.world import open_world
from silent_courier.protocol.sizes import letter_len

SLOW = 500
CHECKS, QUICK_CHECKS = 1000, 200
ROUNDS, WARM_UP = 4, 10
SETTLE_S = 1.0
STILL_HERE = 0.95


def figures(*, quick: bool) -> Iterator[Figure]:
    """Without and beside the slow ones, in turns."""
    count = (QUICK_CHECKS if quick else CHECKS) // ROUNDS
    alone: list[float] = []
    beside: list[float] = []
    with open_world() as world, served_with_day_keys(world) as server:
        length = letter_len(world.letter_slots)
        asyncio.run(_wait(server, WARM_UP, length))
        for _ in range(ROUNDS):
            alone += asyncio.run(_wait(server, count, length))
            with program("slow", server.portal, SLOW) as slow:
                slow.hear()
                # What is measured is how they hang, not how they come in all at once.
                time.sleep(SETTLE_S)
                beside += asyncio.run(_wait(server, count, length))
                slow.go()
                if slow.hear()["here"] < STILL_HERE * SLOW:
                    raise RuntimeError("the slow visitors did not stay")
    for name, share in (("median", 0.5), ("p99", 0.99)):
        yield Figure(
            f"server: {name} of {len(beside):,} honest checks beside {SLOW} slow connections",
            _percentile(beside, share),
            "ms",
            baseline="the same, without them",
            baseline_value=_percentile(alone, share),
        )


async def _wait(server: Served, count: int, length: int) -> list[float]:
    times = []
    for cover in random_letters(count, length):
        start = time.perf_counter()
        async with Wire(server.portal) as wire:
            await read(wire)
            await leave(wire, cover)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _percentile(times: list[float], share: float) -> float:
    return sorted(times)[math.ceil(len(times) * share) - 1]
