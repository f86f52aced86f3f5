"""Runs tor as a watched child process: started, followed, restarted when it dies, stopped.

Keeps nothing that tor says: its output is read only to tell why a start failed, then dropped.
Refuses directories that others could read.
"""

import asyncio
import os
import shutil
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Self

from silent_courier.protocol.errors import (
    BootstrapTimeoutError,
    ControlError,
    CourierError,
    TorAlreadyRunningError,
    TorError,
    TorMissingError,
    TorPortInUseError,
    TorStartError,
)
from silent_courier.tor.control import ControlClient
from silent_courier.tor.directory import (
    lock_directory,
    make_private_directory,
    short_socket_directory,
)
from silent_courier.tor.events import Bootstrap, parse_bootstrap
from silent_courier.tor.torrc import format_torrc, node_torrc

Progress = Callable[[int, str], None]
"""Takes the bootstrap percent (0…100) and a constant sentence."""

START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 3.0
RESTART_DELAY_MAX_S = 60.0
STEADY_AFTER_S = 60.0
"""A tor that lived this long starts the back-off anew when it dies."""

_POLL_S = 0.02
_OUTPUT_KEPT = 16 * 1024
_NOT_STARTED = Bootstrap(0, "", "Tor is not running.")


class TorProcess:
    """One tor with its control connection, for as long as its owner wants it.

    `torrc` is given the private directory for unix sockets and says what this tor is for.
    `on_control` is called after every start, restarts included, before anything else uses the
    connection: the place for what must be said to each new tor. `on_down` is called when one
    has gone.
    """

    def __init__(
        self,
        directory: Path,
        torrc: Callable[[Path], Sequence[str]],
        *,
        on_progress: Progress | None = None,
        on_control: Callable[[ControlClient], Awaitable[None]] | None = None,
        on_down: Callable[[], None] | None = None,
        restart: bool = True,
        tor: str = "tor",
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._directory = directory.resolve()
        self._torrc = torrc
        self._on_progress = on_progress
        self._on_control = on_control
        self._on_down = on_down
        self._restart = restart
        self._tor = tor
        self._sleep = sleep
        self._lock: BinaryIO | None = None
        self._sockets: Path | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._control: ControlClient | None = None
        self._watching: asyncio.Task[None] | None = None
        self._draining: asyncio.Task[None] | None = None
        self._output = b""
        self._starts = 0
        self.bootstrap = _NOT_STARTED
        self._ready = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    @property
    def running(self) -> bool:
        """Tor lives and its control connection stands."""
        return self._control is not None

    @property
    def restarts(self) -> int:
        """How often tor had to be started again."""
        return max(0, self._starts - 1)

    @property
    def pid(self) -> int | None:
        """The process id of the tor that runs now."""
        return None if self._child is None or not self.running else self._child.pid

    @property
    def control(self) -> ControlClient:
        """The control connection; ControlError while tor is down."""
        if self._control is None:
            raise ControlError
        return self._control

    def _socket_directory(self) -> Path:
        if self._sockets is None:
            self._sockets = short_socket_directory(self._directory)
        return self._sockets

    async def start(self) -> None:
        """Start tor and keep it running, bootstrapped or not; TorMissingError, TorStartError…"""
        make_private_directory(self._directory)
        self._lock = lock_directory(self._directory)
        try:
            await self._start_once()
        except BaseException:
            await self.stop()
            raise
        self._watching = asyncio.create_task(self._watch())

    async def wait_bootstrapped(self, timeout_s: float) -> None:
        """Return when circuits can be built; BootstrapTimeoutError after `timeout_s` seconds."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._ready.wait()
        except TimeoutError as error:
            raise BootstrapTimeoutError from error

    async def stop(self) -> None:
        """End tor now and leave nothing behind in /tmp."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait([self._watching])
            self._watching = None
        await self._end_child()
        if self._sockets is not None and self._sockets != self._directory:
            shutil.rmtree(self._sockets, ignore_errors=True)
        self._sockets = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def _start_once(self) -> None:
        program = shutil.which(self._tor)
        if program is None:
            raise TorMissingError
        control_socket = self._socket_directory() / "control.sock"
        torrc = self._write_torrc(control_socket)
        self._output = b""
        self._starts += 1
        self._child = await asyncio.create_subprocess_exec(
            program,
            *("--defaults-torrc", "/dev/null", "-f", str(torrc)),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={"HOME": str(self._directory)},
            start_new_session=True,
        )
        self._draining = asyncio.create_task(self._drain(self._child))
        control = await self._connect(self._child, control_socket)
        try:
            await self._take_over(control)
        except BaseException:
            await control.close()
            raise
        self._control = control

    def _write_torrc(self, control_socket: Path) -> Path:
        own = node_torrc(self._directory, control_socket, os.getpid())
        path = self._directory / "torrc"
        path.touch(mode=0o600)
        path.write_text(format_torrc((*own, *self._torrc(control_socket.parent))))
        return path

    async def _drain(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        while block := await child.stdout.read(4096):
            if not self.running:
                self._output = (self._output + block)[-_OUTPUT_KEPT:]

    async def _connect(self, child: asyncio.subprocess.Process, path: Path) -> ControlClient:
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                while child.returncode is None:
                    with suppress(ControlError):
                        return await _connect_to(child.pid, path)
                    await asyncio.sleep(_POLL_S)
        except TimeoutError as error:
            raise TorStartError from error
        if self._draining is not None:
            await asyncio.wait([self._draining])
        raise _reason(self._output)

    async def _take_over(self, control: ControlClient) -> None:
        # Tor ends with this connection, so that no tor outlives a killed owner.
        await control.command("TAKEOWNERSHIP")
        await control.listen("STATUS_CLIENT", self._note_bootstrap)
        if self._on_control is not None:
            await self._on_control(control)
        self._note_bootstrap(await control.get_info("status/bootstrap-phase"))

    def _note_bootstrap(self, text: str) -> None:
        state = parse_bootstrap(text)
        if state is None:
            return
        self.bootstrap = state
        if state.done:
            self._ready.set()
        if self._on_progress is not None:
            self._on_progress(state.percent, state.sentence)

    async def _watch(self) -> None:
        delay = 0.0
        while True:
            began = asyncio.get_running_loop().time()
            if self._control is not None:
                await self._control.wait_closed()
            await self._end_child()
            if not self._restart:
                return
            lived = asyncio.get_running_loop().time() - began
            delay = 0.25 if lived > STEADY_AFTER_S or not delay else delay * 2
            await self._sleep(min(delay, RESTART_DELAY_MAX_S))
            # A start that fails is tried again for ever: the owner sees `running` and the disk may
            # have room later.
            with suppress(CourierError, OSError):
                await self._start_once()

    async def _end_child(self) -> None:
        # May be cut short and called again: nothing is forgotten before it has ended.
        self._ready.clear()
        self.bootstrap = _NOT_STARTED
        control, self._control = self._control, None
        if control is not None:
            if self._on_down is not None:
                self._on_down()
            await control.close()
        if self._child is not None:
            await _end(self._child)
            self._child = None
        if self._draining is not None:
            await asyncio.wait([self._draining])
            self._draining = None


async def _connect_to(pid: int, path: Path) -> ControlClient:
    """Our own child's control connection; ControlError while another tor answers there."""
    control = await ControlClient.connect(path)
    try:
        if await control.get_info("process/pid") == str(pid):
            return control
    except BaseException:
        await control.close()
        raise
    await control.close()
    raise ControlError


async def _end(child: asyncio.subprocess.Process) -> None:
    _signal(child, signal.SIGTERM)
    try:
        async with asyncio.timeout(STOP_TIMEOUT_S):
            await child.wait()
    except TimeoutError:
        _signal(child, signal.SIGKILL)
        await child.wait()
    except BaseException:
        _signal(child, signal.SIGKILL)
        raise


def _signal(child: asyncio.subprocess.Process, number: signal.Signals) -> None:
    # Not child.terminate(): it would reap a dead child behind asyncio's back.
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(child.pid, number)


def _reason(output: bytes) -> TorError:
    if b"Address already in use" in output:
        return TorPortInUseError()
    if b"same data directory" in output:
        return TorAlreadyRunningError()
    return TorStartError()
