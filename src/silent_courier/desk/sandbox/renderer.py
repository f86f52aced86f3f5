"""The program inside the sandbox: one attachment on standard input, one picture or text out.

It runs alone, without this package around it, and imports nothing of it. What it says is not
believed by who started it. A file that is too big, broken or locked gets one answer: a reason.

    renderer.py KIND PAGE TEXT     KIND: text, pdf, or the name of a Pillow format; TEXT: 0 or 1
"""

import io
import os
import struct
import sys
import time
from collections.abc import Iterator
from typing import Final, NoReturn

MAGIC: Final = b"SCPX\x01"
HEADER: Final = struct.Struct(">5sBIIII")
"""Magic, answer, pages, width, height, length of the text; then RGB rows, then the text."""
LENGTH: Final = struct.Struct(">I")
PICTURE, TEXT, REFUSED = 1, 2, 3

BROKEN, TOO_MANY_PIXELS, LOCKED, NO_SUCH_PAGE = 1, 2, 3, 4

PIXELS_IN_MAX: Final = 50_000_000
WIDTH_MAX: Final = 1400
HEIGHT_MAX: Final = 2000
PAGES_MAX: Final = 100_000
TEXT_MAX: Final = 256 * 1024
TEXT_PAGES_MAX: Final = 200
TEXT_SECONDS: Final = 3.0
_PASSWORD_NEEDED: Final = 4


class RefusedError(Exception):
    """There is nothing to show, for one of the reasons above."""

    def __init__(self, reason: int) -> None:
        super().__init__(reason)
        self.reason = reason


def main(kind: str, page: int, *, wants_text: bool) -> None:
    """Read standard input to its end, and write one answer."""
    content = sys.stdin.buffer.read()
    try:
        if kind == "text":
            _show_text(content)
        elif kind == "pdf":
            _draw_pdf(content, page, wants_text=wants_text)
        else:
            _draw_image(content, kind, page)
    except RefusedError as refusal:
        _write(HEADER.pack(MAGIC, REFUSED, 0, 0, 0, refusal.reason))
    except (MemoryError, Exception):  # noqa: BLE001 - whatever a broken file breaks
        _write(HEADER.pack(MAGIC, REFUSED, 0, 0, 0, BROKEN))


def _write(*parts: bytes) -> None:
    for part in parts:
        sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()


def _show_text(content: bytes) -> None:
    text = _decode(content[: 4 * TEXT_MAX])
    encoded = text.encode("utf-8", "replace")[:TEXT_MAX].decode("utf-8", "ignore").encode()
    _write(HEADER.pack(MAGIC, TEXT, 1, 0, 0, len(encoded)), encoded)


def _decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # A cut in the middle of a sign is ours; anything else is an older Cyrillic or Western code.
        if error.start >= len(content) - 3 and error.reason == "unexpected end of data":
            return content[: error.start].decode("utf-8-sig")
        return content.decode("cp1251", "replace")


def _draw_image(content: bytes, kind: str, page: int) -> None:
    from PIL import Image, ImageFile, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is decoded
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    image: Image.Image = Image.open(io.BytesIO(content), formats=[kind])
    pages = min(getattr(image, "n_frames", 1), PAGES_MAX) if kind == "TIFF" else 1
    if not 0 <= page < pages:
        raise RefusedError(NO_SUCH_PAGE)
    image.seek(page)
    if kind == "JPEG":
        image.draft("RGB", (WIDTH_MAX, HEIGHT_MAX))
    if image.width * image.height > PIXELS_IN_MAX:
        raise RefusedError(TOO_MANY_PIXELS)
    image.thumbnail((WIDTH_MAX, HEIGHT_MAX))
    image = ImageOps.exif_transpose(image) or image
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    image = image.convert("RGB")
    image.thumbnail((WIDTH_MAX, HEIGHT_MAX))
    _write(HEADER.pack(MAGIC, PICTURE, pages, image.width, image.height, 0), image.tobytes())


def _draw_pdf(content: bytes, number: int, *, wants_text: bool) -> None:
    import pypdfium2
    from pypdfium2 import raw

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        locked = raw.FPDF_GetLastError() == _PASSWORD_NEEDED
        raise RefusedError(LOCKED if locked else BROKEN) from None
    pages = len(document)
    if not 0 <= number < pages:
        raise RefusedError(NO_SUCH_PAGE if pages > 0 else BROKEN)
    page = document[number]
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise RefusedError(BROKEN)
    scale = min(WIDTH_MAX / width, HEIGHT_MAX / height)
    # No forms are set up and no script engine is built in: nothing in the file is run.
    picture = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    if picture.width > WIDTH_MAX + 1 or picture.height > HEIGHT_MAX + 1:
        raise RefusedError(BROKEN)
    picture = picture.crop((0, 0, min(picture.width, WIDTH_MAX), min(picture.height, HEIGHT_MAX)))
    head = HEADER.pack(MAGIC, PICTURE, min(pages, PAGES_MAX), picture.width, picture.height, 0)
    _write(head, picture.tobytes())
    if wants_text:
        text = "\n".join(_pdf_text(document, pages)).encode("utf-8", "ignore")
        text = text[:TEXT_MAX].decode("utf-8", "ignore").encode()
        _write(LENGTH.pack(len(text)), text)


def _pdf_text(document: "object", pages: int) -> Iterator[str]:
    """The pages' text, until there is enough of it or it has taken long enough."""
    end, room = time.monotonic() + TEXT_SECONDS, TEXT_MAX
    for number in range(min(pages, TEXT_PAGES_MAX)):
        try:
            text = document[number].get_textpage().get_text_bounded()  # type: ignore[index]
        except Exception:  # noqa: BLE001, S112 - a broken page has no text; the next may
            continue
        yield text[:room]
        room -= len(text)
        if room <= 0 or time.monotonic() > end:
            return


def _leave() -> NoReturn:
    # No destructor of a library that met a hostile file runs.
    os._exit(0)


if __name__ == "__main__":
    sys.path.append("/packages")
    main(sys.argv[1], int(sys.argv[2]), wants_text=sys.argv[3] == "1")
    _leave()
