import base64

import pytest

from silent_courier.desk import Desk
from tests.unit.desk.app.kit import Visitor, until
from tests.unit.desk.kit import SmallServer, make_file, seal
from tests.unit.desk.sandbox import hostile
from tests.unit.protocol.makers import letter_payload


async def receive(server: SmallServer, visitor: Visitor) -> dict[str, str]:
    """A letter with a picture, a text and an archive; what names it."""
    files = [
        make_file(server.org, "a.png", hostile.picture(30, 20)),
        make_file(server.org, "b.txt", "Привет".encode()),
        make_file(server.org, "c.zip", hostile.zipped(x=b"y")),
    ]
    for file in files:
        server.chunks |= file.chunks
    attachments = tuple(file.attachment for file in files)
    server.put(seal(server.org, letter_payload(server.org, attachments=attachments)))
    await visitor.unlock()
    await until(lambda: visitor.app.rounds)
    thread = (await visitor.told("threads"))["rows"][0]["thread"]
    (entry,) = (await visitor.told("thread", thread=thread))["entries"]
    return {"thread": thread, "entry": entry["id"]}


async def test_the_page_is_told_pixels_text_or_why_not(
    desk: Desk, server: SmallServer, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = await receive(server, visitor)
    picture = await visitor.told("picture", **letter, position=0)
    assert (picture["kind"], picture["width"], picture["pages"]) == ("picture", 30, 1)
    assert base64.b64decode(picture["png"]).startswith(b"\x89PNG")
    assert await visitor.told("picture", **letter, position=1) == {"kind": "text", "text": "Привет"}
    none = await visitor.told("picture", **letter, position=2)
    assert (none["kind"], none["reason"]) == ("none", "not-drawn")
    assert (await visitor.told("picture", **letter, position=0, page=5))["reason"] == "no-such-page"
    assert (await visitor.ask("picture", **letter, position=3)).status_code == 404
    assert (await visitor.told("can-look"))["reason"] == ""
    found = await visitor.told("search", words="привет")
    assert [hit["file"] for hit in found["hits"]] == ["b.txt"]
    monkeypatch.setattr("silent_courier.desk.sandbox.bubblewrap.SYSTEM_PATH", "/nowhere")
    assert (await visitor.told("picture", **letter, position=0))["reason"] == "no-sandbox"
    assert "bubblewrap" in (await visitor.told("can-look"))["sentence"]


async def test_a_locked_desk_shows_nothing(server: SmallServer, visitor: Visitor) -> None:
    letter = await receive(server, visitor)
    await visitor.told("lock")
    assert (await visitor.ask("picture", **letter, position=0)).status_code == 423
