import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from silent_courier.desk.sandbox import renderer
from silent_courier.desk.sandbox.pixels import (
    HEIGHT_MAX,
    WIDTH_MAX,
    Picture,
    Refusal,
    Text,
    encode_png,
    read_shown,
)
from silent_courier.desk.sandbox.renderer import HEADER, LENGTH, MAGIC, PICTURE, REFUSED, TEXT


def head(answer: int, pages: int, width: int, height: int, length: int) -> bytes:
    return HEADER.pack(MAGIC, answer, pages, width, height, length)


GOOD = head(PICTURE, 3, 2, 1, 0) + b"\xff\0\0\0\xff\0"


def test_a_picture_is_read_and_becomes_the_same_pixels_as_png() -> None:
    shown = read_shown(GOOD)
    assert isinstance(shown, Picture)
    assert (shown.width, shown.height, shown.pages, shown.text) == (2, 1, 3, "")
    with Image.open(io.BytesIO(shown.png)) as image:
        assert (image.mode, image.size, image.info) == ("RGB", (2, 1), {})
        assert image.tobytes() == b"\xff\0\0\0\xff\0"


def test_text_may_follow_a_picture_and_is_let_go_when_it_is_cut_short() -> None:
    for said, text in ((GOOD + LENGTH.pack(2) + b"ab", "ab"), (GOOD + LENGTH.pack(9) + b"ab", "")):
        shown = read_shown(said)
        assert isinstance(shown, Picture)
        assert shown.text == text


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"junk" * 100,
        HEADER.pack(b"SCPX\x02", PICTURE, 1, 1, 1, 0) + b"abc",
        head(9, 1, 1, 1, 0) + b"abc",
        head(PICTURE, 0, 1, 1, 0) + b"abc",
        head(PICTURE, 1, 0, 1, 0),
        head(PICTURE, 1, WIDTH_MAX + 1, 1, 0) + bytes(3 * (WIDTH_MAX + 1)),
        head(PICTURE, 1, 1, HEIGHT_MAX + 1, 0) + bytes(3 * (HEIGHT_MAX + 1)),
        head(PICTURE, 1, 2**32 - 1, 2**32 - 1, 0),
        head(PICTURE, 1, 1, 1, 7) + b"abc",
        head(PICTURE, 2**31, 1, 1, 0) + b"abc",
        GOOD[:-1],
        head(TEXT, 1, 0, 0, 5) + b"abc",
        head(TEXT, 1, 0, 0, 2) + b"\xff\xff",
        head(TEXT, 2, 0, 0, 1) + b"a",
        head(REFUSED, 0, 0, 0, 0),
        head(REFUSED, 0, 0, 0, 99),
        head(REFUSED, 0, 0, 0, 1) + b"x",
        head(REFUSED, 1, 0, 0, 1),
    ],
)
def test_what_is_not_exactly_of_the_form_is_nothing(said: bytes) -> None:
    assert read_shown(said) is None


@given(st.binary(max_size=64) | st.binary(max_size=64).map(lambda tail: GOOD[:22] + tail))
def test_whatever_is_said_is_read_or_is_nothing(said: bytes) -> None:
    assert isinstance(read_shown(said), Picture | Text | Refusal | None)


def test_texts_and_reasons_are_read() -> None:
    assert read_shown(head(TEXT, 1, 0, 0, 4) + "ёж".encode()) == Text("ёж")
    assert read_shown(head(REFUSED, 0, 0, 0, renderer.LOCKED)) == Refusal(renderer.LOCKED)


def test_pixels_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="size"):
        encode_png(2, 2, b"abc")
