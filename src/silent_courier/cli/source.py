"""`courier write` and `courier check`: a source without a browser.

Both make the same requests in the same order. Where somebody is at the terminal, both ask for the
keyring beforehand, on circuits of its own: that the portal cannot be reached, or is not being
emptied, is said before the words are shown or asked for. Nothing is kept on the disk. The words
are shown when they are new and at no other time: on a screen of their own that is cleared, or,
where nobody types, first of all once the letter is sent, since nobody can find them again.
"""

import asyncio
import os
import secrets
import time
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click

from silent_courier.cli.connection import Line, connection_options, open_line, read_way
from silent_courier.cli.failures import explain
from silent_courier.cli.mailbox import (
    hand_in_steps,
    letterbox_json,
    mailbox_json,
    next_steps,
    say_mailbox,
    tell_letterbox,
)
from silent_courier.cli.options import InFile, OutFile, check_language, examples, json_option
from silent_courier.cli.output import View, passing_screen, progress, say, say_json, tell
from silent_courier.cli.prompts import (
    ask_hidden,
    has_terminal,
    is_interactive,
    read_text,
    read_words,
)
from silent_courier.organisation.fingerprint import parse_fingerprint
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import (
    ConnectionLostError,
    CourierError,
    NotEmptiedError,
    TooFewDayKeysError,
    TorError,
)
from silent_courier.protocol.keyring import VerifiedKeyring, check_open
from silent_courier.protocol.sizes import ENTROPY_LEN, KEYRING_LEN_MAX, WORD_COUNT
from silent_courier.protocol.words import WORD_LISTS, encode_words
from silent_courier.source import check as checking
from silent_courier.source import write as writing
from silent_courier.source.attachments import METADATA_NOTICE, attach_file
from silent_courier.source.check import Checked
from silent_courier.source.compose import Draft, check_fits
from silent_courier.source.letter_file import open_keyring, seal_letter
from silent_courier.source.mailbox import Mailbox
from silent_courier.source.parcel import prepare
from silent_courier.source.portal import Portal
from silent_courier.source.progress import OnProgress, Progress, Stage
from silent_courier.source.visit import Letterbox, look_ahead
from silent_courier.source.write import Sent
from silent_courier.tor.transport import Transport

_ATTEMPTS: Final = 3
_TYPED_BACK: Final = 3
_STEPS: Final = {
    "files": "reading files",
    "keyring": "keyring",
    "board": "board",
    "proof": "proof of work",
    "attachments": "attachments",
    "letter": "letter",
}

portal_option = click.option(
    "--portal", required=True, metavar="ONION-or-URL", help="The letterbox: abc….onion."
)
org_option = click.option(
    "--org",
    "fingerprint",
    required=True,
    metavar="FINGERPRINT",
    help="The organisation's fingerprint, from a place you trust: 64 hex digits or 24 words.",
)
language_option = click.option(
    "--language",
    metavar="CODE",
    default="en",
    show_default=True,
    callback=check_language,
    help=f"Of letter and words ({', '.join(sorted(WORD_LISTS))}; else English words).",
)
words_option = click.option(
    "--words-file",
    type=InFile,
    metavar="FILE",
    help="Read your twelve words from FILE instead of asking for them.",
)


@dataclass(frozen=True, slots=True)
class Visit:
    """With whom, and for whom."""

    org_id: bytes
    entropy: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which words a letter goes under, and how new ones are told."""

    known: bool
    words_file: Path | None
    language: str
    as_json: bool

    @property
    def people_type(self) -> bool:
        """Whether somebody is there to note words or to type them."""
        if self.known:
            return self.words_file is None and has_terminal()
        return not self.as_json and is_interactive()


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter goes under; `shown`: somebody has them on paper by now."""

    wanted: Wanted
    entropy: bytes = field(repr=False)
    shown: bool

    def tell(self) -> None:
        """Print new words that nobody was shown; nobody can find them again."""
        words = " ".join(encode_words(self.entropy, self.wanted.language))
        if not self.wanted.known and self.wanted.as_json:
            say_json({"words": words})
        elif not self.wanted.known and not self.shown:
            say(words)


write_portal_option = click.option(
    "--portal", metavar="ONION-or-URL", help="The letterbox: abc….onion. Not with --keyring."
)


@click.command(
    epilog=examples(
        "courier write --portal ADDRESS --org FINGERPRINT < letter.txt",
        "courier write --portal ADDRESS --org FINGERPRINT --attach photo.jpg",
        "courier write --portal ADDRESS --org FINGERPRINT --again < more.txt",
        "courier write --keyring keyring --org FINGERPRINT --to-file letter < text",
    )
)
@write_portal_option
@org_option
@click.option(
    "--attach",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Attach FILE as it is; up to 16 times, 2 GiB each.",
)
@click.option(
    "--to-file",
    type=OutFile,
    metavar="FILE",
    help="Seal the letter into FILE and send nothing; the portal's page takes it without script.",
)
@click.option(
    "--keyring",
    type=InFile,
    metavar="FILE",
    help="With --to-file: the keys of the day, saved from the portal. Needs no connection.",
)
@click.option("--again", is_flag=True, help="Write under the words of an earlier letter.")
@words_option
@language_option
@connection_options
@click.option("--json", "as_json", is_flag=True, help='Print {"words": "…"} when they are new.')
def write(
    *,
    portal: str | None,
    fingerprint: str,
    files: Sequence[Path],
    to_file: Path | None,
    keyring: Path | None,
    again: bool,
    words_file: Path | None,
    language: str,
    socks: str | None,
    tor_config: Path | None,
    as_json: bool,
) -> None:
    """Leave a letter, read from standard input.

    Twelve words are made for it and shown: whoever has them can read the answer, and nobody can
    find them again. With --again or --words-file the letter goes under the words of an earlier
    one, and the answers to that are shown too.
    """
    _check_options(portal, to_file, keyring, files)
    org_id, way = parse_fingerprint(fingerprint), read_way(socks, tor_config)
    attachments = tuple(attach_file(file) for file in files)
    draft = Draft(text=read_text("Write your letter"), language=language, attachments=attachments)
    if attachments:
        tell(METADATA_NOTICE)
    wanted = Wanted(again or words_file is not None, words_file, language, as_json)
    if keyring is not None and to_file is not None:
        sealed_under = open_keyring(_read_keyring(keyring), org_id, time.time())
        return _seal_to_file(sealed_under, draft, wanted, to_file)
    assert portal is not None
    with open_line(portal, way) as line:
        if to_file is not None:
            return _seal_to_file(_look_ahead(line, org_id), draft, wanted, to_file)
        if wanted.people_type:
            _look_ahead(line, org_id)
        words = _make_words(wanted)
        sent = _send(line, Visit(org_id, words.entropy), draft, words)
    _say_sent(sent, known=wanted.known, as_json=as_json)
    return None


@click.command(
    epilog=examples(
        "courier check --portal ADDRESS --org FINGERPRINT",
        "courier check --portal ADDRESS --org FINGERPRINT --words-file words --json",
    )
)
@portal_option
@org_option
@words_option
@language_option
@connection_options
@json_option
def check(
    *,
    portal: str,
    fingerprint: str,
    words_file: Path | None,
    language: str,
    socks: str | None,
    tor_config: Path | None,
    as_json: bool,
) -> None:
    """Read the answers, newest first.

    The twelve words are asked for and not shown. Words that nobody ever used open an empty
    mailbox: there is no wrong answer to see.
    """
    org_id, way = parse_fingerprint(fingerprint), read_way(socks, tor_config)
    with open_line(portal, way) as line:
        if words_file is None and has_terminal():
            with suppress(TooFewDayKeysError, NotEmptiedError):
                _look_ahead(line, org_id)
        visit = Visit(org_id, read_words(words_file, language))
        checked = _check(line, visit, quiet=as_json)
    refusal = explain(checked.refusal).sentence if checked.refusal else None
    if as_json:
        say_json(
            {
                "letterbox": letterbox_json(checked.letterbox),
                **mailbox_json(checked.mailbox),
                "warning": refusal,
            }
        )
    elif refusal:
        tell(f"Do not rely on this letterbox today. {refusal}")


def _check_options(
    portal: str | None, to_file: Path | None, keyring: Path | None, files: Sequence[Path]
) -> None:
    if keyring is not None and to_file is None:
        raise click.UsageError("--keyring goes with --to-file.")
    if keyring is not None and portal is not None:
        raise click.UsageError("With --keyring nothing is asked of a portal: leave --portal away.")
    if portal is None and keyring is None:
        raise click.UsageError("Missing option '--portal'.")
    if to_file is not None and files:
        raise click.UsageError(
            "A file to hand in holds text alone: leave --attach away, or send without --to-file."
        )
    if to_file is not None and to_file.exists():
        raise click.UsageError("--to-file wants the name of a file that does not exist yet.")


def _read_keyring(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(KEYRING_LEN_MAX + 1)


def _look_ahead(line: Line, org_id: bytes) -> VerifiedKeyring:
    """Whether the portal is there, and its letterbox open, before anybody is asked for words."""
    with progress() as view:
        portal = Portal(line.transport, secrets.token_bytes, asyncio.sleep, _shown_on(view))
        keyring = line.run(look_ahead(portal, org_id, time.time))
    check_open(keyring, day_of(time.time()))
    return keyring


def _make_words(wanted: Wanted) -> Words:
    """The entropy of words that are typed, read or new; new ones shown if somebody is there."""
    if wanted.known:
        return Words(wanted, read_words(wanted.words_file, wanted.language), shown=False)
    entropy = secrets.token_bytes(ENTROPY_LEN)
    if wanted.people_type:
        _show_and_ask_back(encode_words(entropy, wanted.language))
    return Words(wanted, entropy, shown=wanted.people_type)


def _seal_to_file(keyring: VerifiedKeyring, draft: Draft, wanted: Wanted, file: Path) -> None:
    check_fits(draft)
    words = _make_words(wanted)
    letter = seal_letter(keyring, words.entropy, draft, secrets.token_bytes)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(letter)
    words.tell()
    if not wanted.as_json:
        for sentence in hand_in_steps(new_words=not wanted.known):
            tell(sentence)


def _say_sent(sent: Sent, *, known: bool, as_json: bool) -> None:
    tell_letterbox(sent.letterbox)
    if known and as_json:
        say_json(mailbox_json(sent.mailbox))
    elif known:
        say_mailbox(sent.mailbox)
    if not as_json:
        for line in next_steps(new_words=not known):
            tell(line)


def _send(line: Line, visit: Visit, draft: Draft, words: Words) -> Sent:
    """Send the letter; new words are told once it is there, before anything else can fail."""
    try:
        with progress() as view:
            return line.run(_write(line.transport, visit, draft, view, words.tell))
    except CourierError:
        if words.shown:
            tell("The words on your paper stay good: use them with --again.")
        raise


async def _write(
    transport: Transport, visit: Visit, draft: Draft, view: View, on_sent: Callable[[], None]
) -> Sent:
    parcel = await prepare(draft, secrets.token_bytes, _shown_on(view))
    reached: set[Stage] = set()

    def on_progress(step: Progress) -> None:
        reached.add(step.stage)
        _shown_on(view)(step)

    async def once() -> Sent:
        return await writing.write(
            transport,
            visit.org_id,
            visit.entropy,
            parcel,
            clock=time.time,
            random=secrets.token_bytes,
            on_progress=on_progress,
        )

    try:
        sent = await _with_patience(once)
    except TorError:
        if "letter" in reached:  # It may be there although nobody said so: keep its words.
            view.clear()
            on_sent()
            tell("It is not known whether the letter arrived. If it did, its words are good.")
        raise
    view.clear()
    on_sent()
    return sent


async def _with_patience(once: Callable[[], Awaitable[Sent]]) -> Sent:
    """Several attempts: the same letter again is the same letter to the portal."""
    for _ in range(_ATTEMPTS - 1):
        with suppress(ConnectionLostError):
            return await once()
    return await once()


def _check(line: Line, visit: Visit, *, quiet: bool) -> Checked:
    with progress() as view:

        def show(letterbox: Letterbox, mailbox: Mailbox) -> None:
            if not quiet:
                view.clear()
                tell_letterbox(letterbox)
                say_mailbox(mailbox)

        return line.run(
            checking.check(
                line.transport,
                visit.org_id,
                visit.entropy,
                clock=time.time,
                random=secrets.token_bytes,
                on_replies=show,
                on_progress=_shown_on(view),
            )
        )


def _shown_on(view: View) -> OnProgress:
    def show(progress: Progress) -> None:
        view.show(_STEPS[progress.stage], progress.done, progress.total)

    return show


def _show_and_ask_back(words: Sequence[str]) -> None:
    """Show new words and go on only when three of them were typed back."""
    _show(words)
    tell("Type three of them back; Enter alone shows them again.")
    for number in sorted(secrets.SystemRandom().sample(range(WORD_COUNT), _TYPED_BACK)):
        while _folded(typed := _ask_word(number + 1)) != _folded(words[number]):
            if typed:
                tell("That is another word.")
            else:
                _show(words)


def _show(words: Sequence[str]) -> None:
    """Show the words until Enter, and leave none of them on the terminal."""
    with passing_screen():
        say("Your twelve words. Write them on paper now; nobody can find them again.")
        say()
        for number, word in enumerate(words, 1):
            say(f"  {number:2}  {word}")
        say()
        ask_hidden("Enter when they are on paper")


def _ask_word(number: int) -> str:
    return ask_hidden(f"Word {number} (not shown)")


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKD", word.strip().lower())
