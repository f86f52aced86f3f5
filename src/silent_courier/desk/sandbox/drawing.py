"""One attachment drawn in the sandbox: from its bytes to a picture, a text, or a reason."""

import functools
import importlib.util
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Final

from silent_courier.desk.sandbox import renderer
from silent_courier.desk.sandbox.bubblewrap import Bind, Program, python_here
from silent_courier.desk.sandbox.pixels import Picture, Refusal, Text, read_shown
from silent_courier.desk.sandbox.running import NoSandboxError, run

CONTENT_MAX: Final = 64 * 1024 * 1024
"""Bytes; of what is longer there is no preview."""

_PACKAGES: Final = ("PIL", "pypdfium2", "pypdfium2_cfg", "pypdfium2_raw")


class Reason(StrEnum):
    """Why there is nothing to see."""

    NO_SANDBOX = "no-sandbox"
    SANDBOX_FAILS = "sandbox-fails"
    NOT_DRAWN = "not-drawn"
    TOO_LARGE = "too-large"
    NOT_HERE = "not-here"
    DAMAGED = "damaged"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too-many-pixels"
    LOCKED = "locked"
    NO_SUCH_PAGE = "no-such-page"
    STOPPED = "stopped"


SENTENCES: Final = {
    Reason.NO_SANDBOX: "This computer has no bubblewrap, so attachments are not shown here.",
    Reason.SANDBOX_FAILS: "The sandbox cannot be made on this computer, so nothing is shown.",
    Reason.NOT_DRAWN: "Pictures, PDF pages and plain text are shown as pixels; this is none.",
    Reason.TOO_LARGE: "This is too large to be shown.",
    Reason.NOT_HERE: "This is not complete yet.",
    Reason.DAMAGED: "This is not what the letter says it is.",
    Reason.BROKEN: "This is broken, or not what it claims to be, and cannot be drawn.",
    Reason.TOO_MANY_PIXELS: "This picture has too many pixels to be drawn safely.",
    Reason.LOCKED: "This is locked with a password.",
    Reason.NO_SUCH_PAGE: "There is no such page.",
    Reason.STOPPED: "Drawing this took too much time or memory, and was stopped.",
}
_REFUSED: Final = {
    renderer.BROKEN: Reason.BROKEN,
    renderer.TOO_MANY_PIXELS: Reason.TOO_MANY_PIXELS,
    renderer.LOCKED: Reason.LOCKED,
    renderer.NO_SUCH_PAGE: Reason.NO_SUCH_PAGE,
}

Drawn = Picture | Text | Reason


def draw(kind: str, content: Iterable[bytes], page: int = 0, *, wants_text: bool = False) -> Drawn:
    """Draw one page of an attachment of this kind (`text`, `pdf`, or a Pillow format).

    Raises:
        Whatever `content` raises; nothing of it was shown then.
    """
    command, binds = _program()
    arguments = (kind, str(page), "1" if wants_text else "0")
    try:
        said = run(Program((*command, *arguments), binds), content)
    except NoSandboxError:
        return Reason.NO_SANDBOX
    shown = read_shown(said)
    if isinstance(shown, Refusal):
        return _REFUSED[shown.reason]
    if shown is not None:
        return shown
    return Reason.STOPPED if sandbox_works() else Reason.SANDBOX_FAILS


def sandbox_problem() -> Reason | None:
    """Why nothing at all can be shown on this computer, if that is so."""
    command, binds = _program()
    try:
        said = run(Program((*command, "text", "0", "0"), binds), [b"probe"])
    except NoSandboxError:
        return Reason.NO_SANDBOX
    return None if read_shown(said) == Text("probe") else Reason.SANDBOX_FAILS


@functools.cache
def sandbox_works() -> bool:
    """Whether the sandbox can be made on this computer; found out once."""
    return sandbox_problem() is None


@functools.cache
def _program() -> tuple[tuple[str, ...], tuple[Bind, ...]]:
    python, binds = python_here()
    inside = (
        (Path(renderer.__file__), "/renderer.py"),
        *(
            (place, f"/packages/{place.name}")
            for name in _PACKAGES
            for place in _package_places(name)
        ),
    )
    return (python, "-I", "-S", "-B", "-X", "utf8", "/renderer.py"), (*binds, *inside)


def _package_places(name: str) -> list[Path]:
    """A package's directory, and that of the shared libraries it brought along."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return []
    place = Path(spec.origin).parent
    libraries = place.parent / ("pillow.libs" if name == "PIL" else f"{name}.libs")
    return [place, libraries] if libraries.is_dir() else [place]
