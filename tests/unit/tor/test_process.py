"""Tor as a child: real tors with their network switched off."""

import asyncio
import os
import signal
import socket
import stat
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    BootstrapTimeoutError,
    ControlError,
    TorAlreadyRunningError,
    TorMissingError,
    TorPortInUseError,
    TorStartError,
)
from silent_courier.tor.control import ControlClient
from silent_courier.tor.process import TorProcess

OFFLINE = ("DisableNetwork 1", "SocksPort 0")


def offline(*more: str) -> Callable[[Path], Sequence[str]]:
    return lambda _sockets: (*OFFLINE, *more)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until(question: Callable[[], bool], timeout_s: float = 10.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not question():  # noqa: ASYNC110 - what is asked has no event
            await asyncio.sleep(0.02)


async def test_tor_starts_answers_and_stops_at_once(tmp_path: Path) -> None:
    progress = list[tuple[int, str]]()
    process = TorProcess(
        tmp_path / "tor", offline(), on_progress=lambda *state: progress.append(state)
    )
    async with process:
        assert process.running
        pid = process.pid
        assert pid is not None
        assert (await process.control.get_info("version")).startswith("0.")
        began = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - began < 2
    assert not is_alive(pid)
    assert (process.running, process.pid) == (False, None)
    assert progress[0] == (0, "Starting tor.")


async def test_what_tor_keeps_is_private(tmp_path: Path) -> None:
    directory = tmp_path / "tor"
    directory.mkdir(mode=0o755)
    async with TorProcess(directory, offline()):
        modes = [stat.S_IMODE(p.stat().st_mode) for p in (directory, directory / "torrc")]
    assert modes == [0o700, 0o600]


async def test_a_long_path_gets_its_sockets_elsewhere(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 30)
    sockets = list[Path]()

    def torrc(where: Path) -> Sequence[str]:
        sockets.append(where)
        return OFFLINE

    async with TorProcess(directory, torrc) as process:
        assert process.running
        assert stat.S_IMODE(sockets[0].stat().st_mode) == 0o700
    assert not sockets[0].exists()


async def test_a_killed_tor_is_started_again_and_greeted_again(tmp_path: Path) -> None:
    events = list[str]()

    async def greet(_control: ControlClient) -> None:
        events.append("up")

    process = TorProcess(
        tmp_path, offline(), on_control=greet, on_down=lambda: events.append("down")
    )
    async with process:
        first = process.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await until(lambda: process.restarts == 1 and process.running)
        assert process.pid not in (None, first)
        await process.control.get_info("version")
        assert events == ["up", "down", "up"]


async def test_restarts_wait_longer_each_time(tmp_path: Path) -> None:
    delays = list[float]()

    async def note(seconds: float) -> None:
        delays.append(seconds)
        await asyncio.sleep(0)

    process = TorProcess(tmp_path, offline(), sleep=note)
    async with process:
        for n in range(1, 4):
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            await until(lambda n=n: process.restarts == n and process.running)  # type: ignore[misc]
    assert delays == [0.25, 0.5, 1.0]


async def test_a_tor_that_is_down_says_so(tmp_path: Path) -> None:
    process = TorProcess(tmp_path, offline(), restart=False)
    async with process:
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        await until(lambda: not process.running)
        with pytest.raises(ControlError):
            _ = process.control


async def test_no_tor_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(TorMissingError):
        await TorProcess(tmp_path, offline(), tor="no-such-tor").start()


async def test_a_torrc_that_tor_refuses_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(TorStartError):
        await TorProcess(tmp_path, offline("NoSuchOption 1")).start()


async def test_a_port_in_use_is_said_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(TorPortInUseError):
            await TorProcess(
                tmp_path, lambda _: ("DisableNetwork 0", f"SocksPort 127.0.0.1:{port}")
            ).start()


async def test_two_tors_never_share_a_directory(tmp_path: Path) -> None:
    async with TorProcess(tmp_path, offline()) as first:
        with pytest.raises(TorAlreadyRunningError):
            await TorProcess(tmp_path, offline()).start()
        assert (await first.control.get_info("version")).startswith("0.")


async def test_a_network_that_does_not_come_is_said_so(tmp_path: Path) -> None:
    async with TorProcess(tmp_path, offline()) as process:
        with pytest.raises(BootstrapTimeoutError):
            await process.wait_bootstrapped(0.1)


OWNER = """
import asyncio, os, pathlib, sys
from silent_courier.tor.process import TorProcess
async def main():
    process = TorProcess(pathlib.Path(sys.argv[1]), lambda _: ("DisableNetwork 1", "SocksPort 0"))
    await process.start()
    print(process.pid, flush=True)
    os._exit(9)
asyncio.run(main())
"""


async def test_no_tor_outlives_a_killed_owner(tmp_path: Path) -> None:
    owner = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", OWNER, str(tmp_path)), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await owner.communicate()
    pid = int(output)
    await until(lambda: not is_alive(pid))
