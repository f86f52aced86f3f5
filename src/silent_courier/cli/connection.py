"""How a command reaches a portal or desk: through a Tor it is given, one of its own, or directly.

Direct is this machine alone. A tor of a source's own lives in a directory that goes with the
command, in memory where the system has such a place, so that nothing is left on the disk.
"""

import asyncio
import os
import secrets
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from silent_courier.cli.options import InFile
from silent_courier.cli.output import View, progress, tell
from silent_courier.tor.address import SocksAddress, parse_socks_address
from silent_courier.tor.client import TorClient
from silent_courier.tor.transport import Transport, parse_target

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

_IN_MEMORY: Final = ("XDG_RUNTIME_DIR",)
_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a private directory is made in it


@dataclass(frozen=True, slots=True)
class Way:
    """What the options said: a SOCKS address to use, and lines for a tor of our own."""

    socks: SocksAddress | None = None
    torrc: tuple[str, ...] = ()


def connection_options(command: F) -> F:
    """--socks and --tor-config, for every command that goes out."""
    socks = click.option(
        "--socks",
        metavar="HOST:PORT",
        help="Use the Tor that listens there (Tor Browser: 127.0.0.1:9150) instead of our own.",
    )
    return socks(tor_config_option(command))


tor_config_option = click.option(
    "--tor-config",
    type=InFile,
    metavar="FILE",
    help="More lines for our tor's configuration: bridges, or a private Tor network.",
)


def read_way(socks: str | None, tor_config: Path | None) -> Way:
    """The options as a way; click.UsageError."""
    try:
        address = parse_socks_address(socks) if socks else None
    except ValueError:
        raise click.UsageError("--socks wants HOST:PORT, for example 127.0.0.1:9050.") from None
    return Way(address, read_torrc(tor_config))


def read_torrc(file: Path | None) -> tuple[str, ...]:
    """The lines of a file, without empty ones and comments."""
    if file is None:
        return ()
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


@asynccontextmanager
async def connected(
    address: str,
    way: Way,
    view: View,
    *,
    directory: Path | None = None,
    client_key: bytes | None = None,
) -> AsyncIterator[Transport]:
    """A transport to this address.

    Args:
        address: an onion, or a loopback address of this machine; with or without `http://`.
        way: how to get there.
        view: shows how far tor is.
        directory: where a tor of our own keeps its state; None: nowhere for long.
        client_key: opens an access-controlled onion (32 private bytes).

    Raises:
        BadOnionAddressError, DirectConnectionRefusedError, TorError
    """
    target = parse_target(address)
    if not target.is_onion or way.socks is not None:
        socks = way.socks if target.is_onion else None
        async with Transport(address, socks=socks, random_bytes=secrets.token_bytes) as transport:
            yield transport
        return
    with ExitStack() as stack:
        place = directory or Path(stack.enter_context(_passing_directory()))
        tor = TorClient(
            place, network=way.torrc, on_progress=lambda done, _: view.show_percent("tor", done)
        )
        if client_key is not None:
            await tor.add_client_key(target.host, client_key)
        async with (
            tor,
            Transport(address, socks=tor.socks, random_bytes=secrets.token_bytes) as transport,
        ):
            yield transport


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run it to its end; Ctrl-C and SIGTERM stop it in good order, as KeyboardInterrupt."""

    async def stoppable() -> T:
        task = asyncio.current_task()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(stoppable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


class Line:
    """A connection on which work is done piece by piece, with people typing in between."""

    def __init__(self, runner: asyncio.Runner, transport: Transport) -> None:
        self._runner = runner
        self.transport = transport

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """As `run_async`; nothing goes on before and after."""
        return _run_on(self._runner, work)


@contextmanager
def open_line(address: str, way: Way) -> Iterator[Line]:
    """A line to this address; raises as `connected`."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        try:
            with progress() as view:
                transport = _run_on(
                    runner, stack.enter_async_context(connected(address, way, view))
                )
            yield Line(runner, transport)
        finally:
            _run_on(runner, stack.aclose())


def _run_on(runner: asyncio.Runner, work: Coroutine[Any, Any, T]) -> T:
    async def stoppable() -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        try:
            return await work
        finally:
            # Between two pieces of work a signal does what it does anywhere.
            loop.remove_signal_handler(signal.SIGTERM)

    try:
        return runner.run(stoppable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """For what runs until it is told to stop, so that being told so is no failure."""
    try:
        run_async(work)
    except KeyboardInterrupt:
        tell("Stopped.")


def _passing_directory() -> "tempfile.TemporaryDirectory[str]":
    places = [Path(os.environ[name]) for name in _IN_MEMORY if os.environ.get(name)]
    for place in (*places, _SHARED_MEMORY):
        if place.is_dir() and os.access(place, os.W_OK):
            return tempfile.TemporaryDirectory(prefix="courier-", dir=place)
    return tempfile.TemporaryDirectory(prefix="courier-")
