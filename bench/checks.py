"""What one whole check costs the server, however many letters it stores.

A check is what a source does who looks for an answer: keyring, board, ticket, cover letter. The
baseline is the curve arithmetic alone that the challenge scheme's server does at every check.
"""

import asyncio
import secrets
import statistics
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from bench.challenge import make_points, server_check
from bench.figures import Figure, median_cpu_ms
from bench.served import Served, served, served_with_day_keys
from bench.server import random_letters
from bench.stock import stock
from bench.wire import Wire
from bench.world import World, open_world
from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.sizes import letter_len

FEW, MANY, QUICK_MANY = 10, 100_000, 5_000
MESSAGES = (1000, 3000, 10_000)
CPU_MS = 10
ROUNDS = 5


def figures(*, quick: bool) -> Iterator[Figure]:
    """Measure at growing numbers of letters; `quick` stops early."""
    checks = 20 if quick else 60
    counts = (FEW, MESSAGES[0], QUICK_MANY) if quick else (FEW, *MESSAGES, MANY)
    with open_world() as world:
        with served_with_day_keys(world):
            pass  # The day keys are stated; they stay in the store.
        found: dict[int, float] = {}
        stored = cells = 0
        for count in counts:
            stock(world, count - stored)
            stored = count
            with served(world) as server:
                cells, found[count] = _measure(world, server, checks)
    for count in counts:
        name = f"server: CPU of a whole check, board of {cells:,} cells, {count:,} letters stored"
        baseline, value = _baseline(count, found)
        yield Figure(name, found[count], "ms", CPU_MS, baseline=baseline, baseline_value=value)


def _baseline(count: int, found: dict[int, float]) -> tuple[str, float | None]:
    if count in MESSAGES:
        points, scalar = make_points()
        check = partial(server_check, count, points, scalar)
        repeats = max(1, 3000 // count)
        name = f"challenge scheme, server, {count:,} messages"
        return name, median_cpu_ms(check, repeats)
    if count > FEW:
        return f"the same server with {FEW} letters", found[FEW]
    return "", None


def _measure(world: World, server: Served, checks: int) -> tuple[int, float]:
    """The board's cells, and the median of a check's CPU time over some rounds, in ms."""
    length = letter_len(world.letter_slots)
    cells = asyncio.run(_checks(server, random_letters(checks, length)))
    times = []
    for _ in range(ROUNDS):
        letters = random_letters(checks, length)
        before = server.child.cpu_s()
        asyncio.run(_checks(server, letters))
        times.append((server.child.cpu_s() - before) / checks * 1000)
    return cells, statistics.median(times)


async def _checks(server: Served, covers: Sequence[bytes]) -> int:
    """One visit after the other; the cells on the board."""
    for cover in covers:
        board = await check(server.portal, cover)
    return len(parse_board(board).cells)


async def check(portal: Path, cover: bytes) -> bytes:
    """The requests of a visit, in their order, on a connection of its own; the board."""
    async with Wire(portal) as wire:
        await wire.ask("GET", "/v1/keyring")
        board = await wire.ask("GET", "/v1/board")
        ticket = await wire.ticket(await wire.challenge(), secrets.randbits(128))
        await wire.ask("POST", "/v1/letters", cover, ticket=ticket, expect=204)
        return board
