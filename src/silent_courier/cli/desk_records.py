"""`courier desk settings`, `templates`, `statistics`, `audit`: how a desk is kept."""

from pathlib import Path
from typing import Final

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.options import examples, json_option
from silent_courier.cli.output import (
    SHORT_ID,
    print_table,
    printable_line,
    quoted,
    say,
    say_json,
    tell,
)
from silent_courier.cli.prompts import read_text
from silent_courier.desk.deadlines import SETTING_MAX, change_settings, read_settings
from silent_courier.desk.statistics import SMALLEST, read_statistics
from silent_courier.desk.templates import keep_template, list_templates
from silent_courier.desk.trail import read_trail

_days = click.IntRange(0, SETTING_MAX)


@click.command(
    epilog=examples("courier desk settings anna", "courier desk settings anna --retention-days 365")
)
@desk_options
@click.option("--acknowledge-days", type=_days, help="Promised to acknowledge within.")
@click.option("--acknowledge-alert", type=_days, help="Warn so many days after the letter.")
@click.option("--feedback-days", type=_days, help="Promised to give feedback within.")
@click.option("--feedback-alert", type=_days, help="Warn so many days after the letter.")
@click.option("--retention-days", type=_days, help="Delete so long after closing; 0: never.")
@json_option
def settings(
    directory: Path, *, as_json: bool, passphrase_file: Path | None, **given: int | None
) -> None:
    """Show what this desk keeps to, or change it.

    They are this desk's alone: agree on them with your colleagues.
    """
    values = {name: value for name, value in given.items() if value is not None}
    with opened(directory, passphrase_file) as desk:
        now = change_settings(desk, **values) if values else read_settings(desk)
    if as_json:
        say_json(now)
        return
    say(f"Acknowledge within {now.acknowledge_days} days, warn on day {now.acknowledge_alert}.")
    say(f"Give feedback within {now.feedback_days} days, warn on day {now.feedback_alert}.")
    kept = f"{now.retention_days} days after closing" if now.retention_days else "never"
    say(f"Delete threads: {kept}.")


@click.command(
    epilog=examples(
        "courier desk templates anna",
        "courier desk templates anna --keep thanks --shared < thanks.txt",
        "courier desk templates anna --remove thanks",
    )
)
@desk_options
@click.option("--keep", metavar="NAME", help="Keep the text on standard input as NAME.")
@click.option("--remove", metavar="NAME", help="Take this one away.")
@click.option("--shared", is_flag=True, help="For colleagues too; else for this desk alone.")
@json_option
def templates(
    directory: Path,
    *,
    keep: str | None,
    remove: str | None,
    shared: bool,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """List texts to answer with, or keep one."""
    if keep is not None and remove is not None:
        raise click.UsageError("Give --keep or --remove, not both.")
    text = "" if keep is None else read_text("Write the text")
    with opened(directory, passphrase_file) as desk:
        if (name := keep or remove) is not None:
            keep_template(desk, name, text, shared=shared)
            tell("Kept." if keep else "Taken away.")
            return
        found = list_templates(desk)
    if as_json:
        say_json(found)
        return
    if not found:
        tell("No texts are kept yet. --keep NAME keeps one, --shared for colleagues too.")
    for template in found:
        say(f"── {printable_line(template.name)}{' (shared)' if template.shared else ''} ──")
        say(quoted(template.text))


@click.command(epilog=examples("courier desk statistics anna"))
@desk_options
@json_option
def statistics(directory: Path, *, as_json: bool, passphrase_file: Path | None) -> None:
    """Count letters by month.

    Numbers below 10 are left out, and those that would give such a number away.
    """
    with opened(directory, passphrase_file) as desk:
        rows = read_statistics(desk)
    if as_json:
        say_json(rows)
        return
    if not rows:
        tell("There is nothing to count yet: no letter has come.")
        return
    few = f"<{SMALLEST}"
    print_table(
        ("month", "letters", "answered", "opened", "days to open"),
        (
            (
                row.month,
                few if row.letters is None else row.letters,
                "·" if row.answered is None else row.answered,
                "·" if row.opened is None else row.opened,
                "·" if row.days_to_open is None else row.days_to_open / 10,
            )
            for row in rows
        ),
    )


@click.command(epilog=examples("courier desk audit anna", "courier desk audit anna --json"))
@desk_options
@json_option
def audit(directory: Path, *, as_json: bool, passphrase_file: Path | None) -> None:
    """List what handlers did here, and check the list.

    Ends with 1 where something was altered. `told`: where colleagues' trails stood when they last
    said so; compare it with what their own desks show.
    """
    with opened(directory, passphrase_file) as desk:
        trail = read_trail(desk)
    if as_json:
        say_json(trail)
    elif not trail.acts:
        tell("Nothing was done here yet. What is opened, answered or exported stands here.")
    else:
        print_table(
            ("no.", "time (UTC)", "act", "thread", "id", "of", ""),
            (
                (
                    entry.number,
                    entry.time,
                    entry.act,
                    entry.alias or ("deleted" if entry.about else ""),
                    entry.thread[:SHORT_ID] or entry.about[:SHORT_ID],
                    entry.detail,
                    "ALTERED" if entry.broken else "",
                )
                for entry in trail.acts
            ),
        )
        for told in trail.told:
            tell(f"told: {printable_line(told.label)}, device {told.device}: {told.acts} acts")
    if trail.broken:
        tell("Somebody has altered the trail, or put an older vault in the place of this one.")
        raise click.exceptions.Exit(1)
    if not as_json:
        tell("Nothing was altered, as far as colleagues were told.")


RECORD_COMMANDS: Final = (settings, templates, statistics, audit)
