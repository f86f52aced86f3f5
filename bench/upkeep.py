"""What the server does by itself: the births of an epoch, and the work of a night.

A night is whatever the server does when its clock passes midnight, an epoch included. There are
two: one after an ordinary day, and one after a flood, when all the letters came that day.
"""

import asyncio
import os
import shutil
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure
from bench.processes import program
from bench.server import hand_in, random_letters
from bench.stock import DAYS_KEPT, stock
from bench.world import NOON, World, open_world
from silent_courier.organisation.roster import Rhythm
from silent_courier.protocol.sizes import CELL_LEN, letter_len
from silent_courier.server.config import Places
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.staged import is_empty

LETTERS, QUICK_LETTERS = 30_000, 3_000
CELLS = 8192
RHYTHM = Rhythm(births_per_epoch=8, cell_life_epochs_min=1024, cell_life_epochs_max=1024)
"""Every cell lives for 1,024 epochs of which each bears 8, so there are always 8,192."""

WITHIN_S = 60
WITHIN_MB = 200


@dataclass(frozen=True, slots=True)
class _Turn:
    """Seconds of every epoch and of the night, MB before and at most, and of copying the store."""

    epochs: list[float]
    night: float
    idle: float
    peak: float
    copied: float


def figures(*, quick: bool) -> Iterator[Figure]:
    """Turn the clock from noon to midnight; `quick` with fewer letters."""
    letters = QUICK_LETTERS if quick else LETTERS
    of_the_day = letters // DAYS_KEPT
    with open_world(rhythm=RHYTHM) as world:
        ordinary, flooded = world.with_a_copy("ordinary"), world.with_a_copy("flooded")
        usual = _turn(ordinary, letters - of_the_day, of_the_day)
        flood = _turn(flooded, 0, letters)
        board = _write(world.directory / "board", os.urandom(CELLS * CELL_LEN))
    yield Figure(
        f"server: an epoch, {CELLS:,} cells and {letters:,} letters",
        statistics.median(usual.epochs),
        "s",
        WITHIN_S,
        baseline="writing as many bytes as the board has, synced",
        baseline_value=board,
    )
    for turn, came in ((usual, of_the_day), (flood, letters)):
        yield from _night(turn, f"{CELLS:,} cells and {letters:,} letters, {came:,} of that day")


def _night(turn: _Turn, size: str) -> Iterator[Figure]:
    yield Figure(
        f"server: a night, {size}",
        turn.night,
        "s",
        WITHIN_S,
        baseline="copying the store's file, synced",
        baseline_value=turn.copied,
    )
    yield Figure(
        f"server: peak memory until after that night, {size}",
        turn.peak,
        "MB",
        WITHIN_MB,
        baseline="the same server, idle",
        baseline_value=turn.idle,
    )


def _turn(world: World, stored: int, today: int) -> _Turn:
    """A server with so many settled letters takes in today's, and its clock goes to midnight."""
    stock(world, stored)
    letters = random_letters(today, letter_len(world.letter_slots))
    with program("night", world.server, NOON, RHYTHM.epoch_seconds) as child:
        portal = Path(child.hear()["portal"])
        idle = child.memory_mb()
        asyncio.run(hand_in(portal, letters))
        child.forget_peak()
        child.go()
        took = child.hear()
        peak = child.peak_mb()
    _check_settled(world)
    copied = _copy(Places(world.server).store, world.directory / "copy")
    return _Turn(took["epochs"], took["night"], idle, peak, copied)


def _check_settled(world: World) -> None:
    """RuntimeError when the night left something of the day where it lay."""
    database = Database(Places(world.server).store)
    try:
        with database.read() as connection:
            if not is_empty(connection):
                raise RuntimeError("the night was not over")
    finally:
        database.close()


def _write(path: Path, content: bytes) -> float:
    start = time.perf_counter()
    path.write_bytes(content)
    _sync(path)
    return time.perf_counter() - start


def _copy(source: Path, target: Path) -> float:
    start = time.perf_counter()
    shutil.copyfile(source, target)
    _sync(target)
    return time.perf_counter() - start


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
