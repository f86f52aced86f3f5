"""The command `courier demo`: sets up what is missing, starts everything, stops it at once."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from silent_courier.cli.connection import run_async, tor_config_option
from silent_courier.cli.demo.desks import sync_first, sync_for_ever
from silent_courier.cli.demo.guide import guide
from silent_courier.cli.demo.pages import desk_pages, page_lines
from silent_courier.cli.demo.places import HANDLERS, Places, Ports, is_finished, read_ports
from silent_courier.cli.demo.script import Script, ScriptFailedError, play
from silent_courier.cli.demo.setup import set_up, use_addresses
from silent_courier.cli.demo.stage import OPEN_TOR_WAIT_S, Stage, open_stage, private_stage
from silent_courier.cli.desk_app import on_enter
from silent_courier.cli.failures import EXIT_FOUND
from silent_courier.cli.options import Directory, examples
from silent_courier.cli.output import View, progress, say, tell
from silent_courier.cli.server import free_address
from silent_courier.protocol.errors import ServerRunningError
from silent_courier.server.status import read_status

DIRECTORY = Path("demo")


@dataclass(frozen=True, slots=True)
class _OpenTor:
    """How long the open Tor network is waited for, and more lines for our tors."""

    wait_s: int
    config: Path | None


@click.command(
    epilog=examples(
        "courier demo", "courier demo --private-tor", "courier demo --script --tor-wait 0"
    )
)
@click.argument("directory", metavar="[DIR]", type=Directory, required=False)
@click.option("--script", is_flag=True, help="Play a whole conversation by itself, then end.")
@click.option("--private-tor", is_flag=True, help="Make a private Tor network on this machine.")
@click.option(
    "--tor-wait",
    type=click.IntRange(0, 3600),
    metavar="SECONDS",
    default=OPEN_TOR_WAIT_S,
    show_default=True,
    help="Time for the open Tor network, before loopback; 0: loopback at once.",
)
@tor_config_option
def demo(
    directory: Path | None,
    *,
    script: bool,
    private_tor: bool,
    tor_wait: int,
    tor_config: Path | None,
) -> int:
    """Try everything on this machine.

    Makes a sample organisation with two handlers under DIR (default: demo), starts server and
    desks, and prints what to try: commands, and the addresses of both desks' pages. A second time
    it goes on with what is there. With --script everything is made anew: in a new DIR, or in a
    place that is removed afterwards.

    It is for trying only: passphrases lie beside what they open.
    """
    open_tor = _OpenTor(tor_wait, tor_config)
    with _place(directory, script=script) as places:
        if not is_finished(places):
            tell("Making a sample organisation, a server and two desks …")
            set_up(places, Ports(free_address(), free_address()))
        elif script:
            raise click.UsageError("--script wants a new directory.")
        elif read_status(places.server).running:
            raise ServerRunningError
        try:
            with progress() as view:
                run_async(_run(places, view, script, None if private_tor else open_tor))
        except ScriptFailedError as error:
            tell(f"The script failed. {error}")
            return EXIT_FOUND
        except KeyboardInterrupt:
            if script:
                raise
            tell("Everything is stopped. `courier demo` goes on with it.")
    return 0


@contextmanager
def _place(directory: Path | None, *, script: bool) -> Iterator[Places]:
    if directory is None and script:
        with tempfile.TemporaryDirectory(prefix="courier-demo-") as passing:
            yield Places(Path(passing))
    else:
        yield Places((directory or DIRECTORY).absolute())


async def _run(places: Places, view: View, script: bool, open_tor: _OpenTor | None) -> None:
    began = time.monotonic()
    async with _stage(places, view, open_tor) as stage:
        await asyncio.to_thread(use_addresses, places, stage.addresses)
        for handler in HANDLERS:
            view.show(f"{handler.title()}'s desk", 0, 0)
            await sync_first(places, stage, handler)
        view.clear()
        tell(f"Started in {time.monotonic() - began:.0f} s.")
        if script:
            await play(Script(places, stage, say))
            return
        for line in guide(places, stage):
            say(line)
        await _offer_pages(places, stage)


async def _offer_pages(places: Places, stage: Stage) -> None:
    async with desk_pages(places, stage) as apps:

        def tell_pages() -> None:
            for line in page_lines(places, stage, apps):
                say(line)

        tell_pages()
        with on_enter(tell_pages):
            await sync_for_ever(places, stage, say)


def _stage(
    places: Places, view: View, open_tor: _OpenTor | None
) -> AbstractAsyncContextManager[Stage]:
    if open_tor is None:
        return private_stage(places, view)
    return open_stage(places, read_ports(places), view, open_tor.wait_s, open_tor.config)
