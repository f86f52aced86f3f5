"""`courier desk run`: the desk's page in the browser, or the same work without a page."""

import asyncio
import os
import secrets
import socket
import sys
import time
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from silent_courier.cli.connection import (
    Way,
    connection_options,
    read_way,
    run_async,
    run_until_stopped,
)
from silent_courier.cli.desk_session import desk_options, opened, tell_report, to_server
from silent_courier.cli.failures import explain
from silent_courier.cli.options import examples
from silent_courier.cli.output import View, progress, say, tell
from silent_courier.cli.portal import portal_maker
from silent_courier.cli.prompts import is_interactive, read_passphrase
from silent_courier.desk import Desk, Progress, as_stranger
from silent_courier.desk import sync as sync_desk
from silent_courier.desk.app import Connect, DeskApp, Settings
from silent_courier.desk.app.behind import serve_behind
from silent_courier.desk.app.listening import bind
from silent_courier.desk.app.porter import Command, Porter
from silent_courier.desk.app.standing import Standing
from silent_courier.protocol.errors import (
    CourierError,
    DeviceRevokedError,
    VaultError,
)
from silent_courier.tor.transport import Transport

EVERY_MINUTES = 15.0
IDLE_MINUTES = 10.0


every_option = click.option(
    "--every",
    type=click.FloatRange(0.05, 24 * 60),
    metavar="MINUTES",
    default=EVERY_MINUTES,
    show_default=True,
    help="Time between two syncs.",
)


@dataclass(frozen=True, slots=True)
class _Behind:
    """The command that runs a desk behind the porter, with the options that were given to us."""

    directory: Path
    options: Mapping[str, object]

    def command(self, passphrase_file: Path | None) -> Command:
        """It is open from the start once: who has locked it wants to be asked."""
        start = [sys.executable, "-c", "from silent_courier.cli.main import main; main()"]
        options = [str(part) for option in self.options.items() for part in option]
        secret = [] if passphrase_file is None else ["--passphrase-file", str(passphrase_file)]

        def line(listening: int, control: int, first: bool) -> list[str]:
            ways = ["--listening", str(listening), "--control", str(control)]
            given = [*options, *ways, *(secret if first else [])]
            return [*start, "desk", "behind", str(self.directory), *given]

        return line


@click.command(
    epilog=examples("courier desk run anna", "courier desk run anna --headless --every 15")
)
@desk_options
@every_option
@click.option(
    "--idle",
    type=click.FloatRange(0.5, 24 * 60),
    metavar="MINUTES",
    default=IDLE_MINUTES,
    show_default=True,
    help="The page locks when nobody was there for so long.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Default: any free one.")
@click.option("--no-browser", is_flag=True, help="Print the page's address, and open nothing.")
@click.option("--headless", is_flag=True, help="Sync now and then without a page.")
@connection_options
def run(
    directory: Path,
    *,
    every: float,
    idle: float,
    port: int,
    no_browser: bool,
    headless: bool,
    passphrase_file: Path | None,
    socks: str | None,
    tor_config: Path | None,
) -> int:
    """Open the desk in the browser of this computer.

    In a new or empty DIR the page leads through everything from the passphrase to the first sync.
    Else it asks for the passphrase and syncs while the desk is open; with --passphrase-file it is
    open from the start. The address is good for one time: Enter prints a new one. While the
    desk is open its vault is in use, and other commands on it have to wait. The process that holds
    the vault's key ends whenever the desk locks. Ctrl-C ends everything.
    """
    way = read_way(socks, tor_config)
    if headless:
        with opened(directory, passphrase_file) as opened_desk, progress() as view:
            run_until_stopped(sync_for_ever(opened_desk, directory, way, view, every * 60))
        return 0
    given = {"--every": every, "--idle": idle, "--socks": socks, "--tor-config": tor_config}
    behind = _Behind(directory, {name: value for name, value in given.items() if value})
    try:
        with bind(port) as listening:
            porter = Porter(listening, behind.command(passphrase_file), secrets.token_bytes)
            return run_async(_serve(porter, browser=not no_browser and is_interactive()))
    except KeyboardInterrupt:
        tell("Stopped.")
        return 0


@click.command(hidden=True)
@desk_options
@click.option("--every", type=float, required=True, help="As `courier desk run` has it.")
@click.option("--idle", type=float, required=True, help="As `courier desk run` has it.")
@click.option("--listening", type=int, required=True, help="The page's socket.")
@click.option("--control", type=int, required=True, help="The way to who started it.")
@connection_options
def behind(
    directory: Path,
    *,
    every: float,
    idle: float,
    listening: int,
    control: int,
    passphrase_file: Path | None,
    socks: str | None,
    tor_config: Path | None,
) -> None:
    """The desk of `courier desk run`, until it locks. Started by it, and by nobody else."""
    settings = Settings(directory, every * 60, idle * 60)
    connect = way_to_server(directory, read_way(socks, tor_config))

    def make_app(standing: Standing, port: socket.socket) -> DeskApp:
        return _app(settings, connect, standing, port)

    async def begin(app: DeskApp) -> None:
        if passphrase_file is not None:
            await app.keeper.unlock(read_passphrase(passphrase_file, ""))

    with socket.socket(fileno=listening) as port, socket.socket(fileno=control) as to_porter:
        run_until_stopped(serve_behind(make_app, port, to_porter, begin))
    # Nothing of this process may linger, and nothing in it is needed any more.
    sys.stderr.flush()
    os._exit(0)


def way_to_server(directory: Path, way: Way) -> Connect:
    """How the app reaches the server; a tor of its own keeps its state in the desk's directory."""

    def connect(desk: Desk, show: Progress) -> AbstractAsyncContextManager[Transport]:
        return to_server(desk, directory, way, _Shown(show))

    return connect


@asynccontextmanager
async def running_app(settings: Settings, connect: Connect) -> AsyncIterator[DeskApp]:
    """The app in this process, with this machine's clocks and randomness."""
    async with _app(settings, connect) as app:
        yield app


def _app(
    settings: Settings,
    connect: Connect,
    standing: Standing | None = None,
    listening: socket.socket | None = None,
) -> DeskApp:
    return DeskApp(
        settings,
        connect,
        clock=time.time,
        monotonic=time.monotonic,
        random=secrets.token_bytes,
        portal=portal_maker(),
        standing=standing,
        listening=listening,
    )


@contextmanager
def on_enter(act: Callable[[], None]) -> Iterator[None]:
    """Do it whenever somebody presses Enter in the terminal, if there is one."""
    if not is_interactive():
        yield
        return
    loop = asyncio.get_running_loop()

    def pressed() -> None:
        if sys.stdin.readline():
            act()
        else:
            loop.remove_reader(sys.stdin)

    loop.add_reader(sys.stdin, pressed)
    try:
        yield
    finally:
        loop.remove_reader(sys.stdin)


async def _serve(porter: Porter, *, browser: bool) -> int:
    opening: set[asyncio.Task[bool]] = set()

    def ready() -> None:
        address = porter.new_address()
        say(address)
        tell("Open this address in a browser on this computer; it is good for one time.")
        if browser:
            tell("Enter prints a new address, Ctrl-C ends the desk.")
            opening.add(asyncio.create_task(asyncio.to_thread(webbrowser.open, address)))

    with on_enter(lambda: say(porter.new_address())):
        return await porter.serve(ready)


async def sync_for_ever(
    opened_desk: Desk, directory: Path, way: Way, view: View, pause_s: float
) -> None:
    """Sync now and then; each line says when, and how much came. What a person must do ends it."""
    async with to_server(opened_desk, directory, way, view) as transport:
        while True:
            try:
                async with as_stranger(opened_desk, transport) as public:
                    report = await sync_desk(opened_desk, transport, view.show, public)
            except (VaultError, DeviceRevokedError):
                raise
            except CourierError as error:
                view.clear()
                tell(f"{_clock()}  {explain(error).sentence}")
            else:
                view.clear()
                tell_report(report, at=f"{_clock()}  ")
            await asyncio.sleep(pause_s)


def _clock() -> str:
    return time.strftime("%H:%M")


@dataclass(frozen=True, slots=True)
class _Shown:
    """A view whose progress the page shows."""

    progress: Progress

    def show(self, step: str, done: int, total: int) -> None:
        self.progress(step, done, total)

    def show_percent(self, step: str, percent: int) -> None:
        self.progress(step, percent, 100)

    def clear(self) -> None:
        """Nothing stands in the way of anything on the page."""
