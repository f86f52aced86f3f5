"""`courier desk alarms`, `close` and `sign-portal`: what to ask about, say, and vouch for."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from silent_courier.cli.connection import connection_options, read_way, run_async
from silent_courier.cli.desk_session import desk_options, opened, to_server
from silent_courier.cli.options import examples, json_option
from silent_courier.cli.output import (
    counted,
    format_day,
    print_table,
    printable_line,
    progress,
    say_json,
    tell,
)
from silent_courier.desk import close_until, dismiss, list_alarms, open_again
from silent_courier.desk import sign_portal as sign
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.manifest import Manifest, PortalFile


@click.command(epilog=examples("courier desk alarms anna", "courier desk alarms anna --dismiss 3"))
@desk_options
@click.option("--dismiss", "dismissed", type=int, metavar="ID", help="Put this alarm away.")
@click.option("--all", "every", is_flag=True, help="List those that were put away, too.")
@json_option
def alarms(
    directory: Path,
    *,
    dismissed: int | None,
    every: bool,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """List what no honest server, colleague or clock causes.

    Letters that were set aside are listed by `courier desk quarantine`.
    """
    with opened(directory, passphrase_file) as desk:
        if dismissed is not None and not dismiss(desk, dismissed):
            raise click.UsageError("There is no such alarm.")
        rows = list_alarms(desk, dismissed=every)
    if as_json:
        say_json(rows)
        return
    if not rows:
        tell("No alarms. What no honest server, colleague or clock causes stands here.")
        return
    print_table(
        ("id", "date", "what happened", "about"),
        ((row.id, row.date, row.sentence, printable_line(", ".join(row.details))) for row in rows),
    )


@click.command(
    epilog=examples("courier desk close anna --until 2026-12-31", "courier desk close anna --open")
)
@desk_options
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the absence.")
@click.option("--open", "opens", is_flag=True, help="Take it back.")
def close(
    directory: Path, *, until: datetime | None, opens: bool, passphrase_file: Path | None
) -> None:
    """Tell sources that this handler is away.

    The next sync says it.

    Letters still come, and day keys are stated as ever: colleagues hand over what was sealed to
    keys that were destroyed meanwhile.
    """
    if (until is None) != opens:
        raise click.UsageError("Give either --until DATE or --open.")
    with opened(directory, passphrase_file) as desk:
        if until is None:
            open_again(desk)
            tell("Open again. Next: courier desk sync.")
            return
        day = day_of(until.replace(tzinfo=UTC).timestamp())
        if day < desk.today:
            raise click.UsageError("This day is over.")
        close_until(desk, day)
    tell("Closed until the end of that day. Next: courier desk sync.")


@click.command("sign-portal", epilog=examples("courier desk sign-portal anna"))
@desk_options
@connection_options
@json_option
def sign_portal(
    directory: Path,
    *,
    passphrase_file: Path | None,
    socks: str | None,
    tor_config: Path | None,
    as_json: bool,
) -> None:
    """Sign the list of the portal's files.

    Makes every page and file as this installation has them, and signs their hashes, so that anybody
    can check the portal with `courier verify`. Nothing is taken from the server: it has to run the
    same release. Later syncs sign the same again under each new charter; after an update of the
    server, run this again on a desk with the same update.
    """
    way = read_way(socks, tor_config)
    with opened(directory, passphrase_file) as desk, progress() as view:

        async def once() -> Manifest:
            async with to_server(desk, directory, way, view) as transport:
                return await sign(desk, transport)

        manifest = run_async(once())
        view.clear()
    if as_json:
        say_json({"day": format_day(manifest.day), "files": [_row(f) for f in manifest.files]})
        return
    tell(f"Signed {counted(len(manifest.files), 'file')}. Anybody can check: courier verify ONION.")


def _row(file: PortalFile) -> dict[str, object]:
    return {"path": file.path, "status": file.status, "sha256": file.digest.hex()}


WATCH_COMMANDS: Final = (alarms, close, sign_portal)
