"""The porter, before small processes that stand for a desk."""

import asyncio
import os
import sys
from collections.abc import Sequence

import pytest

from silent_courier.desk.app.listening import bind
from silent_courier.desk.app.porter import Porter

# Reads the standing, says that it is ready, and does as `then` says.
CHILD = """
import os, socket, sys, time
way = socket.socket(fileno=int(sys.argv[1])).makefile("rwb")
standing = way.readline()
{before}
way.write(standing); way.flush()
{then}
"""
LEAVES = r"way.readline(); way.write(b'\n'); way.flush()"


class Lives:
    """What each process of the desk does; the last one stays."""

    def __init__(self, *lives: str) -> None:
        self.lives = [*lives, CHILD.format(before="", then="way.read()")]
        self.started: list[bool] = []

    def __call__(self, _: int, control: int, first: bool) -> Sequence[str]:
        self.started.append(first)
        return [sys.executable, "-c", self.lives[len(self.started) - 1], str(control)]


async def served(lives: Lives, count: int) -> Porter:
    """Serve until so many processes have been started, and stop."""
    with bind() as listening:
        porter = Porter(listening, lives, os.urandom)
        ready = asyncio.Event()
        task = asyncio.create_task(porter.serve(ready.set))
        async with asyncio.timeout(30):
            await ready.wait()
            while len(lives.started) < count:
                porter.new_address()
                await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait([task])
    return porter


async def test_who_locked_is_followed_by_the_next_which_is_not_the_first() -> None:
    lives = Lives(CHILD.format(before="", then=LEAVES), CHILD.format(before="", then=LEAVES))
    porter = await served(lives, 3)
    assert lives.started == [True, False, False]
    assert not porter._standing.broke


async def test_a_desk_that_ends_by_itself_is_started_anew_and_the_door_says_so() -> None:
    lives = Lives(CHILD.format(before="", then="os.kill(os.getpid(), 9)"))
    porter = await served(lives, 2)
    assert porter._standing.broke


async def test_a_desk_that_never_comes_to_its_door_ends_the_program() -> None:
    lives = Lives(CHILD.format(before="sys.exit(54)", then=""))
    with bind() as listening:
        porter = Porter(listening, lives, os.urandom)
        assert await porter.serve(lambda: None) == 54


async def test_a_desk_that_ends_again_and_again_ends_the_program() -> None:
    dies = CHILD.format(before="", then="sys.exit(1)")
    lives = Lives(dies, dies, dies)
    with bind() as listening:
        porter = Porter(listening, lives, os.urandom)
        assert await asyncio.wait_for(porter.serve(lambda: None), 30) == 1
    assert len(lives.started) == 3


async def test_stopping_ends_the_desk_too() -> None:
    lives = Lives(CHILD.format(before="", then="way.read(); os.remove(sys.argv[0])"))
    seen: list[int] = []
    with bind() as listening:
        porter = Porter(listening, lives, os.urandom)
        ready = asyncio.Event()
        task = asyncio.create_task(porter.serve(ready.set))
        await asyncio.wait_for(ready.wait(), 30)
        children = f"/proc/self/task/{os.getpid()}/children"
        with open(children, encoding="ascii") as file:  # noqa: PTH123, ASYNC230
            seen = [int(pid) for pid in file.read().split()]
        task.cancel()
        await asyncio.wait([task])
    assert seen
    for pid in seen:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
