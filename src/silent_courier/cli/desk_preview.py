"""`courier desk preview`: an attachment as pixels."""

from pathlib import Path
from typing import Final

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.desk_threads import find_named
from silent_courier.cli.options import Directory, examples, json_option
from silent_courier.cli.output import counted, printable_line, say, say_json, tell
from silent_courier.desk import Desk, Preview, preview_attachment

PAGES_MAX: Final = 20


@click.command(
    epilog=examples(
        "courier desk preview anna tawny-heron/1 --out pictures",
        "courier desk preview anna newest/2 --out pictures --pages 100",
    )
)
@desk_options
@click.argument("attachment", metavar="THREAD/NUMBER")
@click.option("--out", required=True, type=Directory, metavar="FOLDER", help="For the pictures.")
@click.option(
    "--pages",
    type=click.IntRange(1, 1000),
    default=PAGES_MAX,
    show_default=True,
    help="So many of its pages, from the first.",
)
@json_option
def preview(
    directory: Path,
    *,
    attachment: str,
    out: Path,
    pages: int,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """Draw an attachment as pixels.

    NUMBER is its place in the thread, as `courier desk read` shows it. It is drawn in a sandbox
    without network, memory or time to spare, by bubblewrap; what comes out is a picture of each
    page, or plain text. Nothing of the file itself is written.
    """
    thread, number = named_attachment(attachment)
    with opened(directory, passphrase_file) as desk:
        made = _preview(desk, thread, number, out, pages)
    if as_json:
        say_json(made)
    else:
        _tell(made)
    if made.problem:
        raise click.exceptions.Exit(1)


def named_attachment(name: str) -> tuple[str, int]:
    """THREAD/NUMBER, taken apart; click.UsageError."""
    thread, _, number = name.rpartition("/")
    if not thread or not number.isdecimal():
        raise click.UsageError("Name the attachment as THREAD/NUMBER.")
    return thread, int(number)


def _preview(desk: Desk, thread: str, number: int, out: Path, pages: int) -> Preview:
    return preview_attachment(desk, find_named(desk, thread), number, out, pages)


def _tell(made: Preview) -> None:
    say(f"{printable_line(made.name)}: {made.label or 'unknown'}, {counted(made.size, 'byte')}")
    say(f"SHA-256 {made.sha256}")
    for warning in made.warnings:
        say(f"  ! {warning}")
    for path in made.paths:
        tell(f"Drawn: {printable_line(path)}")
    if made.pages > len(made.paths) and not made.problem:
        tell(f"It has {counted(made.pages, 'page')}; --pages draws more.")
    if made.problem:
        tell(f"NOT drawn: {made.problem}")
