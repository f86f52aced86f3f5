"""`courier server`: the machine that stores and serves what it cannot read."""

import asyncio
import secrets
import socket
import time
from contextlib import suppress
from pathlib import Path

import click

from silent_courier.cli.assistant import SourceAssistant
from silent_courier.cli.connection import read_torrc, run_until_stopped, tor_config_option
from silent_courier.cli.options import (
    InFile,
    InOrder,
    OutFile,
    directory_argument,
    examples,
    json_option,
)
from silent_courier.cli.output import format_day, progress, say, tell
from silent_courier.protocol.errors import BootstrapTimeoutError
from silent_courier.server.backup import backup as take_backup
from silent_courier.server.backup import restore as put_back
from silent_courier.server.config import read_config
from silent_courier.server.limits import allow_open_files
from silent_courier.server.run import RunningServer
from silent_courier.server.setup import init_server, load_charter
from silent_courier.server.status import ServerStatus, encode_status, read_status

PUBLISH_TIMEOUT_S = 180.0

ASSISTED_HELP = (
    "Offer who has no script a form that this server seals itself: weaker, since whoever controls "
    "it then can read along."
)


@click.group(cls=InOrder)
def server() -> None:
    """The server: ciphertext in, ciphertext out.

    It holds no key that opens anything.
    """


@server.command(epilog=examples("courier server init server", "courier server init s --no-tor"))
@directory_argument
@click.option("--no-tor", is_flag=True, help="No onions: this machine's loopback only, to try.")
@click.option("--listen", metavar="HOST:PORT", help="With --no-tor: where the portal will be.")
@click.option("--desk-listen", metavar="HOST:PORT", help="With --no-tor: where desks will come.")
@click.option("--assisted-form", is_flag=True, help=ASSISTED_HELP)
def init(
    directory: Path,
    *,
    no_tor: bool,
    listen: str | None,
    desk_listen: str | None,
    assisted_form: bool,
) -> None:
    """Make onion keys and database in DIR.

    DIR/server.json has the addresses: give it to `courier org init`. The keys in DIR/onion are the
    addresses for good; keep a backup.
    """
    if not no_tor and (listen or desk_listen):
        raise click.UsageError("--listen and --desk-listen go with --no-tor here.")
    portal = listen or (free_address() if no_tor else None)
    desk = desk_listen or (free_address() if no_tor else None)
    config = init_server(
        directory,
        random=secrets.token_bytes,
        portal=portal,
        desk=desk,
        assisted_form=assisted_form,
    )
    say(f"Portal: {config.portal}")
    say(f"Desk:   {config.desk}")
    tell("Next: courier org init, with the server.json from this directory.")


@server.command(epilog=examples("courier server charter server charter --access access"))
@directory_argument
@click.argument("file", metavar="FILE", type=InFile)
@click.option("--access", required=True, type=InFile, help="The access list that goes with it.")
def charter(directory: Path, file: Path, access: Path) -> None:
    """Take a new charter from the organisation.

    FILE and the access list are what `courier org charter` wrote. A server that runs notices within
    two seconds.
    """
    loaded = load_charter(directory, file.read_bytes(), access.read_bytes())
    tell(f"Charter {loaded.body.serial} is in place, until {format_day(loaded.body.expires)}.")
    say(f"Organisation fingerprint: {loaded.org_id.hex()}")


@server.command(
    epilog=examples(
        "courier server run server",
        "courier server run server --tor-config bridges.conf",
    )
)
@directory_argument
@click.option("--no-tor", is_flag=True, help="Serve on the given addresses only, without tor.")
@click.option("--listen", metavar="HOST:PORT", help="Serve the portal there too.")
@click.option("--desk-listen", metavar="HOST:PORT", help="Serve the desks there too.")
@click.option(
    "--assisted-form/--no-assisted-form",
    default=None,
    help="For this run, other than `server init` was told.",
)
@tor_config_option
def run(
    directory: Path,
    *,
    no_tor: bool,
    listen: str | None,
    desk_listen: str | None,
    assisted_form: bool | None,
    tor_config: Path | None,
) -> None:
    """Serve portal and desks until Ctrl-C.

    Starts tor with both onions, watches it, and keeps the board's time. Nothing about a request is
    logged.
    """
    config = read_config(directory)
    if no_tor and config.uses_tor and not (listen and desk_listen):
        raise click.UsageError("--no-tor wants --listen and --desk-listen here.")
    run_until_stopped(
        _serve(
            directory,
            use_tor=False if no_tor else None,
            listen=listen,
            desk_listen=desk_listen,
            network=read_torrc(tor_config),
            assisted=config.assisted_form if assisted_form is None else assisted_form,
        )
    )


@server.command(
    epilog=examples("courier server status server", "courier server status server --json")
)
@directory_argument
@json_option
def status(directory: Path, *, as_json: bool) -> None:
    """Show whether it runs and can be found."""
    found = read_status(directory)
    if as_json:
        say(encode_status(found).decode())
    else:
        _say_status(found)


@server.command(epilog=examples("courier server backup server --out server-backup.tar"))
@directory_argument
@click.option("--out", required=True, type=OutFile, help="The backup; it must not exist yet.")
def backup(directory: Path, *, out: Path) -> None:
    """Write everything into one file.

    Also while the server runs. The file holds the onion keys: whoever has it can be this server.
    """
    take_backup(directory, out)
    tell("The backup is complete.")


@server.command(epilog=examples("courier server restore new-server server-backup.tar"))
@directory_argument
@click.argument("file", metavar="BACKUP", type=InFile)
def restore(directory: Path, file: Path) -> None:
    """Put a backup into a new directory.

    Never run two servers from one backup: both would have the same onions.
    """
    put_back(file, directory)
    tell("The server is restored. Next: courier server run.")


def free_address() -> str:
    """A loopback address that nobody listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


async def _serve(
    directory: Path,
    *,
    use_tor: bool | None,
    listen: str | None,
    desk_listen: str | None,
    network: tuple[str, ...],
    assisted: bool,
) -> None:
    allow_open_files()
    with progress() as view:
        async with RunningServer(
            directory,
            clock=time.time,
            random=secrets.token_bytes,
            listen=listen,
            desk_listen=desk_listen,
            use_tor=use_tor,
            network=network,
            on_progress=lambda percent, _: view.show_percent("tor", percent),
            assistant=SourceAssistant(secrets.token_bytes) if assisted else None,
        ) as running:
            telling = asyncio.create_task(_tell_published(running))
            say(f"Portal: {running.portal_url}")
            say(f"Desk:   {running.desk_url}")
            if assisted:
                tell("Who has no script is offered the form that this server seals itself.")
            try:
                await running.wait()
            finally:
                telling.cancel()
                with suppress(asyncio.CancelledError):
                    await telling


async def _tell_published(running: RunningServer) -> None:
    """Say when the onions can be found, and that they cannot, as often as needed."""
    while True:
        try:
            await running.wait_published(PUBLISH_TIMEOUT_S)
        except BootstrapTimeoutError:
            tell("The onions cannot be found yet. Is the connection up? Still trying.")
        else:
            await _tell_chartered(running)
            tell("Ready: it can be found at these addresses. Ctrl-C stops it.")
            return


async def _tell_chartered(running: RunningServer) -> None:
    """Without a charter it is not ready: say what is missing, once, and wait for it."""
    if running.status.serial is not None:
        return
    tell("It has no charter yet, so nobody can write or read. Next, beside this:")
    tell("  courier server charter DIR CHARTER --access ACCESS")
    tell("`courier org charter` makes both files. It is noticed here within two seconds.")
    await running.wait_chartered()


def _say_status(status: ServerStatus) -> None:
    say(f"Running:  {'yes' if status.running else 'no'}")
    say(f"Portal:   {status.portal}")
    say(f"Desk:     {status.desk}")
    say(f"Charter:  {status.serial if status.serial is not None else 'none yet'}")
    say(f"Day:      {format_day(status.day) if status.day is not None else '-'}")
    say(f"Epoch:    {status.epoch if status.epoch is not None else '-'}")
    say(f"Letters:  {status.letters} at the last count, which is once a day")
    say(f"Chunks:   {status.chunks}")
    if status.store_full:
        say("Store:    FULL; nothing more is taken")
    if status.tor is not None:
        say(f"Tor:      {status.tor.percent} %, restarted {status.tor.restarts} times")
        for onion in status.tor.onions:
            state = f"published at {onion.uploads} places" if onion.published else "NOT published"
            say(f"  {onion.address}  {state}")
