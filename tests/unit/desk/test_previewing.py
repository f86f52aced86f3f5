from pathlib import Path

import pytest

from silent_courier.desk import Desk, preview_attachment, search_all
from silent_courier.desk.contents import numbered_attachment
from silent_courier.desk.previewing import Drawable, draw_page, note_drawn, prepare
from silent_courier.desk.sandbox import drawing
from silent_courier.desk.sandbox.drawing import Reason
from silent_courier.desk.sandbox.pixels import Picture
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.storage.vault import audit
from silent_courier.storage.vault.chunks import DIRECTORY_NAME
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import File, SmallServer, make_file
from tests.unit.desk.sandbox import hostile
from tests.unit.desk.test_examining import receive
from tests.unit.protocol.makers import Organisation


async def test_pages_are_drawn_and_their_words_are_found_from_then_on(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    files = [
        make_file(org, "смета.pdf", hostile.written_pdf("Hello tender")),
        make_file(org, "a.txt", "Секретный тендер".encode()),
        make_file(org, "many.pdf", hostile.pdf(3)),
    ]
    thread = await receive(desk, server, transport, *files)
    assert search_all(desk, "tender").hits == ()
    first = preview_attachment(desk, thread, 1, tmp_path / "out", 20)
    text = preview_attachment(desk, thread, 2, tmp_path / "out", 20)
    two = preview_attachment(desk, thread, 3, tmp_path / "out", 2)

    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["a.txt.txt", "many.pdf-1.png", "many.pdf-2.png", "смета.pdf-1.png"]
    assert (first.label, first.pages, first.problem) == ("PDF document", 1, None)
    assert (two.pages, len(two.paths)) == (3, 2)
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert written["a.txt.txt"].decode() == "Секретный тендер"
    assert written["смета.pdf-1.png"].startswith(b"\x89PNG")
    assert text.paths == (str(tmp_path / "out" / "a.txt.txt"),)
    (hit,) = search_all(desk, "tender").hits
    assert hit.file == "смета.pdf"
    assert [hit.file for hit in search_all(desk, "секретн").hits] == ["a.txt"]
    assert [row.act for row in audit.every(desk.vault)] == ["looked-at"]


async def test_what_is_not_drawn_says_why(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    files = [
        make_file(org, "a.docm", hostile.office("word", macros=True)),
        make_file(org, "b.mp3", b"ID3"),
        make_file(org, "c.svg", b"<svg/>"),
        make_file(org, "d.png", hostile.picture()[:30]),
        make_file(org, "e.txt", b"x", sha256="00" * 32),
        File(make_file(org, "f.txt", b"x").attachment, {}),
    ]
    thread = await receive(desk, server, transport, *files)
    made = [preview_attachment(desk, thread, number, tmp_path, 9) for number in range(1, 7)]
    reasons = ["not-drawn", "not-drawn", "not-drawn", "broken", "damaged", "not-here"]
    assert [one.problem for one in made] == [drawing.SENTENCES[Reason(r)] for r in reasons]
    assert not any(one.paths for one in made)
    assert "It holds macros: small programs that run when it is opened." in made[0].warnings
    with pytest.raises(UnknownThreadError):
        preview_attachment(desk, thread, 7, tmp_path, 9)


async def test_a_chunk_altered_on_our_own_disk_is_not_drawn(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    thread = await receive(desk, server, transport, make_file(org, "a.png", hostile.picture()))
    (chunk,) = (p for p in (desk.vault.directory / DIRECTORY_NAME).rglob("*") if p.is_file())
    chunk.write_bytes(chunk.read_bytes()[:-1] + b"\0")
    drawable = prepare(desk, numbered_attachment(desk, thread, 1))
    assert isinstance(drawable, Drawable)
    drawn = draw_page(drawable, 0)
    note_drawn(desk, drawable, drawn)
    assert drawn is Reason.DAMAGED
    assert prepare(desk, numbered_attachment(desk, thread, 1)) is Reason.DAMAGED


async def test_a_file_that_is_too_large_is_not_even_read(
    desk: Desk,
    org: Organisation,
    server: SmallServer,
    transport: Transport,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thread = await receive(desk, server, transport, make_file(org, "a.png", hostile.picture()))
    attachment = numbered_attachment(desk, thread, 1)
    monkeypatch.setattr("silent_courier.desk.previewing.CONTENT_MAX", attachment.size - 1)
    assert prepare(desk, attachment) is Reason.TOO_LARGE
    monkeypatch.setattr("silent_courier.desk.previewing.CONTENT_MAX", attachment.size)
    drawable = prepare(desk, attachment)
    assert isinstance(drawable, Drawable)
    assert isinstance(draw_page(drawable, 0), Picture)
