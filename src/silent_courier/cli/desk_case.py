"""`courier desk export-case` and `verify-export`: a case leaves the desk, and is checked."""

from pathlib import Path
from typing import Final

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.desk_threads import find_named
from silent_courier.cli.options import (
    InFile,
    NewPlace,
    examples,
    json_option,
)
from silent_courier.cli.output import (
    counted,
    printable_line,
    progress,
    say,
    say_json,
    tell,
)
from silent_courier.desk.app.catalogue import LANGUAGES, load_catalogue
from silent_courier.desk.case import Checked, Exported, check_export, collect_case, write_case
from silent_courier.desk.case.sentences import READ_ME, Say
from silent_courier.desk.leftovers import noted
from silent_courier.organisation.fingerprint import parse_fingerprint

_Case: Final = click.Path(exists=True, path_type=Path)
_CHANGES: Final = (("altered", "ALTERED"), ("missing", "MISSING"), ("added", "ADDED"))


@click.command(
    "export-case",
    epilog=examples(
        "courier desk export-case anna tawny-heron --out case",
        "courier desk export-case anna tawny-heron foggy-warbler --out case.zip",
    ),
)
@desk_options
@click.argument("threads", metavar="THREAD...", nargs=-1, required=True)
@click.option("--out", required=True, type=NewPlace, help="A new folder, or a new file.zip.")
@click.option(
    "--without-notes", is_flag=True, help="Leave out what colleagues wrote for each other."
)
@click.option("--without-files", is_flag=True, help="Leave out the attachments.")
@click.option(
    "--language",
    type=click.Choice(sorted(LANGUAGES)),
    default="en",
    show_default=True,
    help="Of the page to read.",
)
@json_option
def export_case(
    directory: Path,
    *,
    threads: tuple[str, ...],
    out: Path,
    without_notes: bool,
    without_files: bool,
    language: str,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """Export a case to a folder or a ZIP.

    One thread, or several of one matter: a page to read and print, the same as JSON, the files as
    they came with pictures of what can be drawn, and a list of all of it that this device signs.
    IT IS NOT ENCRYPTED.
    """
    with opened(directory, passphrase_file) as desk, progress() as view:
        found = [find_named(desk, thread) for thread in threads]
        case = collect_case(desk, found, notes=not without_notes, files=not without_files)

        def show(done: int, total: int) -> None:
            view.show("files", done, total)

        with noted(desk.vault, out.parent):
            exported = write_case(case, out, _speaker(language), language, show)
        view.clear()
    if as_json:
        say_json(exported)
    else:
        _tell_exported(exported)


@click.command(
    "verify-export",
    epilog=examples("courier desk verify-export case charter --org FINGERPRINT"),
)
@click.argument("place", metavar="CASE", type=_Case)
@click.argument("charter", metavar="CHARTER", type=InFile)
@click.option(
    "--org",
    "fingerprint",
    metavar="FINGERPRINT",
    required=True,
    help="The organisation's, from a place that you trust.",
)
@json_option
def verify_export(place: Path, *, charter: Path, fingerprint: str, as_json: bool) -> None:
    """Check who exported a case, and that nothing was changed.

    CASE is the folder or the ZIP; a ZIP need not be unpacked. Needs no desk: CHARTER is what
    `courier org charter` wrote.
    """
    checked = check_export(place, charter.read_bytes(), parse_fingerprint(fingerprint))
    if as_json:
        say_json({"is_whole": checked.is_whole, "export": checked})
    else:
        _say_checked(checked)
    if not checked.is_whole:
        raise click.exceptions.Exit(1)


CASE_COMMANDS: Final = (export_case, verify_export)


def _speaker(language: str) -> Say:
    catalogue = load_catalogue(language)
    return lambda sentence: catalogue.get(sentence, (sentence,))[0]


def _tell_exported(exported: Exported) -> None:
    files, size = counted(exported.files, "file"), counted(exported.size, "byte")
    tell(f"Exported: {files}, {size} in {printable_line(exported.path)}.")
    for name in exported.missing:
        tell(f"NOT exported: {printable_line(name)} is not here whole.")
    tell(READ_ME[1])


def _say_checked(checked: Checked) -> None:
    left = " (has left since)" if checked.has_left else ""
    say(f"Signed by {printable_line(checked.by)}{left}, {printable_line(checked.organisation)}")
    say(f"on {checked.date}, {counted(checked.files, 'file')}.")
    for name, word in _CHANGES:
        for path in getattr(checked, name):
            say(f"{word}: {printable_line(path)}")
    say("Nothing was changed since." if checked.is_whole else "It was CHANGED since.")
