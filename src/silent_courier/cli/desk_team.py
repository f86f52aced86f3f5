"""`courier desk assign`, `label`, `close-thread` and their like: what colleagues see as well."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.desk_threads import find_named, thread_argument
from silent_courier.cli.options import check_language, examples
from silent_courier.cli.output import counted, printable_line, tell
from silent_courier.cli.prompts import read_text
from silent_courier.desk import Desk, info, read_thread
from silent_courier.desk.naming import alias_in
from silent_courier.desk.reading import only_one
from silent_courier.desk.reposting import post_again
from silent_courier.desk.retention import delete_thread
from silent_courier.desk.team import (
    add_label,
    assign,
    come_back_by,
    follow_up,
    mark_same,
    remove_label,
    switch,
    translate,
)
from silent_courier.protocol.calendar import day_of

_NEXT: Final = "Next: courier desk sync."
_DATE: Final = click.DateTime(["%Y-%m-%d"])
_off: Final = click.option("--off", is_flag=True, help="Take it back.")


@click.command(
    "assign",
    epilog=examples(
        "courier desk assign anna tawny-heron Boris",
        "courier desk assign anna tawny-heron --me",
        "courier desk assign anna tawny-heron --nobody",
    ),
)
@desk_options
@thread_argument
@click.argument("handler", required=False)
@click.option("--me", is_flag=True, help="To the handler of this desk.")
@click.option("--nobody", is_flag=True, help="To nobody.")
def assign_(
    directory: Path,
    *,
    thread: str,
    handler: str | None,
    me: bool,
    nobody: bool,
    passphrase_file: Path | None,
) -> None:
    """Say who takes care of a thread.

    HANDLER is a label of the charter. Colleagues see it after the next syncs; of two who assign
    at once the later one counts.
    """
    if (handler is not None) + me + nobody != 1:
        raise click.UsageError("Name a HANDLER, or give --me or --nobody.")
    with opened(directory, passphrase_file) as desk:
        given = assign(desk, find_named(desk, thread), info(desk).label if me else handler)
    tell(f"Assigned to {printable_line(given or 'nobody')}. {_NEXT}")


@click.command(epilog=examples("courier desk label anna tawny-heron --add urgent --remove tax"))
@desk_options
@thread_argument
@click.option("--add", "added", multiple=True, metavar="WORD", help="Put it on.")
@click.option("--remove", "removed", multiple=True, metavar="WORD", help="Take it off.")
def label(
    directory: Path,
    *,
    thread: str,
    added: tuple[str, ...],
    removed: tuple[str, ...],
    passphrase_file: Path | None,
) -> None:
    """Put labels on a thread, or take them off.

    A label is a word or a few, of up to 40 characters. Sources never see them.
    """
    if not added and not removed:
        raise click.UsageError("Give --add or --remove.")
    with opened(directory, passphrase_file) as desk:
        found = find_named(desk, thread)
        for word in added:
            add_label(desk, found, word)
        for word in removed:
            remove_label(desk, found, word)
    tell(f"Labelled. {_NEXT}")


@click.command("close-thread", epilog=examples("courier desk close-thread anna tawny-heron"))
@desk_options
@thread_argument
@_off
def close_thread(directory: Path, *, thread: str, off: bool, passphrase_file: Path | None) -> None:
    """Close a thread: nothing is owed any more.

    The source is not told. A letter of a later day opens it again. `courier desk close` is another
    thing: that a handler is away.
    """
    with opened(directory, passphrase_file) as desk:
        found = find_named(desk, thread)
        switch(desk, found, "closed", on=not off)
        alias = alias_in(desk, found)
    tell(f"{'Open again' if off else 'Closed'}: {alias}. {_NEXT}")


@click.command(epilog=examples("courier desk mute anna tawny-heron"))
@desk_options
@thread_argument
@_off
def mute(directory: Path, *, thread: str, off: bool, passphrase_file: Path | None) -> None:
    """Let a thread that floods ask for no attention.

    Its letters are kept as ever; it is listed with `--show muted` alone.
    """
    with opened(directory, passphrase_file) as desk:
        switch(desk, find_named(desk, thread), "muted", on=not off)
    tell(f"{'Heard again' if off else 'Muted'}. {_NEXT}")


@click.command(epilog=examples("courier desk hold anna tawny-heron"))
@desk_options
@thread_argument
@_off
def hold(directory: Path, *, thread: str, off: bool, passphrase_file: Path | None) -> None:
    """Keep a thread from being deleted, on every desk.

    For a case before a court, or one that is looked into.
    """
    with opened(directory, passphrase_file) as desk:
        switch(desk, find_named(desk, thread), "held", on=not off)
    tell(f"{'Off hold' if off else 'On hold'}. {_NEXT}")


@click.command(
    "same-matter", epilog=examples("courier desk same-matter anna tawny-heron foggy-warbler")
)
@desk_options
@thread_argument
@click.argument("other")
@_off
def same_matter(
    directory: Path, *, thread: str, other: str, off: bool, passphrase_file: Path | None
) -> None:
    """Mark two threads as about the same matter.

    They stay two: neither source learns of the other, and answers go to one of them.
    """
    with opened(directory, passphrase_file) as desk:
        mark_same(desk, find_named(desk, thread), find_named(desk, other), same=not off)
    tell(f"{'Two matters' if off else 'One matter'}. {_NEXT}")


@click.command(
    "follow-up",
    epilog=examples(
        'courier desk follow-up anna tawny-heron --on 2026-12-01 --text "ask Eva"',
        "courier desk follow-up anna tawny-heron --done",
    ),
)
@desk_options
@thread_argument
@click.option("--on", "on", type=_DATE, help="The day.")
@click.option("--text", default="", metavar="WORDS", help="What is to be done.")
@click.option("--done", is_flag=True, help="Take it off.")
def follow_up_(
    directory: Path,
    *,
    thread: str,
    on: datetime | None,
    text: str,
    done: bool,
    passphrase_file: Path | None,
) -> None:
    """Note what is to be done about a thread, and when.

    From that day on it is listed with `--show due`.
    """
    if (on is None) != done:
        raise click.UsageError("Give either --on DATE or --done.")
    with opened(directory, passphrase_file) as desk:
        follow_up(desk, find_named(desk, thread), _day(on), text)
    tell(f"{'Done' if done else 'Noted'}. {_NEXT}")


@click.command(
    "come-back", epilog=examples("courier desk come-back anna tawny-heron --by 2026-12-20")
)
@desk_options
@thread_argument
@click.option("--by", "by", type=_DATE, help="The day.")
@_off
def come_back(
    directory: Path, *, thread: str, by: datetime | None, off: bool, passphrase_file: Path | None
) -> None:
    """Note by when the source was asked to come back.

    Colleagues see it; the source learns of it only from your answer, so write it there.
    """
    if (by is None) != off:
        raise click.UsageError("Give either --by DATE or --off.")
    with opened(directory, passphrase_file) as desk:
        come_back_by(desk, find_named(desk, thread), _day(by))
    tell(f"{'Taken back' if off else 'Noted'}. {_NEXT}")


@click.command(
    "translate",
    epilog=examples("courier desk translate anna tawny-heron 5e6f7a8b --language en < english.txt"),
)
@desk_options
@thread_argument
@click.argument("entry")
@click.option(
    "--language",
    metavar="CODE",
    required=True,
    callback=check_language,
    help="Of the translation.",
)
def translate_(
    directory: Path, *, thread: str, entry: str, language: str, passphrase_file: Path | None
) -> None:
    """Keep a translation of a letter or answer for colleagues.

    The text is read from standard input; an empty one takes it away. ENTRY is an id that `courier
    desk read --json` shows, or its beginning. Make it yourself: a translator on the Internet would
    be shown the letter.
    """
    text = read_text("Write the translation")
    with opened(directory, passphrase_file) as desk:
        found = find_named(desk, thread)
        translate(desk, found, _entry(desk, found, entry), language, text)
    tell(f"Kept. {_NEXT}")


@click.command("post-again", epilog=examples("courier desk post-again anna tawny-heron 5e6f7a8b"))
@desk_options
@thread_argument
@click.argument("entry")
def post_again_(directory: Path, *, thread: str, entry: str, passphrase_file: Path | None) -> None:
    """Post an answer again that leaves the board.

    An answer stays for 30 to 44 days; whether the source has read it, nobody knows. ENTRY is the
    answer's id, as `courier desk read --json` shows it, or its beginning.
    """
    with opened(directory, passphrase_file) as desk:
        queued = post_again(desk, find_named(desk, thread), entry)
    tell(f"It waits, {counted(queued.cells, 'cell')}. {_NEXT}")


@click.command(epilog=examples("courier desk delete anna tawny-heron --yes"))
@desk_options
@thread_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(directory: Path, *, thread: str, yes: bool, passphrase_file: Path | None) -> None:
    """Delete a thread from this desk, for ever.

    Colleagues keep theirs, and so do copies and exports that were made before. The letters are not
    fetched again.
    """
    with opened(directory, passphrase_file) as desk:
        found = find_named(desk, thread)
        alias = alias_in(desk, found)
        if not yes:
            click.confirm(f"Delete {alias}? Nothing brings it back", abort=True, err=True)
        delete_thread(desk, found)
    tell(f"Deleted: {alias}.")


TEAM_COMMANDS: Final = (
    assign_,
    label,
    close_thread,
    mute,
    hold,
    same_matter,
    follow_up_,
    come_back,
    translate_,
    post_again_,
    delete,
)


def _day(date: datetime | None) -> int | None:
    return None if date is None else day_of(date.replace(tzinfo=UTC).timestamp())


def _entry(desk: Desk, thread: str, entry: str) -> str:
    ids = [bytes.fromhex(found.id) for found in read_thread(desk, thread, mark_read=False)]
    return only_one([name for name in ids if name.hex().startswith(entry.lower())], entry).hex()
