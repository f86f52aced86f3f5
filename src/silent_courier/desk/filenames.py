"""A name to save an attachment under, made of the one that its source gave it.

The source is not trusted: a name may try to leave the folder, to hide what kind of file it is
by turning the writing direction, or to be a device. Pure.
"""

import re
import unicodedata
from typing import Final

NAME_BYTES_MAX: Final = 120
"""Room is left for a number and an ending of our own."""

EXTENSION_MAX: Final = 12
FALLBACK: Final = "attachment"

_FORBIDDEN: Final = frozenset('<>:"/\\|?*')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A name without a path, invisible characters or a special meaning; never empty."""
    composed = unicodedata.normalize("NFC", name)
    visible = "".join("_" if _is_unsafe(character) else character for character in composed)
    trimmed = visible.strip(" ._").strip() or FALLBACK
    if _RESERVED.match(trimmed):
        trimmed = f"_{trimmed}"
    return _shorten(trimmed)


def numbered(name: str, number: int) -> str:
    """The name itself for 1; `name (2).ext` and so on after it."""
    if number == 1:
        return name
    stem, extension = _split(name)
    return f"{stem} ({number}){extension}"


def _is_unsafe(character: str) -> bool:
    # C: control, format (the direction overrides among them), surrogate, private, unassigned.
    # Z but for the space: other blanks, line and paragraph separators.
    category = unicodedata.category(character)
    return (
        character in _FORBIDDEN or category[0] == "C" or (category[0] == "Z" and character != " ")
    )


def _shorten(name: str) -> str:
    stem, extension = _split(name)
    room = NAME_BYTES_MAX - len(extension.encode())
    short = stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .")
    return (short or FALLBACK) + extension


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem or not dot or len(extension) > EXTENSION_MAX:
        return name, ""
    return stem, dot + extension
