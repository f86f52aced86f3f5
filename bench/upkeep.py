"""What the server does by itself: the births of an epoch, and the work of a night.

A night is whatever the server does when its clock passes midnight, an epoch included.
"""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure
from bench.processes import program
from bench.stock import stock
from bench.world import NOON, open_world
from silent_courier.organisation.roster import Rhythm
from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.server.config import Places

LETTERS, QUICK_LETTERS = 30_000, 3_000
CELLS = 8192
RHYTHM = Rhythm(births_per_epoch=8, cell_life_epochs_min=1024, cell_life_epochs_max=1024)
"""Every cell lives for 1,024 epochs of which each bears 8, so there are always 8,192."""

WITHIN_S = 60
WITHIN_MB = 200


def figures(*, quick: bool) -> Iterator[Figure]:
    """Turn the clock from noon to midnight; `quick` with fewer letters."""
    letters = QUICK_LETTERS if quick else LETTERS
    size = f"{CELLS:,} cells and {letters:,} letters"
    with open_world(rhythm=RHYTHM) as world:
        stock(world, letters)
        with program("night", world.server, NOON, RHYTHM.epoch_seconds) as child:
            child.hear()
            idle = child.memory_mb()
            child.forget_peak()
            child.go()
            took = child.hear()
            peak = child.peak_mb()
        board = _write(world.directory / "board", os.urandom(CELLS * CELL_LEN))
        store = Places(world.server).store
        copied = _copy(store, world.directory / "copy")
    yield Figure(
        f"server: an epoch, {size}",
        statistics.median(took["epochs"]),
        "s",
        WITHIN_S,
        baseline="writing as many bytes as the board has, synced",
        baseline_value=board,
    )
    yield Figure(
        f"server: a night, {size}",
        took["night"],
        "s",
        WITHIN_S,
        baseline="copying the store's file, synced",
        baseline_value=copied,
    )
    yield Figure(
        "server: peak memory in those epochs and that night",
        peak,
        "MB",
        WITHIN_MB,
        baseline="the same server, idle",
        baseline_value=idle,
    )


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
