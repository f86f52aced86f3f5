"""`courier desk read`, `reply` and their like: a handler at work."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from silent_courier.cli.desk_session import desk_options, opened
from silent_courier.cli.options import (
    Directory,
    OutFile,
    check_language,
    examples,
    json_option,
)
from silent_courier.cli.output import (
    SHORT_ID,
    counted,
    print_table,
    printable_line,
    quoted,
    say,
    say_json,
    tell,
)
from silent_courier.cli.prompts import read_text
from silent_courier.desk import (
    AttachmentView,
    Desk,
    Queued,
    SavedFile,
    ThreadEntry,
    ThreadTeam,
    export_letter,
    list_quarantine,
    list_thread,
    list_threads,
    read_acts,
    read_thread,
    save_attachments,
)
from silent_courier.desk import note as queue_note
from silent_courier.desk import release as release_letter
from silent_courier.desk import reply as queue_reply
from silent_courier.desk import reseal as queue_reseal
from silent_courier.desk import settle as settle_thread
from silent_courier.desk.dates import iso_time
from silent_courier.desk.naming import alias_in
from silent_courier.desk.naming import find_named as find_called
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.storage.files import write_durably

NEWEST: Final = "newest"
_FILE_BAR: Final = "│ + "
_PROBLEMS: Final = {
    "waiting": "is not complete yet; the next syncs fetch it",
    "damaged": "is damaged and was not saved",
    "gone": "never came, and no server holds it any more",
    "malformed": "is not what the letter says it is, and was not saved",
}

thread_argument = click.argument("thread", metavar="THREAD")


@click.command(
    epilog=examples(
        "courier desk read anna tawny-heron", "courier desk read anna 1a2b3c4d --save files"
    )
)
@desk_options
@thread_argument
@click.option("--save", type=Directory, metavar="FOLDER", help="Save its attachments in FOLDER.")
@click.option("--keep-unread", is_flag=True, help="Do not mark its letters as read.")
@json_option
def read(
    directory: Path,
    *,
    thread: str,
    save: Path | None,
    keep_unread: bool,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """Read a thread, oldest first.

    THREAD is its two words (`tawny-heron`), its id or the first characters of that, or `newest`: of
    several of one day, the one filed last. The order of letters that one sync brought of one day
    nobody knows: the server forgets it on purpose.

    Attachments are saved as they came: open them only on a machine where nothing can be lost.
    """
    with opened(directory, passphrase_file) as desk:
        found = find_named(desk, thread)
        entries = read_thread(desk, found, mark_read=not keep_unread)
        row, acts = list_thread(desk, found), read_acts(desk, found)
        same = [f"{alias_in(desk, other)} {other[:SHORT_ID]}" for other in row.team.same]
        saved = save_attachments(desk, found, save) if save else ()
    if as_json:
        told = {"team": row.team, "entries": entries, "acts": acts, "saved": saved}
        say_json({"thread": found, "alias": row.alias, **told})
        return
    say(f"{row.alias}, thread {found[:SHORT_ID]}")
    say()
    for entry in entries:
        _say_entry(entry)
    _say_team(row.team, same)
    for file in saved:
        tell_saved(file)


@click.command(epilog=examples("courier desk reply anna tawny-heron < answer.txt"))
@desk_options
@thread_argument
@click.option(
    "--language",
    metavar="CODE",
    callback=check_language,
    help="Of the answer; default: that of the thread.",
)
@json_option
def reply(
    directory: Path,
    *,
    thread: str,
    language: str | None,
    as_json: bool,
    passphrase_file: Path | None,
) -> None:
    """Answer a source; the text is read from standard input.

    The answer waits in the vault until the next sync posts it. Colleagues will see it too.
    """
    text = read_text("Write your answer")
    with opened(directory, passphrase_file) as desk:
        found = find_named(desk, thread)
        queued = queue_reply(desk, found, text, language or _language_of(desk, found))
        alias = alias_in(desk, found)
    _say_queued(queued, f"To {alias}", found, alias, as_json=as_json)
    if queued.former_can_read:
        tell("A former handler could read this: the source has not written since they left.")


@click.command(epilog=examples("courier desk note anna tawny-heron < note.txt"))
@desk_options
@thread_argument
@json_option
def note(directory: Path, *, thread: str, as_json: bool, passphrase_file: Path | None) -> None:
    """Write a note that only colleagues will see.

    The text is read from standard input; the next sync posts it.
    """
    text = read_text("Write your note")
    with opened(directory, passphrase_file) as desk:
        found = find_named(desk, thread)
        queued, alias = queue_note(desk, found, text), alias_in(desk, found)
    _say_queued(queued, f"On {alias}", found, alias, as_json=as_json)


@click.command(epilog=examples("courier desk reseal anna --for Boris"))
@desk_options
@click.option("--for", "handler", metavar="HANDLER", help="A label; default: every colleague.")
def reseal(directory: Path, *, handler: str | None, passphrase_file: Path | None) -> None:
    """Hand letters and history to a colleague.

    For one who was away too long or is new. The next syncs post it.
    """
    with opened(directory, passphrase_file) as desk:
        labels = queue_reseal(desk, handler)
    tell(f"For {', '.join(map(printable_line, labels)) or 'nobody'}. Next: courier desk sync.")


@click.command(
    epilog=examples(
        "courier desk letter anna 5e6f7a8b --out letter.age --identity key.txt",
        "age --decrypt --identity key.txt letter.age",
    )
)
@desk_options
@click.argument("letter_id", metavar="ID")
@click.option("--out", required=True, type=OutFile, help="The letter, sealed as it came.")
@click.option("--identity", required=True, type=OutFile, help="The key that opens it. SECRET.")
def letter(
    directory: Path,
    *,
    letter_id: str,
    out: Path,
    identity: Path,
    passphrase_file: Path | None,
) -> None:
    """Hand out one letter and the key that opens it.

    Stock `age` opens it then, if it is new enough: 1.3.2 is. The key begins
    with `AGE-SECRET-KEY-PQ-`; Debian 12's 1.1.1 says of it "unknown identity type". The
    key opens every letter of that day to this desk: delete it after use. ID is the letter's, as
    `courier desk read` shows it.
    """
    with opened(directory, passphrase_file) as desk:
        exported = export_letter(desk, letter_id)
    write_durably(out, exported.sealed)
    write_durably(identity, exported.identity.encode())
    tell("The key opens every letter of that day to this desk. Delete it after use.")


@click.command(epilog=examples("courier desk quarantine anna"))
@desk_options
@json_option
def quarantine(directory: Path, *, as_json: bool, passphrase_file: Path | None) -> None:
    """List letters that were set aside, and why."""
    with opened(directory, passphrase_file) as desk:
        rows = list_quarantine(desk)
    if as_json:
        say_json(rows)
        return
    if not rows:
        tell("Nothing was set aside. Letters that break a rule stand here, each with the reason.")
        return
    print_table(
        ("letter", "date", "alarm", "why", "by"),
        (
            (
                row.letter[:SHORT_ID],
                row.date,
                "ALARM" if row.alarm else "",
                row.sentence,
                row.by or "",
            )
            for row in rows
        ),
    )


@click.command(epilog=examples("courier desk release anna 5e6f7a8b"))
@desk_options
@click.argument("letter_id", metavar="LETTER")
def release(directory: Path, *, letter_id: str, passphrase_file: Path | None) -> None:
    """File a letter that only its day or its number set aside.

    Ask the colleagues first whether they had it before the former handler left, or whether it was
    them who sent so much.
    """
    with opened(directory, passphrase_file) as desk:
        reason = release_letter(desk, letter_id)
    tell("Filed." if reason is None else reason.sentence)


@click.command(epilog=examples("courier desk settle anna tawny-heron 5e6f7a8b"))
@desk_options
@thread_argument
@click.argument("letter_id", metavar="LETTER")
def settle(directory: Path, *, thread: str, letter_id: str, passphrase_file: Path | None) -> None:
    """Choose the true one of two letters that disagree.

    Both speak for one source, each with its own key, and answers go to whoever wrote the one you
    choose. Talk to your colleagues first: only somebody who has read the source's letters can do
    this.
    """
    with opened(directory, passphrase_file) as desk:
        settle_thread(desk, find_named(desk, thread), letter_id)
    tell("Settled. This thread can be answered again.")


THREAD_COMMANDS: Final = (
    read,
    reply,
    note,
    reseal,
    letter,
    quarantine,
    release,
    settle,
)


def find_named(desk: Desk, thread: str) -> str:
    """The full id of a thread; UnknownThreadError, AliasSharedError."""
    if thread != NEWEST:
        return find_called(desk, thread)
    rows = list_threads(desk)
    if not rows:
        raise UnknownThreadError
    return rows[0].thread


def _language_of(desk: Desk, thread: str) -> str:
    return next((row.language for row in list_threads(desk) if row.thread == thread), "en")


def _say_queued(queued: Queued, where: str, thread: str, alias: str, *, as_json: bool) -> None:
    if as_json:
        say_json({**asdict(queued), "thread": thread, "alias": alias})
    elif queued.cells:
        tell(f"{where}: it waits, {counted(queued.cells, 'cell')}.{_by_when(queued.posting_at)}")
        tell("Next: courier desk run, or courier desk sync from time to time.")
    else:
        tell(f"{where}: it waits. Next: courier desk sync.")


def _say_team(team: ThreadTeam, same: list[str]) -> None:
    due = f"{team.due.kind} by {team.due.date}" if team.due else ""
    facts = (
        ("assigned to", team.assigned or ""),
        ("labels", ", ".join(team.labels)),
        ("closed", team.closed),
        ("owed", due),
        ("to come back by", team.come_back),
        ("follow up", f"{team.follow_up_date} {team.follow_up}".strip()),
        ("same matter", ", ".join(same)),
        ("muted", "yes" if team.muted else ""),
        ("on hold", "yes" if team.held else ""),
    )
    said = [f"{name}: {printable_line(fact)}" for name, fact in facts if fact]
    if said:
        say("; ".join(said))
        say()


def _by_when(posting_at: float | None) -> str:
    """When a desk that stays on will have posted it."""
    if posting_at is None:
        return ""
    return f" It goes by {iso_time(posting_at)} UTC, if the desk is on."


def _say_entry(entry: ThreadEntry) -> None:
    by = printable_line(entry.by) if entry.by else "the source"
    state = "" if entry.state in {"received", "posted"} else f" ({entry.state})"
    say(f"── {entry.date}, {entry.kind} by {by}{state} ──")
    if entry.posting_at is not None:
        say(_by_when(entry.posting_at).strip())
    if entry.on_board:
        say(f"seen on the board on {entry.on_board}")
    if entry.letter:
        say(f"letter {entry.letter[:SHORT_ID]}")
    for question, answer in entry.form:
        say(f"{question}:")
        say(quoted(answer))
    say(quoted(entry.text))
    for file in entry.attachments:
        _say_file(file)
    if entry.read_by:
        say(f"read by {printable_line(', '.join(entry.read_by))}")
    if entry.posted_again:
        say(f"posted again: the answer of {entry.posted_again}")
    for made in entry.translations:
        by = printable_line(made.by or "a colleague")
        say(f"in {made.language}, by {by}:")
        say(quoted(made.text))
    if entry.former_can_read:
        say("  ! A former handler could read this.")
    say()


def _say_file(file: AttachmentView) -> None:
    facts = (printable_line(file.name), file.label, counted(file.size, "byte"), file.state)
    say(quoted(f"{file.number}. {', '.join(fact for fact in facts if fact)}", _FILE_BAR))
    for warning in file.warnings:
        say(quoted(f"! {warning}", _FILE_BAR))


def tell_saved(file: SavedFile) -> None:
    """Where a file was saved, or why it was not."""
    name = printable_line(file.name)
    if file.path:
        tell(f"Saved: {name} as {printable_line(file.path)}")
    elif file.problem in _PROBLEMS:
        tell(f"NOT saved: {name} {_PROBLEMS[file.problem]}.")
    else:
        tell(f"NOT saved: {name}. {file.problem or ''}")
