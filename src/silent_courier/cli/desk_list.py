"""`courier desk list`: the threads, all or those that one wants."""

from pathlib import Path

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.desk_threads import SHORT_ID
from silent_courier.cli.options import examples, json_option
from silent_courier.cli.output import print_table, printable_line, say_json
from silent_courier.desk import ThreadRow, list_threads
from silent_courier.desk.selecting import SHOWS, Show, fits


@click.command(
    "list",
    epilog=examples(
        "courier desk list anna",
        "courier desk list anna --show overdue",
        "courier desk list anna --show mine --label urgent --json",
    ),
)
@desk_options
@click.option(
    "--show",
    type=click.Choice(SHOWS),
    metavar="WHICH",
    default="all",
    show_default=True,
    help=f"Which threads: {', '.join(SHOWS)}.",
)
@click.option("--label", metavar="WORD", help="Only those with this label.")
@click.option("--language", metavar="CODE", help="Only those whose letters are in this language.")
@json_option
def list_(
    directory: Path,
    *,
    show: Show,
    label: str | None,
    language: str | None,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """List the threads, newest first.

    `open`: neither closed nor muted. `due`: something is owed soon, or to be followed up. `mine`:
    those that are assigned to this desk's handler. What was set aside: `courier desk quarantine`.
    """
    with opened(directory, passphrase_file) as desk:
        rows = [
            row
            for row in list_threads(desk)
            if fits(row, show)
            and (label is None or label.casefold() in {each.casefold() for each in row.team.labels})
            and language in (None, row.language)
        ]
    if as_json:
        say_json(rows)
        return
    columns = ("thread", "last", "lang", "unread", "files", "who", "state", "labels", "begins")
    print_table(columns, (_line(row) for row in rows))


def _line(row: ThreadRow) -> tuple[object, ...]:
    return (
        row.thread[:SHORT_ID],
        row.last_date,
        row.language,
        row.unread,
        row.attachments,
        printable_line(row.team.assigned or ", ".join(row.answered_by)),
        _state(row),
        printable_line(", ".join(row.team.labels)),
        row.preview,
    )


def _state(row: ThreadRow) -> str:
    """What a handler should know first."""
    team = row.team
    said = [
        name
        for name, holds in (
            ("disputed", row.disputed),
            ("closed", bool(team.closed)),
            ("muted", team.muted),
            ("on hold", team.held),
            (f"follow up {team.follow_up_date}", bool(team.follow_up_date)),
        )
        if holds
    ]
    if team.due is not None and team.due.state == "overdue":
        said.insert(0, f"{team.due.kind} OVERDUE since {team.due.date}")
    elif team.due is not None and team.due.state == "due":
        said.insert(0, f"{team.due.kind} by {team.due.date}")
    elif row.replies and team.due is None:
        said.append("answered")
    return ", ".join(said)
