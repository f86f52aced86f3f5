import json
from pathlib import Path

from silent_courier.desk import Desk
from silent_courier.tor.transport import Transport
from tests.unit.desk.case.kit import TEXT, export, make_case
from tests.unit.desk.kit import SmallServer


async def test_the_record_says_what_the_page_says_and_no_id_of_the_source(
    desk: Desk, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    thread = await make_case(desk, server, transport)
    written = export(desk, thread, tmp_path / "case")
    case = json.loads(written.text("case.json"))
    (only,) = case["threads"]
    letter, reply, note = only["entries"]
    assert (case["kind"], case["version"], case["by"]) == ("case", 1, "Handler 0")
    assert letter["text"] == TEXT
    assert letter["form"] == [{"question": "when", "answer": "<b>вчера</b>"}]
    assert (reply["kind"], reply["by"], note["text"]) == ("reply", "Handler 0", "только между нами")
    first, page, *_ = letter["files"]
    assert (first["name"], first["type"], first["path"]) == ("скан.pdf", "pdf", "files/скан.pdf")
    assert first["pictures"] == ["pictures/1-1.png", "pictures/1-2.png"]
    assert "scripts" in page["warnings"]
    assert [file["state"] for file in letter["files"][-2:]] == ["damaged", "waiting"]
    everything = "".join(path.read_text("utf-8", "replace") for path in _files(written.path))
    assert thread not in everything
    assert "thread_key" not in everything


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
