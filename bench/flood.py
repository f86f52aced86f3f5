"""How long honest visitors wait while hundreds of slow ones hang on the same server.

The slow ones send heads and bodies a byte at a time, or never read the board they asked for, each
on a circuit of its own. The honest one makes whole checks, each on a new connection.
"""

import asyncio
import math
import time
from collections.abc import Iterator

from bench.checks import check
from bench.figures import Figure
from bench.processes import program
from bench.served import Served, served_with_day_keys
from bench.server import random_letters
from bench.world import open_world
from silent_courier.protocol.sizes import letter_len

SLOW = 500
CHECKS, QUICK_CHECKS = 1000, 200
PERCENTILE = 0.99
STILL_HERE = 0.95


def figures(*, quick: bool) -> Iterator[Figure]:
    """Idle first, then beside the slow ones."""
    count = QUICK_CHECKS if quick else CHECKS
    with open_world() as world, served_with_day_keys(world) as server:
        length = letter_len(world.letter_slots)
        idle = asyncio.run(_wait(server, count, length))
        with program("slow", server.portal, SLOW) as slow:
            slow.hear()
            beside = asyncio.run(_wait(server, count, length))
            slow.go()
            if slow.hear()["here"] < STILL_HERE * SLOW:
                raise RuntimeError("the slow visitors did not stay")
    yield Figure(
        f"server: p99 of an honest check beside {SLOW} slow connections",
        _percentile(beside),
        "ms",
        baseline="the same, without them",
        baseline_value=_percentile(idle),
    )


async def _wait(server: Served, count: int, length: int) -> list[float]:
    times = []
    for cover in random_letters(count, length):
        start = time.perf_counter()
        await check(server.portal, cover)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _percentile(times: list[float]) -> float:
    return sorted(times)[math.ceil(len(times) * PERCENTILE) - 1]
