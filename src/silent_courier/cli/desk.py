"""`courier desk`: setting up a handler's desk, and syncing it."""

import secrets
import sys
import time
from pathlib import Path

import click

from silent_courier.cli.connection import (
    connection_options,
    read_way,
    run_async,
    run_until_stopped,
)
from silent_courier.cli.desk_app import behind, every_option, run, sync_for_ever
from silent_courier.cli.desk_case import CASE_COMMANDS
from silent_courier.cli.desk_clean import clean
from silent_courier.cli.desk_list import list_
from silent_courier.cli.desk_preview import preview
from silent_courier.cli.desk_queue import QUEUE_COMMANDS
from silent_courier.cli.desk_records import RECORD_COMMANDS
from silent_courier.cli.desk_search import search
from silent_courier.cli.desk_session import desk_options, opened, tell_report, to_server
from silent_courier.cli.desk_team import TEAM_COMMANDS
from silent_courier.cli.desk_threads import THREAD_COMMANDS
from silent_courier.cli.desk_vault import VAULT_COMMANDS
from silent_courier.cli.desk_watch import WATCH_COMMANDS
from silent_courier.cli.options import (
    InFile,
    InOrder,
    OutFile,
    directory_argument,
    examples,
    json_option,
    passphrase_option,
)
from silent_courier.cli.output import printable_line, progress, say, say_json, tell
from silent_courier.cli.prompts import read_passphrase
from silent_courier.desk import DeskInfo, SyncReport, as_stranger, make_request
from silent_courier.desk import init as make_desk
from silent_courier.desk import join as join_organisation
from silent_courier.desk import sync as sync_desk
from silent_courier.organisation.fingerprint import (
    format_device_key,
    format_groups,
    format_words,
    parse_fingerprint,
)
from silent_courier.protocol.access import parse_request
from silent_courier.storage.files import write_durably


@click.group(cls=InOrder)
def desk() -> None:
    """A handler's desk: read letters, answer them.

    Everything is kept in a vault under a passphrase, on this machine alone.
    """


@desk.command(epilog=examples("courier desk init anna --label Anna"))
@directory_argument
@click.option("--label", required=True, help="The name that sources and colleagues will see.")
@passphrase_option
def init(directory: Path, *, label: str, passphrase_file: Path | None) -> None:
    """Make a vault with new keys in DIR."""
    passphrase = read_passphrase(passphrase_file, "New passphrase for the desk", new=True)
    made = make_desk(directory, passphrase, label, clock=time.time, random=secrets.token_bytes)
    made.vault.close()
    tell("The desk is made. Next: courier desk request DIR > FILE, for the organisation.")


@desk.command(epilog=examples("courier desk request anna > anna.request"))
@desk_options
@click.option("--out", type=OutFile, help="Write to FILE instead of standard output.")
def request(directory: Path, *, out: Path | None, passphrase_file: Path | None) -> None:
    """Print the file that asks to be enrolled.

    It holds nothing secret, but it must not be exchanged on its way: tell whoever holds the root
    key the fingerprint that is printed, by another way.
    """
    if out is None and sys.stdout.isatty():
        raise click.UsageError("The request is not text: redirect it, or name a file with --out.")
    with opened(directory, passphrase_file) as opened_desk:
        data = make_request(opened_desk)
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_durably(out, data)
    tell(f"Fingerprint: {format_device_key(bytes.fromhex(parse_request(data).signing_key))}")


@desk.command(epilog=examples("courier desk join anna charter"))
@desk_options
@click.argument("charter", metavar="CHARTER", type=InFile)
@click.option(
    "--org",
    "fingerprint",
    metavar="FINGERPRINT",
    help="Join only the organisation of this fingerprint.",
)
@json_option
def join(
    directory: Path,
    *,
    charter: Path,
    fingerprint: str | None,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """Join the organisation by its charter.

    CHARTER is what `courier org charter` wrote. Compare the fingerprint that is printed with the
    one that the organisation publishes.
    """
    org_id = parse_fingerprint(fingerprint) if fingerprint else None
    with opened(directory, passphrase_file) as opened_desk:
        joined = join_organisation(opened_desk, charter.read_bytes(), org_id)
    if as_json:
        say_json(joined)
    else:
        _say_joined(joined)


@desk.command(epilog=examples("courier desk sync anna", "courier desk sync anna --watch --every 5"))
@desk_options
@click.option("--watch", is_flag=True, help="Go on syncing until Ctrl-C, a line for each time.")
@every_option
@connection_options
@json_option
def sync(
    directory: Path,
    *,
    watch: bool,
    every: float,
    passphrase_file: Path | None,
    socks: str | None,
    tor_config: Path | None,
    as_json: bool,
) -> None:
    """Fetch what is new and post what waits.

    It can be stopped at any time; the next sync goes on. With --watch each line says when, and how
    much came, and nothing of what.
    """
    way = read_way(socks, tor_config)
    with opened(directory, passphrase_file) as opened_desk, progress() as view:
        if watch:
            run_until_stopped(sync_for_ever(opened_desk, directory, way, view, every * 60))
            return

        async def once() -> SyncReport:
            async with (
                to_server(opened_desk, directory, way, view) as transport,
                as_stranger(opened_desk, transport) as public,
            ):
                return await sync_desk(opened_desk, transport, view.show, public)

        report = run_async(once())
        view.clear()
        if as_json:
            say_json(report)
        else:
            tell_report(report)


for _command in (
    list_,
    *THREAD_COMMANDS,
    *QUEUE_COMMANDS,
    *TEAM_COMMANDS,
    search,
    preview,
    clean,
    *CASE_COMMANDS,
    *WATCH_COMMANDS,
    *VAULT_COMMANDS,
    *RECORD_COMMANDS,
    run,
    behind,
):
    desk.add_command(_command)


def _say_joined(joined: DeskInfo) -> None:
    org_id = bytes.fromhex(joined.org_id)
    say(f"Organisation: {printable_line(joined.organisation)}")
    say(f"Fingerprint:  {format_groups(org_id)}")
    say(f"  in words:   {format_words(org_id)}")
    say(f"This desk:    {printable_line(joined.label)}, device {joined.device}")
    say(f"Charter:      {joined.serial}, until {joined.expires}")
    tell("Next: courier desk sync.")
