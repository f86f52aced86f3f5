"""What came out of the sandbox, read totally, and a picture of it as PNG.

The program inside may have been taken over by the file it was given: whatever it wrote is either a
picture, a text or a refusal of exactly the right form, or nothing. The PNG is encoded here from
plain pixels, so no byte of it was chosen by the file but the colours.
"""

import struct
import zlib
from dataclasses import dataclass, field
from typing import Final

from silent_courier.desk.sandbox import renderer

WIDTH_MAX: Final = renderer.WIDTH_MAX
HEIGHT_MAX: Final = renderer.HEIGHT_MAX
TEXT_MAX: Final = renderer.TEXT_MAX
PAGES_MAX: Final = renderer.PAGES_MAX
_REASONS: Final = range(renderer.BROKEN, renderer.NO_SUCH_PAGE + 1)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_RGB_8: Final = b"\x08\x02\x00\x00\x00"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels: `png`, in all `pages`, and the document's text as far as it was asked."""

    width: int
    height: int
    pages: int
    png: bytes = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A file that is text; cut after TEXT_MAX bytes."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The program could show nothing, and says why by one of the renderer's numbers."""

    reason: int


Shown = Picture | Text | Refusal


def read_shown(said: bytes) -> Shown | None:
    """What the program said; None when it is not of the form, whatever else it is."""
    head, rest = said[: renderer.HEADER.size], said[renderer.HEADER.size :]
    if len(head) != renderer.HEADER.size:
        return None
    magic, answer, pages, width, height, length = renderer.HEADER.unpack(head)
    if magic != renderer.MAGIC:
        return None
    if answer == renderer.PICTURE:
        fits = 1 <= width <= WIDTH_MAX and 1 <= height <= HEIGHT_MAX
        return _picture(width, height, pages, rest) if fits and not length else None
    if answer == renderer.TEXT:
        return _text(rest) if (pages, width, height, len(rest)) == (1, 0, 0, length) else None
    is_plain = answer == renderer.REFUSED and (pages, width, height, rest) == (0, 0, 0, b"")
    return Refusal(length) if is_plain and length in _REASONS else None


def encode_png(width: int, height: int, rgb: bytes) -> bytes:
    """Pixels as a PNG: eight bits a colour, no metadata; ValueError when the sizes do not fit."""
    if len(rgb) != 3 * width * height:
        raise ValueError("pixels that are not of this size")
    row = 3 * width
    lines = b"".join(b"\0" + rgb[at : at + row] for at in range(0, len(rgb), row))
    size = struct.pack(">II", width, height)
    return (
        _PNG
        + _chunk(b"IHDR", size + _RGB_8)
        + _chunk(b"IDAT", zlib.compress(lines, 3))
        + _chunk(b"IEND", b"")
    )


def _picture(width: int, height: int, pages: int, rest: bytes) -> Picture | None:
    size = 3 * width * height
    if len(rest) < size or not 1 <= pages <= PAGES_MAX:
        return None
    png = encode_png(width, height, rest[:size])
    return Picture(width, height, pages, png, _trailing_text(rest[size:]))


def _trailing_text(rest: bytes) -> str:
    """The text after a picture; a program that was stopped at it leaves none, and the picture."""
    if len(rest) < renderer.LENGTH.size:
        return ""
    (length,) = renderer.LENGTH.unpack_from(rest)
    body = rest[renderer.LENGTH.size :]
    text = _text(body) if len(body) == length else None
    return text.text if text else ""


def _text(encoded: bytes) -> Text | None:
    if len(encoded) > TEXT_MAX:
        return None
    try:
        return Text(encoded.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
