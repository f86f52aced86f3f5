"""What people type: passphrases, words, texts. Each has a file to take its place.

Secrets are asked for on the terminal without echo, are never arguments of a command (others could
see those), and never come from the environment. Without a terminal a missing file is an error of
usage, not a program that waits for ever.
"""

import json
import os
import sys
from pathlib import Path
from typing import Final

import click

from silent_courier.protocol.errors import MalformedWordsError
from silent_courier.protocol.words import decode_words
from silent_courier.storage.memory import shut_in

PASSPHRASE_LEN_MIN: Final = 12
TEXT_LEN_MAX: Final = 4 * 1024 * 1024


def is_interactive() -> bool:
    """Whether somebody types the input and sees the output."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def has_terminal() -> bool:
    """Whether there is a terminal to ask secrets on, wherever input and output go."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def ask_hidden(what: str) -> str:
    """What is typed on the terminal, without echo; Enter alone is nothing."""
    return str(click.prompt(what, default="", hide_input=True, show_default=False, err=True))


def read_passphrase(
    file: Path | None, what: str, *, new: bool = False, given_apart: bool = False
) -> str:
    """The passphrase from the file (without the line's end), or asked for; a new one twice.

    At a terminal a new one that is too short is asked for again; in a file it is an error of usage.
    """
    shut_in()
    if file is not None:
        passphrase = _first_line(file)
    elif has_terminal():
        passphrase = _ask_new(what) if new else click.prompt(what, hide_input=True, err=True)
    else:
        option = "--new-passphrase-file" if new and given_apart else "--passphrase-file"
        raise click.UsageError(f"There is no terminal to ask for a passphrase: {option}.")
    if new and len(passphrase) < PASSPHRASE_LEN_MIN:
        raise click.UsageError(
            f"The passphrase needs at least {PASSPHRASE_LEN_MIN} characters; six dull words do."
        )
    return passphrase


def read_words(file: Path | None, language: str) -> bytes:
    """The entropy behind the words in the file, or asked for without echo; MalformedWordsError."""
    shut_in()
    if file is not None:
        return decode_words(_words_in(file.read_text(encoding="utf-8")), language)
    if not has_terminal():
        raise click.UsageError("There is no terminal to ask for the words: --words-file.")
    while True:
        text: str = click.prompt("Your twelve words (not shown)", hide_input=True, err=True)
        try:
            return decode_words(text, language)
        except MalformedWordsError as error:
            where = f" Look at word {error.position}." if error.position else ""
            click.echo(f"{error}{where}", err=True)


def read_text(what: str) -> str:
    """The text on stdin; on a terminal it ends with Ctrl-D on a line of its own."""
    if sys.stdin.isatty():
        click.echo(f"{what}, then Ctrl-D on an empty line:", err=True)
    data = sys.stdin.buffer.read(TEXT_LEN_MAX + 1)
    if len(data) > TEXT_LEN_MAX:
        raise click.UsageError("The text is too long; attach it as a file.")
    text = data.decode("utf-8").strip("\r\n")
    if not text.strip():
        raise click.UsageError("There is no text on standard input.")
    return text


def _ask_new(what: str) -> str:
    rule = f"at least {PASSPHRASE_LEN_MIN} characters; six words do"
    while True:
        passphrase: str = click.prompt(f"{what} ({rule})", hide_input=True, err=True)
        if len(passphrase) < PASSPHRASE_LEN_MIN:
            click.echo(f"That is shorter than {PASSPHRASE_LEN_MIN} characters.", err=True)
        elif ask_hidden("Repeat it") == passphrase:
            return passphrase
        else:
            click.echo("The two are not the same.", err=True)


def _words_in(text: str) -> str:
    """The words themselves, also from what `write --json` printed."""
    if text.lstrip().startswith("{"):
        try:
            return str(json.loads(text)["words"])
        except (ValueError, KeyError):
            raise MalformedWordsError from None
    return text


def _first_line(file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    if not lines or not lines[0]:
        raise click.UsageError("The passphrase file is empty.")
    return lines[0]
