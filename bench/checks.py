"""What one whole check costs the server, however many letters it stores.

A check is what a source does who looks for an answer: keyring, board, ticket, cover letter. The
baseline is the curve arithmetic alone that the challenge scheme's server does at every check.
"""

import asyncio
import secrets
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

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
SAME = f"the same server with {FEW} letters"
MESSAGES = (1000, 3000, 10_000)
CPU_MS = 10
ROUNDS = 9


@dataclass(frozen=True, slots=True)
class _Cost:
    """CPU of the server for one check, in ms: its reading (keyring and board), and the whole."""

    reading: float
    whole: float


def figures(*, quick: bool) -> Iterator[Figure]:
    """One server for each number of letters, measured in turns; `quick` with fewer letters."""
    checks = 15 if quick else 50
    counts = (FEW, MESSAGES[0], QUICK_MANY) if quick else (FEW, *MESSAGES, MANY)
    with open_world() as world:
        with served_with_day_keys(world):
            pass  # The day keys are stated; they stay in the store.
        cells, found = _measure(world, counts, checks)
    for count in counts:
        name = f"server: CPU of a whole check, board of {cells:,} cells, {count:,} letters stored"
        value = found[count].whole
        baseline, beside = _baseline(count, found)
        yield Figure(name, value, "ms", CPU_MS, baseline=baseline, baseline_value=beside)
    yield Figure(
        f"server: CPU of its keyring and board alone, {counts[-1]:,} letters stored",
        found[counts[-1]].reading,
        "ms",
        baseline=SAME,
        baseline_value=found[FEW].reading,
    )


def _baseline(count: int, found: dict[int, _Cost]) -> tuple[str, float | None]:
    if count in MESSAGES:
        points, scalar = make_points()
        check = partial(server_check, count, points, scalar)
        repeats = max(1, 3000 // count)
        name = f"challenge scheme, server, {count:,} messages"
        return name, median_cpu_ms(check, repeats)
    if count > FEW:
        return SAME, found[FEW].whole
    return "", None


def _measure(world: World, counts: Sequence[int], checks: int) -> tuple[int, dict[int, _Cost]]:
    """The board's cells, and by number of letters the medians of some rounds."""
    length = letter_len(world.letter_slots)
    # Each has the store as it is now: the copies are made before any of them runs.
    worlds = {count: world.with_a_copy(f"server-{count}") for count in counts}
    for count in counts:
        stock(worlds[count], count)
    costs: dict[int, list[_Cost]] = {count: [] for count in counts}
    with ExitStack() as stack:
        servers = {count: stack.enter_context(served(worlds[count])) for count in counts}
        # In turns, so that whatever else the machine does befalls all of them.
        for _ in range(1 + ROUNDS):
            for count, server in servers.items():
                covers = random_letters(checks, length)
                costs[count].append(asyncio.run(_checks(server, covers)))
        cells = asyncio.run(_count_cells(servers[FEW]))
    return cells, {count: _median(of_one[1:]) for count, of_one in costs.items()}


def _median(costs: Sequence[_Cost]) -> _Cost:
    reading, whole = (cost.reading for cost in costs), (cost.whole for cost in costs)
    return _Cost(statistics.median(reading), statistics.median(whole))


async def _checks(server: Served, covers: Sequence[bytes]) -> _Cost:
    """One visit after the other, each on a connection of its own."""
    clock, reading, start = server.child.cpu_s, 0.0, server.child.cpu_s()
    for cover in covers:
        async with Wire(server.portal) as wire:
            before = clock()
            await read(wire)
            reading += clock() - before
            await leave(wire, cover)
    each = 1000 / len(covers)
    return _Cost(reading * each, (clock() - start) * each)


async def _count_cells(server: Served) -> int:
    async with Wire(server.portal) as wire:
        return len(parse_board(await read(wire)).cells)


async def read(wire: Wire) -> bytes:
    """The first half of a visit; the board."""
    await wire.ask("GET", "/v1/keyring")
    return await wire.ask("GET", "/v1/board")


async def leave(wire: Wire, cover: bytes) -> None:
    """The second half."""
    ticket = await wire.ticket(await wire.challenge(), secrets.randbits(128))
    await wire.ask("POST", "/v1/letters", cover, ticket=ticket, expect=204)
