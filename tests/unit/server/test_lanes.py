"""Lanes: everybody while there is room, then by lot, and what was given stays given."""

import asyncio
import os
from dataclasses import replace

import pytest

from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.server.lanes import DRAW_SECONDS, DRAWS, Lane, LaneSize
from tests.unit.server.kit import Clock
from tests.unit.server.serving import until
from tests.unit.storage.kit import rank_correlation

SIZE = LaneSize(places=2 * DRAWS, waiting=1000, wait_s=5)


async def _use_up(lane: Lane, places: int = SIZE.places) -> None:
    for _ in range(places):
        await asyncio.wait_for(lane.enter(), 0.01)


async def _come(lane: Lane, number: int, drawn: list[int]) -> None:
    await lane.enter()
    drawn.append(number)


async def test_full_lane_takes_everybody_at_once_and_then_nobody() -> None:
    lane = Lane(SIZE, Clock(), os.urandom)
    await _use_up(lane)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(lane.enter(), 0.01)


async def test_used_up_lane_is_full_again_after_ten_minutes_and_no_fuller() -> None:
    clock = Clock()
    lane = Lane(SIZE, clock, os.urandom)
    await _use_up(lane)

    clock.turn(seconds=600)
    await _use_up(lane)
    clock.turn(hours=5)
    await _use_up(lane)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(lane.enter(), 0.01)


async def test_places_go_by_lot_among_those_who_wait() -> None:
    clock = Clock()
    lane = Lane(SIZE, clock, os.urandom)
    await _use_up(lane)
    drawn: list[int] = []
    waiting = [asyncio.create_task(_come(lane, n, drawn)) for n in range(600)]
    await asyncio.sleep(0)

    for turn in range(1, 301):
        clock.turn(seconds=DRAW_SECONDS)
        lane.fill()
        await until(lambda turn=turn: len(drawn) == 2 * turn)  # type: ignore[misc]

    await asyncio.gather(*waiting)
    assert sorted(drawn) == list(range(600))
    assert abs(rank_correlation(drawn)) < 0.2


async def test_who_comes_later_does_not_pass_those_who_wait() -> None:
    clock = Clock()
    lane = Lane(replace(SIZE, wait_s=0.2), clock, os.urandom)
    await _use_up(lane)
    drawn: list[int] = []
    waiting = [asyncio.create_task(_come(lane, n, drawn)) for n in range(3)]
    await asyncio.sleep(0)

    clock.turn(seconds=DRAW_SECONDS)
    late = asyncio.create_task(_come(lane, 99, drawn))
    results = await asyncio.gather(*waiting, late, return_exceptions=True)

    assert len(drawn) == 2
    assert sum(isinstance(result, RequestRefusedError) for result in results) == 2
    assert 99 not in drawn


async def test_who_waits_too_long_or_where_too_many_do_is_refused_the_same() -> None:
    lane = Lane(replace(SIZE, waiting=1, wait_s=0.05), Clock(), os.urandom)
    await _use_up(lane)

    results = await asyncio.gather(lane.enter(), lane.enter(), return_exceptions=True)

    assert [getattr(result, "status", None) for result in results] == [503, 503]


async def test_who_left_while_waiting_takes_nobodys_place() -> None:
    clock = Clock()
    lane = Lane(SIZE, clock, os.urandom)
    await _use_up(lane)
    gone = [asyncio.create_task(lane.enter()) for _ in range(50)]
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    here = [asyncio.create_task(lane.enter()) for _ in range(2)]
    await asyncio.gather(*gone, return_exceptions=True)

    clock.turn(seconds=DRAW_SECONDS)
    lane.fill()

    await asyncio.wait_for(asyncio.gather(*here), 1)


async def test_clock_that_goes_back_fills_nothing() -> None:
    clock = Clock()
    lane = Lane(SIZE, clock, os.urandom)
    await _use_up(lane)
    clock.turn(hours=-1)
    lane.fill()
    clock.turn(hours=1)
    lane.fill()

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(lane.enter(), 0.01)
