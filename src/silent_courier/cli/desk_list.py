"""`courier desk list`: the threads, all or those that one wants."""

from pathlib import Path
from typing import Final

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.options import examples, json_option
from silent_courier.cli.output import (
    SHORT_ID,
    at_terminal,
    counted,
    print_table,
    print_two_lined,
    say_json,
    tell,
)
from silent_courier.desk import ThreadRow, list_threads
from silent_courier.desk.selecting import SHOWS, Show, fits

_COLUMNS: Final = (
    *("thread", "id", "last", "lang", "unread"),
    *("files", "who", "state", "labels", "begins"),
)


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

    The two words are what the desk's page calls the source, on every colleague's desk alike. Every
    command takes them as THREAD (`tawny-heron`), or the first characters of the id.
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
    elif at_terminal():
        columns = ("thread", "id", "last", "new", "what")
        print_two_lined(columns, (_brief(row) for row in rows), frozenset({3}))
    else:
        print_table(_COLUMNS, (_line(row) for row in rows))
    if not rows and not as_json:
        tell(_nothing(filtered=(show, label, language) != ("all", None, None)))


def _nothing(*, filtered: bool) -> str:
    if filtered:
        return "No thread is like this. Without options all are listed."
    return "No threads yet. A letter that somebody writes comes with `courier desk sync`."


def _line(row: ThreadRow) -> tuple[object, ...]:
    """All of it, for a program that reads lines."""
    return (
        row.alias,
        row.thread[:SHORT_ID],
        row.last_date,
        row.language,
        row.unread,
        row.attachments,
        _who(row),
        _state(row),
        ", ".join(row.team.labels),
        row.preview,
    )


def _brief(row: ThreadRow) -> tuple[tuple[object, ...], str]:
    """What fits on a terminal of 80 columns, and how the newest letter begins."""
    files = counted(row.attachments, "file") if row.attachments else ""
    said = (_state(row), _who(row), *row.team.labels, files, row.language)
    what = "; ".join(each for each in said if each)
    return (row.alias, row.thread[:SHORT_ID], row.last_date, row.unread or "", what), row.preview


def _who(row: ThreadRow) -> str:
    return row.team.assigned or ", ".join(row.answered_by)


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
