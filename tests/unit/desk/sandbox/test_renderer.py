"""The program itself, run as in the sandbox but in plain view: what it says to honest files."""

import subprocess
import sys

import pytest

from silent_courier.desk.sandbox import renderer
from silent_courier.desk.sandbox.pixels import Picture, Refusal, Shown, Text, read_shown
from tests.unit.desk.sandbox.hostile import pdf, picture, written_pdf


def render(kind: str, content: bytes, page: int = 0, *, text: bool = False) -> Shown | None:
    command = [sys.executable, renderer.__file__, kind, str(page), "1" if text else "0"]
    return read_shown(
        subprocess.run(command, input=content, capture_output=True, check=True).stdout
    )


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Привет".encode(), "Привет"),
        ("Привет".encode("utf-16"), "Привет"),
        ("Привет".encode("cp1251"), "Привет"),
        (b"\xef\xbb\xbfa\r\nb", "a\r\nb"),
        (b"", ""),
    ],
)
def test_plain_text_is_read_in_the_codes_that_people_use(content: bytes, text: str) -> None:
    assert render("text", content) == Text(text)


def test_a_long_text_is_cut_and_never_in_the_middle_of_a_sign() -> None:
    shown = render("text", "ж".encode() * renderer.TEXT_MAX)
    assert isinstance(shown, Text)
    assert set(shown.text) == {"ж"}
    assert len(shown.text.encode()) <= renderer.TEXT_MAX


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_a_picture_is_drawn_no_larger_than_the_page(kind: str) -> None:
    shown = render(kind, picture(3000, 100, kind))
    assert isinstance(shown, Picture)
    assert (shown.width, shown.pages) == (renderer.WIDTH_MAX, 1)


def test_only_the_kind_that_it_is_said_to_be_is_tried() -> None:
    assert render("PNG", picture(kind="GIF")) == Refusal(renderer.BROKEN)


def test_a_pdf_is_drawn_page_by_page_with_its_words() -> None:
    shown = render("pdf", written_pdf("Hello tender"), text=True)
    assert isinstance(shown, Picture)
    assert "Hello tender" in shown.text
    three = pdf(3)
    last = render("pdf", three, 2)
    assert isinstance(last, Picture)
    assert (last.pages, last.text) == (3, "")
    assert render("pdf", three, 3) == render("pdf", three, -1) == Refusal(renderer.NO_SUCH_PAGE)
