"""`courier write` and `courier check`: a source without a browser.

Both make the same requests in the same order. Nothing is kept on the disk. The words are shown
when they are new and at no other time: on a screen of their own that is cleared, or, where nobody
types, first of all once the letter is sent, since nobody can find them again.
"""

import secrets
import time
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from silent_courier.cli.connection import Way, connected, connection_options, read_way, run_async
from silent_courier.cli.failures import explain
from silent_courier.cli.mailbox import (
    letterbox_json,
    mailbox_json,
    next_steps,
    say_mailbox,
    tell_letterbox,
)
from silent_courier.cli.options import InFile, check_language, examples, json_option
from silent_courier.cli.output import View, passing_screen, progress, say, say_json, tell
from silent_courier.cli.prompts import ask_hidden, is_interactive, read_text, read_words
from silent_courier.organisation.fingerprint import parse_fingerprint
from silent_courier.protocol.errors import ConnectionLostError, CourierError, TorError
from silent_courier.protocol.sizes import ENTROPY_LEN, WORD_COUNT
from silent_courier.protocol.words import WORD_LISTS, encode_words
from silent_courier.source import check as checking
from silent_courier.source import write as writing
from silent_courier.source.attachments import METADATA_NOTICE, attach_file
from silent_courier.source.check import Checked
from silent_courier.source.compose import Draft
from silent_courier.source.mailbox import Mailbox
from silent_courier.source.parcel import prepare
from silent_courier.source.progress import OnProgress, Progress, Stage
from silent_courier.source.visit import Letterbox
from silent_courier.source.write import Sent

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
    """Where to, and for whom."""

    portal: str
    org_id: bytes
    entropy: bytes
    way: Way


@click.command(
    epilog=examples(
        "courier write --portal ADDRESS --org FINGERPRINT < letter.txt",
        "courier write --portal ADDRESS --org FINGERPRINT --attach photo.jpg",
        "courier write --portal ADDRESS --org FINGERPRINT --again < more.txt",
    )
)
@portal_option
@org_option
@click.option(
    "--attach",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Attach FILE as it is; up to 16 times, 2 GiB each.",
)
@click.option("--again", is_flag=True, help="Write under the words of an earlier letter.")
@words_option
@language_option
@connection_options
@click.option("--json", "as_json", is_flag=True, help='Print {"words": "…"} when they are new.')
def write(
    *,
    portal: str,
    fingerprint: str,
    files: Sequence[Path],
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
    org_id, way = parse_fingerprint(fingerprint), read_way(socks, tor_config)
    attachments = tuple(attach_file(file) for file in files)
    draft = Draft(text=read_text("Write your letter"), language=language, attachments=attachments)
    if attachments:
        tell(METADATA_NOTICE)
    known = again or words_file is not None
    entropy = read_words(words_file, language) if known else secrets.token_bytes(ENTROPY_LEN)
    words = encode_words(entropy, language)
    ask = not known and not as_json and is_interactive()
    if ask:
        _show_and_ask_back(words)

    def on_sent() -> None:
        if not known and as_json:
            say_json({"words": " ".join(words)})
        elif not known and not ask:
            say(" ".join(words))

    sent = _send(Visit(portal, org_id, entropy, way), draft, on_sent, words_kept=ask)
    _say_sent(sent, known=known, as_json=as_json)


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
    visit = Visit(portal, org_id, read_words(words_file, language), way)
    checked = _check(visit, quiet=as_json)
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


def _say_sent(sent: Sent, *, known: bool, as_json: bool) -> None:
    tell_letterbox(sent.letterbox)
    if known and as_json:
        say_json(mailbox_json(sent.mailbox))
    elif known:
        say_mailbox(sent.mailbox)
    if not as_json:
        for line in next_steps(new_words=not known):
            tell(line)


def _send(visit: Visit, draft: Draft, on_sent: Callable[[], None], *, words_kept: bool) -> Sent:
    """Send the letter; `on_sent` is called once it is there, before anything else can fail."""
    try:
        with progress() as view:
            return run_async(_write(visit, draft, view, on_sent))
    except CourierError:
        if words_kept:
            tell("The words on your paper stay good: use them with --again.")
        raise


async def _write(visit: Visit, draft: Draft, view: View, on_sent: Callable[[], None]) -> Sent:
    parcel = await prepare(draft, secrets.token_bytes, _shown_on(view))
    reached: set[Stage] = set()

    def on_progress(step: Progress) -> None:
        reached.add(step.stage)
        _shown_on(view)(step)

    async with connected(visit.portal, visit.way, view) as transport:

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


def _check(visit: Visit, *, quiet: bool) -> Checked:
    with progress() as view:

        def show(letterbox: Letterbox, mailbox: Mailbox) -> None:
            if not quiet:
                view.clear()
                tell_letterbox(letterbox)
                say_mailbox(mailbox)

        async def read() -> Checked:
            async with connected(visit.portal, visit.way, view) as transport:
                return await checking.check(
                    transport,
                    visit.org_id,
                    visit.entropy,
                    clock=time.time,
                    random=secrets.token_bytes,
                    on_replies=show,
                    on_progress=_shown_on(view),
                )

        return run_async(read())


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
