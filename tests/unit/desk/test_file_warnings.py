import random
from collections.abc import Iterator

import pytest

from silent_courier.desk.file_types import TYPES
from silent_courier.desk.file_warnings import SENTENCES, VERY_LARGE, examine
from tests.unit.desk.sandbox import hostile


def pieces(content: bytes, step: int = 1000) -> Iterator[bytes]:
    for at in range(0, len(content), step):
        yield content[at : at + step]


def warned(name: str, content: bytes) -> set[str]:
    return set(examine(name, len(content), pieces(content)).warnings)


@pytest.mark.parametrize(
    ("name", "content", "warnings"),
    [
        ("a.txt", b"hello", set()),
        ("a.jpg", hostile.picture(kind="JPEG"), set()),
        ("report.docx", hostile.office("word", macros=False), set()),
        ("report.docm", hostile.office("word", macros=True), {"macros"}),
        ("report.docx", hostile.office("word", macros=True), {"macros"}),
        ("sheet.xlsm", hostile.office("xl", macros=False), {"macros"}),
        ("old.doc", hostile.old_office(macros=True), {"macros"}),
        ("new.docx", hostile.old_office(encrypted=True), {"encrypted", "mismatch"}),
        ("a.zip", hostile.zipped(a=b"x"), {"archive"}),
        ("a.zip", hostile.encrypted_zip(), {"archive", "encrypted"}),
        ("a.zip", hostile.zip_bomb(), {"archive", "expands"}),
        ("a.tar", hostile.tarred(), {"archive"}),
        ("a.pdf", hostile.pdf(), set()),
        ("a.pdf", hostile.pdf_with_everything(), {"scripts", "starts", "contains-files"}),
        ("a.pdf", hostile.locked_pdf(), {"encrypted"}),
        ("a.pdf", b"GIF or so\n" + hostile.pdf(), {"two-kinds"}),
        ("a.gif", b"GIF89a" + hostile.zipped(x=b"y"), {"two-kinds"}),
        ("a.pdf", hostile.pdf() + hostile.zipped(x=b"y"), {"two-kinds"}),
        ("a.html", b"<html>", {"scripts"}),
        ("a.svg", b"<svg/>", {"scripts"}),
        ("photo.jpg", b"MZ\x90\0", {"program", "mismatch"}),
        ("photo.jpg", hostile.picture(), {"mismatch"}),
        ("photo.txt", hostile.pdf(), {"mismatch"}),
        ("exe\u202egpj.txt", b"hello", {"hidden-name"}),
        ("nothing", b"", set()),
        ("a.pdf", b"", set()),
    ],
)
def test_each_danger_is_named_and_no_other(name: str, content: bytes, warnings: set[str]) -> None:
    assert warned(name, content) == warnings


def test_a_sign_is_seen_wherever_the_file_is_cut() -> None:
    content = hostile.old_office(macros=True)
    for step in (1, 7, 64, 10_000):
        found = examine("a.doc", len(content), pieces(content, step))
        assert found.warnings == ("macros",)


def test_a_very_large_file_is_said_to_be_one() -> None:
    assert "very-large" in examine("a.bin", VERY_LARGE + 1, [b"\0"]).warnings


def test_whatever_the_bytes_are_there_is_an_answer() -> None:
    chance = random.Random(7)
    starts = [b"PK\x03\x04", b"%PDF-", b"RIFF", b"II*\0", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b""]
    for start in starts * 20:
        content = start + chance.randbytes(2000) + b"PK\x01\x02" + chance.randbytes(60)
        found = examine("x", len(content), pieces(content))
        assert found.type.name in TYPES
        assert set(found.warnings) <= set(SENTENCES)
