import pytest

from silent_courier.desk.file_types import TYPES, ending_of, type_of
from tests.unit.desk.sandbox import hostile


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty"),
        ("Привет, мир\n".encode(), "text"),
        ("Привет".encode("utf-16"), "text"),
        (b"\0\1\2\3" * 9, "unknown"),
        (hostile.picture(kind="JPEG"), "jpeg"),
        (hostile.picture(), "png"),
        (hostile.picture(kind="GIF"), "gif"),
        (hostile.picture(kind="WEBP"), "webp"),
        (hostile.picture(kind="BMP"), "bmp"),
        (hostile.picture(kind="TIFF"), "tiff"),
        (b"\0\0\0\x18ftypheic", "heif"),
        (b"\0\0\0\x18ftypisom", "mp4"),
        (hostile.pdf(), "pdf"),
        (b"junk\n" + hostile.pdf(), "pdf"),
        (hostile.office("word", macros=False), "docx"),
        (hostile.office("xl", macros=True), "xlsx"),
        (hostile.old_office(), "ole"),
        (hostile.zipped(a=b"x"), "zip"),
        (hostile.zipped(mimetype=b"application/epub+zip"), "zip"),
        (hostile.tarred(), "tar"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"<!DOCTYPE html><p>", "html"),
        (b"hello <script>alert(1)</script>", "html"),
        (b"<?xml version='1.0'?><svg onload='x'/>", "svg"),
        (b"<?xml version='1.0'?><a/>", "xml"),
        (b"MZ\x90\0", "exe"),
        (b"#!/bin/sh\n", "script"),
        (b"#!AMR\n", "amr"),
        (b"OggS", "ogg"),
        (b"age-encryption.org/v1\n", "age"),
    ],
)
def test_the_bytes_say_what_a_file_is(content: bytes, name: str) -> None:
    assert type_of(content[: 1 << 16], content[-(1 << 16) :]).name == name


def test_a_zip_says_what_it_is_by_its_table_of_contents_too() -> None:
    big = hostile.zipped(filler=bytes(range(256)) * 4000, word__x=b"x")
    assert type_of(big[:100], big[-300:]).name == "docx"


def test_endings_are_read_as_people_read_them() -> None:
    names = ["a.PDF", "фото.jpeg", "no", ".hidden", "a.tar.gz", "x.", "a.b "]
    assert [ending_of(name) for name in names] == ["pdf", "jpeg", "", "", "gz", "", "b"]


def test_what_is_drawn_is_pictures_pages_and_text_alone() -> None:
    drawn = {kind.name for kind in TYPES.values() if kind.drawn_as}
    assert drawn == {"jpeg", "png", "gif", "webp", "bmp", "tiff", "pdf", "text"}
