"""How a source is shown what is in the mailbox. Never the words, and nothing is kept."""

from collections.abc import Iterator

from silent_courier.cli.output import format_day, printable_line, quoted, say, tell
from silent_courier.source.mailbox import Answer, Mailbox, Opened
from silent_courier.source.visit import Letterbox

COME_BACK_DAYS = 28


def say_mailbox(mailbox: Mailbox) -> None:
    """Print the answers, newest first, then who opened the letter and when."""
    for answer in mailbox.answers:
        say(f"── {format_day(answer.day)}, {_who(answer)} ──")
        say(quoted(answer.text))
        say()
    for opened in mailbox.opened:
        say(f"Opened on {format_day(opened.day)} by {_who(opened)}.")
    if mailbox.partial:
        say("Part of an answer is on the board: the rest is still to come, or has left already.")
        say("Check again tomorrow.")
    elif not mailbox.answers:
        say("There is no answer yet." if mailbox.opened else "There is nothing for these words.")
    if mailbox.damaged:
        tell("Something for these words is damaged and is not shown; check again tomorrow.")


def tell_letterbox(letterbox: Letterbox) -> None:
    """Print, on stderr, what is out of the ordinary today."""
    if letterbox.board_stale:
        tell("The board is an old one: newer answers may be missing. Come back later.")
    for closed in letterbox.closed:
        tell(f"{printable_line(closed.label)} is away until {format_day(closed.until)}.")
    if letterbox.missing:
        labels = ", ".join(printable_line(label) for label in letterbox.missing)
        tell(f"Without a key today, so cannot read a letter of today: {labels}.")


def mailbox_json(mailbox: Mailbox) -> dict[str, object]:
    """The same for programs."""
    return {
        "answers": [{**_entry(a), "language": a.language, "text": a.text} for a in mailbox.answers],
        "opened": [_entry(opened) for opened in mailbox.opened],
        "partial": mailbox.partial,
        "damaged": mailbox.damaged,
    }


def letterbox_json(letterbox: Letterbox) -> dict[str, object]:
    """What a program may want to know of the letterbox."""
    return {
        "name": letterbox.name,
        "org_id": letterbox.org_id.hex(),
        "serial": letterbox.serial,
        "day": format_day(letterbox.day),
        "expires": format_day(letterbox.expires),
        "emptied": None if letterbox.emptied is None else format_day(letterbox.emptied),
        "missing": list(letterbox.missing),
        "board_stale": letterbox.board_stale,
        "closed": [{"label": c.label, "until": format_day(c.until)} for c in letterbox.closed],
    }


def _entry(entry: Answer | Opened) -> dict[str, object]:
    return {"date": format_day(entry.day), "handler": entry.label, "left": entry.left}


def _who(entry: Answer | Opened) -> str:
    label = printable_line(entry.label)
    return f"{label} (no longer a handler)" if entry.left else label


def hand_in_steps(*, new_words: bool) -> Iterator[str]:
    """What a source should know after sealing into a file."""
    yield "The letter is sealed. Nothing was sent: hand the file in by the portal's page."
    yield "Do it within a few days; after eight nobody can open it. Then delete the file."
    if new_words:
        yield "Only these twelve words can read the answer. Keep them on paper, not on a device."
    yield f"Come back within {COME_BACK_DAYS} days: courier check"


def next_steps(*, new_words: bool) -> Iterator[str]:
    """What a source should know after sending."""
    yield "The letter is in the letterbox."
    if new_words:
        yield "Only these twelve words can read the answer. Keep them on paper, not on a device."
    yield f"Come back within {COME_BACK_DAYS} days: courier check"
