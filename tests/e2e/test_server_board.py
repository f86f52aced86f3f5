"""Somebody who downloads the board of every epoch cannot tell whether anybody is answered.

Two servers run beside each other with the clock in the test's hand: desks of one post as much as
the board can bear, those of the other nothing. What is compared is bytes that came over HTTP. Each
way to tell them apart is a two-sample test; all chance comes from fixed seeds, so the outcome is
the same every time. Servers that are wrong in one way each have to be told apart by the same tests.
"""

import random
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from silent_courier.protocol.board_format import encode_board, parse_board
from silent_courier.protocol.charter import Parameters
from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.server import board as board_module
from silent_courier.server import publisher
from silent_courier.server.draws import Random, draw_between
from silent_courier.server.limits import Limits
from silent_courier.storage.server.board import BornCell
from silent_courier.storage.server.cells import take_queued
from tests.unit.server.kit import Clock, House, make_organisation, open_house

EPOCHS = 1000
FEWER_EPOCHS = 200
BIRTHS = 2
LIVES = (30, 44)
STILL = Limits(tick_s=3600)
# One in two hundred: with the few tests here, honest servers are rarely told apart by chance; the
# seeds below were not searched for.
TOLD_APART = 0.005


@dataclass(slots=True)
class Watcher:
    """What somebody notes who takes every board: births in each epoch, lives, lengths."""

    cells: dict[bytes, int] = field(default_factory=dict)
    before: frozenset[bytes] = frozenset()
    births: list[int] = field(default_factory=list)
    lives: list[int] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)

    def look(self, document: bytes, epoch: int) -> None:
        cells = list(parse_board(document).cells.values())
        now = frozenset(cells)
        born = now - self.before if self.before else frozenset()
        self.births.append(len(born))
        self.lengths.append(len(cells))
        self.ranks += [256 * place // len(cells) for place, c in enumerate(cells) if c in born]
        self.cells.update(dict.fromkeys(born, epoch))
        for gone in self.before - now:
            if gone in self.cells:
                self.lives.append(epoch - self.cells.pop(gone))
        self.before = now


def seeded(seed: str) -> random.Random:
    """Chance that can be had again."""
    return random.Random(seed)


async def watch(directory: Path, seed: str, *, posting: bool, epochs: int = EPOCHS) -> Watcher:
    """A server over so many epochs; with `posting`, every cell that can be a reply is one."""
    source = seeded(seed)
    cells = seeded(seed + "cells")
    clock, watcher = Clock(), Watcher()
    organisation = make_organisation(
        births_per_epoch=BIRTHS,
        cell_life_epochs_min=LIVES[0],
        cell_life_epochs_max=LIVES[1],
        cells_per_day=BIRTHS * 24,
    )
    async with (
        open_house(
            directory, organisation, clock=clock, limits=STILL, random=source.randbytes
        ) as house,
        house.public() as public,
    ):
        for epoch in range(epochs):
            if posting:
                await _post(house, cells.randbytes(BIRTHS * CELL_LEN))
            clock.turn(hours=1)
            await house.server.tick()
            watcher.look((await public.request("GET", "/v1/board")).body, epoch)
    return watcher


async def _post(house: House, cells: bytes) -> None:
    answer = await house.ask_desk("POST", "/v1/cells", cells)
    assert answer.status == 204


def kolmogorov_smirnov(one: Sequence[int], other: Sequence[int]) -> float:
    """The largest gap between the two distributions."""
    a, b = sorted(one), sorted(other)
    return max(
        abs(bisect_right(a, x) / len(a) - bisect_right(b, x) / len(b)) for x in {*one, *other}
    )


def p_value(one: Sequence[int], other: Sequence[int], rounds: int = 400) -> float:
    """How often chance alone makes a gap as large: by permutation, so ties do no harm."""
    if not one or not other:
        return 0.0 if one or other else 1.0
    found = kolmogorov_smirnov(one, other)
    chance, pool = seeded("permutations"), [*one, *other]
    as_large = 0
    for _ in range(rounds):
        chance.shuffle(pool)
        as_large += kolmogorov_smirnov(pool[: len(one)], pool[len(one) :]) >= found
    return (as_large + 1) / (rounds + 1)


def told_apart(silent: Watcher, answering: Watcher) -> list[str]:
    """By what the two can be told apart."""
    samples = {
        "births": (silent.births[1:], answering.births[1:]),
        "lives": (silent.lives, answering.lives),
        "lengths": (silent.lengths[::50], answering.lengths[::50]),
        "places": (silent.ranks, answering.ranks),
    }
    return [name for name, (one, other) in samples.items() if p_value(one, other) < TOLD_APART]


@pytest.fixture
def quick_path() -> Iterator[Path]:
    """In memory where that is possible: what is synced is for other tests."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as directory:
        yield Path(directory)


async def both(directory: Path, epochs: int) -> tuple[Watcher, Watcher]:
    """What is seen of a server that answers nobody, and of one that answers all the time."""
    silent = await watch(directory / "silent", "silent", posting=False, epochs=epochs)
    answering = await watch(directory / "answering", "answering", posting=True, epochs=epochs)
    return silent, answering


async def test_most_answers_and_none_look_the_same_for_a_thousand_epochs(quick_path: Path) -> None:
    silent, answering = await both(quick_path, EPOCHS)

    assert told_apart(silent, answering) == []
    for watcher in (silent, answering):
        assert set(watcher.births[1:]) == {BIRTHS}
        assert (min(watcher.lives), max(watcher.lives)) == LIVES
        assert len(watcher.lives) > 1800


Births = Callable[[list[bytes], int, Parameters, Random], Iterator[BornCell]]


def longer_lives(_: Births) -> Births:
    """A mutant: what desks posted stays as long as can be."""

    def births(
        queued: list[bytes], epoch: int, rules: Parameters, draw: Random
    ) -> Iterator[BornCell]:
        for cell in queued:
            yield BornCell(cell, epoch + rules.cell_life_epochs_max)
        for _ in range(rules.births_per_epoch - len(queued)):
            yield BornCell(draw(CELL_LEN), epoch + draw_between(draw, *LIVES))

    return births


def pads_on_top(real: Births) -> Births:
    """A mutant: what desks posted comes beside as many cells as ever."""

    def births(
        queued: list[bytes], epoch: int, rules: Parameters, draw: Random
    ) -> Iterator[BornCell]:
        yield from real(queued, epoch, rules, draw)
        for _ in queued:
            yield BornCell(draw(CELL_LEN), epoch + draw_between(draw, *LIVES))

    return births


@pytest.mark.parametrize(("mutant", "shows"), [(longer_lives, "lives"), (pads_on_top, "births")])
async def test_wrong_births_are_told_apart(
    quick_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    mutant: Callable[[Births], Births],
    shows: str,
) -> None:
    monkeypatch.setattr(board_module, "_births", mutant(board_module._births))

    assert shows in told_apart(*await both(quick_path, FEWER_EPOCHS))


async def test_pads_that_are_made_afresh_each_epoch_are_told_apart(
    quick_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted, pads = set[bytes](), seeded("pads")
    bring = board_module.bring_board_to

    def remembers(*arguments: Any) -> list[bytes]:
        taken = take_queued(*arguments)
        posted.update(taken)
        return taken

    def freshens(*arguments: Any) -> tuple[int, bytes]:
        epoch, document = bring(*arguments)
        cells = parse_board(document).cells.values()
        fresh = [cell if cell in posted else pads.randbytes(CELL_LEN) for cell in cells]
        return epoch, encode_board(epoch, sorted(fresh))

    monkeypatch.setattr(board_module, "take_queued", remembers)
    monkeypatch.setattr(publisher, "bring_board_to", freshens)

    assert {"births", "lives"} <= set(told_apart(*await both(quick_path, FEWER_EPOCHS)))
