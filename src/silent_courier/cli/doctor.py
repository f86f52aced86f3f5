"""`courier doctor`: what is wrong in a directory, and what to do."""

import time
from collections.abc import Iterator
from pathlib import Path

import click

from silent_courier.cli.desk_session import opened
from silent_courier.cli.examine import examine_desk, examine_opened_desk, recognise
from silent_courier.cli.findings import (
    Finding,
    bad,
    exit_code,
    findings_json,
    from_error,
    note,
    say_findings,
)
from silent_courier.cli.options import (
    directory_argument,
    examples,
    json_option,
    passphrase_option,
)
from silent_courier.cli.output import say, say_json
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import CourierError

_NOTHING = bad(
    "There is no server, organisation or desk here.",
    "Name a directory that `courier server init`, `org init` or `desk init` made.",
)

_CLOSED = note("Its passphrase says more: --passphrase-file.")
_NO_SERVER = note(
    "This looks at no server: `courier desk sync` does.",
    "A desk that was revoked looks sound from here.",
)


@click.command(
    epilog=examples("courier doctor server", "courier doctor anna --passphrase-file passphrase")
)
@directory_argument
@passphrase_option
@json_option
def doctor(directory: Path, *, passphrase_file: Path | None, as_json: bool) -> int:
    """Say what is wrong in DIR, and what to do.

    DIR is a server's, an organisation's or a desk's, or holds several of these. Changes nothing.
    With a passphrase file it also looks into a desk.
    """
    reports = dict(_examine_all(directory, passphrase_file))
    if not reports:
        reports = {"nothing": [_NOTHING]}
    if as_json:
        say_json({name: findings_json(findings) for name, findings in reports.items()})
    else:
        for name, findings in reports.items():
            say(f"{name}:")
            say_findings(findings)
    return exit_code([finding for findings in reports.values() for finding in findings])


def _examine_all(
    directory: Path, passphrase_file: Path | None
) -> Iterator[tuple[str, list[Finding]]]:
    """The directory itself, else what lies directly in it; by a name for each."""
    places = [directory] if recognise(directory) else sorted(_subdirectories(directory))
    for place in places:
        if (recognised := recognise(place)) is not None:
            kind, examine = recognised
            findings = list(examine(place, day_of(time.time())))
            if examine is examine_desk:
                findings += (
                    _examine_inside(place, passphrase_file) if passphrase_file else [_CLOSED]
                )
                findings.append(_NO_SERVER)
            yield (kind if place == directory else f"{place.name} ({kind})"), findings


def _examine_inside(directory: Path, passphrase_file: Path) -> list[Finding]:
    try:
        with opened(directory, passphrase_file) as desk:
            return list(examine_opened_desk(desk))
    except CourierError as error:
        return [from_error(error)]


def _subdirectories(directory: Path) -> Iterator[Path]:
    if directory.is_dir():
        yield from (path for path in directory.iterdir() if path.is_dir())
