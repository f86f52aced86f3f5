"""`courier desk queue` and `take-back`: what waits to be posted, until it has gone."""

from pathlib import Path
from typing import Final

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.options import examples, json_option
from silent_courier.cli.output import SHORT_ID, print_table, say, say_json, tell
from silent_courier.desk import list_queue
from silent_courier.desk import take_back as take_out
from silent_courier.desk.dates import iso_time
from silent_courier.desk.views import QueueRow

_ID_MIN: Final = 4


@click.command(epilog=examples("courier desk queue anna", "courier desk queue anna --json"))
@desk_options
@json_option
def queue(directory: Path, *, as_json: bool, passphrase_file: Path | None) -> None:
    """List what waits to be posted, and when it goes.

    A desk posts the same number of cells and letters at the same times, whatever is written, so
    that nobody at the server can tell when a source is answered. The times are UTC, and hold
    while the desk is on.
    """
    with opened(directory, passphrase_file) as desk:
        rows = list_queue(desk)
    if as_json:
        say_json(rows)
        return
    if not rows:
        tell("Nothing waits. Answers and notes stand here until they are posted.")
        return
    print_table(
        ("id", "thread", "", "what", "cells", "goes", "begins"),
        (
            (
                row.id[:SHORT_ID],
                row.alias,
                row.thread[:SHORT_ID],
                row.kind,
                row.cells,
                _when(row),
                row.preview,
            )
            for row in rows
        ),
    )


@click.command("take-back", epilog=examples("courier desk take-back anna 1a2b3c4d > again.txt"))
@desk_options
@click.argument("entry", metavar="ID")
def take_back(directory: Path, *, entry: str, passphrase_file: Path | None) -> None:
    """Take an answer or a note back that was not posted yet.

    ID is the first characters of an id that `courier desk queue` lists. The text is printed, to
    be written anew.
    """
    with opened(directory, passphrase_file) as desk:
        found = [row for row in list_queue(desk) if row.id.startswith(entry.lower())]
        if len(found) != 1 or len(entry) < _ID_MIN:
            raise click.UsageError(
                "Nothing that waits has this id, or more than one. `courier desk queue` lists them;"
                " what is not there any more was posted."
            )
        _, text = take_out(desk, found[0].thread, found[0].id)
    say(text)
    tell("Taken back. Nothing of it was posted.")


def _when(row: QueueRow) -> str:
    if row.posting_at is None:
        return "with the next letters" if row.kind == "note" else "later than can be said"
    return iso_time(row.posting_at)


QUEUE_COMMANDS: Final = (queue, take_back)
