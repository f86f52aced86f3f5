"""`courier desk clean`: an attachment without the details that hide in it."""

from pathlib import Path

import click

from silent_courier.cli.desk_preview import named_attachment
from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.desk_threads import find_named, tell_saved
from silent_courier.cli.options import Directory, examples, json_option
from silent_courier.cli.output import say_json, tell
from silent_courier.desk.cleaned import Cleanable, prepare_cleaning, save_cleaned
from silent_courier.desk.contents import numbered_attachment
from silent_courier.desk.leftovers import noted
from silent_courier.desk.sandbox.cleaning import NO_PROMISE


@click.command(epilog=examples("courier desk clean anna tawny-heron/1 --out cleaned"))
@desk_options
@click.argument("attachment", metavar="THREAD/NUMBER")
@click.option("--out", required=True, type=Directory, metavar="FOLDER", help="For the file.")
@json_option
def clean(
    directory: Path,
    *,
    attachment: str,
    out: Path,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """Save an attachment without hidden details.

    By Debian's mat2, in a sandbox (`apt install mat2 bubblewrap`). NUMBER is its place in the
    thread, as `courier desk read` shows it. What can be seen or heard stays as it is.
    """
    thread, number = named_attachment(attachment)
    with opened(directory, passphrase_file) as desk:
        kept = numbered_attachment(desk, find_named(desk, thread), number)
        ready = prepare_cleaning(desk, kept)
        with noted(desk.vault, out):
            saved = save_cleaned(ready, out) if isinstance(ready, Cleanable) else ready
    if as_json:
        say_json(saved)
    else:
        tell_saved(saved)
        if saved.path:
            tell(NO_PROMISE)
    if not saved.path:
        raise click.exceptions.Exit(1)
