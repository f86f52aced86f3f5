"""Hostile files: each stops its own preview, and nothing else."""

import time
from collections.abc import Iterator

import pytest

from silent_courier.desk.sandbox import drawing
from silent_courier.desk.sandbox.drawing import SENTENCES, Drawn, Reason, draw, sandbox_problem
from silent_courier.desk.sandbox.pixels import Picture, Text
from tests.unit.desk.sandbox import hostile
from tests.unit.desk.sandbox.hostile import pdf, picture, written_pdf


def outcome(drawn: Drawn) -> str:
    return str(drawn) if isinstance(drawn, Reason) else type(drawn).__name__


def test_honest_files_are_drawn() -> None:
    assert outcome(draw("JPEG", [picture(kind="JPEG")])) == "Picture"
    assert draw("text", ["Привет, ".encode(), "мир".encode()]) == Text("Привет, мир")
    page = draw("pdf", [written_pdf("Hello tender")], wants_text=True)
    assert isinstance(page, Picture)
    assert "tender" in page.text
    assert sandbox_problem() is None


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("PNG", hostile.bomb_png(), {"too-many-pixels"}),
        ("PNG", hostile.hundred_megapixels(), {"too-many-pixels"}),
        ("PNG", picture()[:40], {"broken"}),
        ("PNG", b"", {"broken"}),
        ("JPEG", b"\xff\xd8\xff" + b"\xff" * 100_000, {"broken"}),
        ("GIF", b"GIF89a" + b"\xff" * 1000, {"broken", "Picture"}),
        ("TIFF", b"II*\0\x08\0\0\0" + b"\xff" * 1000, {"broken"}),
        ("WEBP", b"RIFF\xff\xff\xff\x7fWEBPVP8 " + b"\xff" * 100, {"broken"}),
        ("pdf", b"%PDF-1.7\n", {"broken"}),
        ("pdf", pdf(3)[:300], {"broken"}),
        ("pdf", b"%PDF-1.7\n" + b"[" * 1_000_000, {"broken"}),
        ("pdf", hostile.pdf_with_everything(), {"Picture"}),
        ("pdf", hostile.locked_pdf(), {"locked", "broken"}),
        ("pdf", hostile.pdf_of_a_million_pages(), {"Picture", "broken", "no-such-page"}),
        ("pdf", pdf(1, 1e7, 1e7), {"Picture", "broken"}),
        ("pdf", hostile.zip_bomb(), {"broken"}),
        ("text", bytes(1_000_000), {"Text"}),
        ("text", "\u202e<script>".encode(), {"Text"}),
        ("SVG", b"<svg/>", {"broken"}),
    ],
)
def test_a_hostile_file_stops_only_its_own_preview(
    kind: str, content: bytes, expected: set[str]
) -> None:
    begun = time.monotonic()
    assert outcome(draw(kind, [content], wants_text=True)) in expected
    assert time.monotonic() - begun < 25
    assert outcome(draw("PNG", [picture()])) == "Picture"


def test_a_file_that_changed_on_its_way_is_not_drawn() -> None:
    def altered() -> Iterator[bytes]:
        yield picture()
        raise ValueError("altered")

    with pytest.raises(ValueError, match="altered"):
        draw("PNG", altered())


def test_without_bubblewrap_nothing_is_drawn_and_it_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("silent_courier.desk.sandbox.bubblewrap.SYSTEM_PATH", "/nowhere")
    assert draw("PNG", [picture()]) is sandbox_problem() is Reason.NO_SANDBOX
    assert "bubblewrap" in SENTENCES[Reason.NO_SANDBOX]


def test_a_computer_on_which_the_sandbox_cannot_be_made_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing.sandbox_works.cache_clear()
    monkeypatch.setattr(drawing, "python_here", lambda: ("/bin/false", ()))
    drawing._program.cache_clear()
    try:
        assert draw("PNG", [picture()]) is Reason.SANDBOX_FAILS
    finally:
        drawing.sandbox_works.cache_clear()
        drawing._program.cache_clear()


def test_each_reason_has_its_sentence() -> None:
    assert set(SENTENCES) == set(Reason)
