"""`courier desk alarms` and `close`: what to ask about, and when nobody is here."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.options import examples, json_option
from silent_courier.cli.output import print_table, printable_line, say_json, tell
from silent_courier.desk import close_until, dismiss, list_alarms, open_again
from silent_courier.protocol.calendar import day_of


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


WATCH_COMMANDS: Final = (alarms, close)
