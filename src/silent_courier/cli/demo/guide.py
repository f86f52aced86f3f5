"""What the demo prints: where things are, and commands that work as they stand."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from silent_courier.cli.demo.places import HANDLERS, NAME, Places
from silent_courier.cli.demo.stage import Stage
from silent_courier.organisation import store
from silent_courier.organisation.fingerprint import format_words

_LINE: Final = 78


def guide(places: Places, stage: Stage) -> Iterator[str]:
    """The lines to print once everything runs."""
    charter = store.load(places.org).charter
    org_id = charter.org_id if charter else b""
    yield f"{NAME} is open."
    yield f"  portal       {stage.addresses.portal}"
    yield f"  desks        {stage.addresses.desk}"
    yield f"  fingerprint  {org_id.hex()}"
    yield f"  in words     {format_words(org_id)}"
    for who in ("org", *HANDLERS):
        yield f"  passphrase   {_near(places.passphrase_file(who))}"
    yield ""
    yield "Try these in another terminal, in this same directory."
    for number, (title, words) in enumerate(_steps(places, stage, org_id.hex()), 1):
        yield ""
        yield f"{number}. {title}"
        yield from command_lines(words)
    yield ""
    yield "Both desks sync by themselves every few seconds. Ctrl-C stops everything."


def command_lines(words: list[str]) -> Iterator[str]:
    """One command, cut over lines that a shell puts together again."""
    line = "  "
    for unit in _units(words):
        if len(line) + 1 + len(unit) > _LINE and line.strip():
            yield f"{line} \\"
            line = "    "
        line += f" {unit}"
    yield line


def _units(words: list[str]) -> Iterator[str]:
    """The words as the shell wants them, an option or a redirection together with its value."""
    rest = iter(words)
    for word in rest:
        if word in {"<", ">"} or word.startswith("--"):
            yield f"{word} {shlex.quote(next(rest))}"
        else:
            yield shlex.quote(word)


def _steps(places: Places, stage: Stage, org_id: str) -> Iterator[tuple[str, list[str]]]:
    courier = _program()
    tor = ["--tor-config", _near(stage.tor_config)] if stage.tor_config else []
    to_portal = ["--portal", stage.addresses.portal, "--org", org_id, *tor]
    anna = [_near(places.desk("anna")), "--passphrase-file"]
    anna.append(_near(places.passphrase_file("anna")))
    letter, photo, answer, words = (
        _near(places.samples / name) for name in ("letter.txt", "photo.jpg", "answer.txt", "words")
    )
    redirected = ["<", letter, ">", words]
    yield (
        "Write a letter, as a source. Its twelve words go into a file, but only here.",
        [courier, "write", *to_portal, "--language", "ru", "--attach", photo, *redirected],
    )
    yield (
        "Fetch it, as Anna. The desks here also do that by themselves.",
        [courier, "desk", "sync", *anna, *tor],
    )
    yield "List what Anna's desk has.", [courier, "desk", "list", *anna]
    saved = _near(places.directory / "saved")
    yield (
        "Read it, and save the photo.",
        [courier, "desk", "read", anna[0], "newest", *anna[1:], "--save", saved],
    )
    yield (
        "Answer it, as Anna.",
        [courier, "desk", "reply", anna[0], "newest", *anna[1:], "<", answer],
    )
    yield (
        "Some 20 seconds later: come back as the source, and read the answer.",
        [courier, "check", *to_portal, "--words-file", words],
    )
    yield (
        "See what an outsider can check.",
        [courier, "verify", stage.addresses.portal, "--org", org_id, *tor],
    )
    yield "Ask what is wrong here.", [courier, "doctor", _near(places.directory)]


def _program() -> str:
    """How the reader's shell finds this program."""
    ours = Path(sys.argv[0])
    found = shutil.which("courier")
    if found and ours.exists() and ours.samefile(found):
        return "courier"
    return _near(ours) if ours.name == "courier" and ours.exists() else "courier"


def _near(path: Path) -> str:
    """A path as seen from where we are."""
    return os.path.relpath(path)
