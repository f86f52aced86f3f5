"""`courier desk search`: words in everything that was written."""

from pathlib import Path

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.options import examples, json_option
from silent_courier.cli.output import (
    SHORT_ID,
    View,
    printable_line,
    progress,
    quoted,
    say,
    say_json,
    tell,
)
from silent_courier.desk import Desk, Hit, index_more, search_all


@click.command(
    epilog=examples(
        "courier desk search anna tender 2026", "courier desk search anna взятка --json"
    )
)
@desk_options
@click.argument("words", metavar="WORDS", nargs=-1, required=True)
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=50,
    show_default=True,
    help="Places to show, at most.",
)
@json_option
def search(
    directory: Path,
    *,
    words: tuple[str, ...],
    limit: int,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """Find letters, answers, notes and files by words.

    Everything that has all of the words is listed, newest first. A word is found by its beginning,
    whatever its case and accents. Of attachments the names are searched, and the text of those
    that were opened as pixels.
    """
    with opened(directory, passphrase_file) as desk, progress() as view:
        _index_all(desk, view)
        results = search_all(desk, " ".join(words), limit)
        view.clear()
    if as_json:
        say_json(results)
        return
    for hit in results.hits:
        _say_hit(hit)
    if not results.hits:
        tell("Nothing has all of these words.")
    elif results.more:
        tell("There is more; --limit shows it.")


def _index_all(desk: Desk, view: View) -> None:
    """A vault that an older program has filled is indexed once."""
    left = total = index_more(desk)
    while left:
        view.show("index", total - left, total)
        left = index_more(desk)


def _say_hit(hit: Hit) -> None:
    by = f" by {printable_line(hit.by)}" if hit.by else ""
    name = f"{hit.alias} {hit.thread[:SHORT_ID]}"
    about = ", ".join(filter(None, (name, hit.date, hit.kind)))
    say(f"── {about}{by} ──")
    if hit.file is not None:
        say(f"file {printable_line(hit.file)}")
    say(quoted("".join(piece.text for piece in hit.snippet)))
