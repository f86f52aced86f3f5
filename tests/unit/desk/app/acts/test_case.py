import asyncio
import json
import zipfile
from pathlib import Path

from tests.unit.desk.app.acts.test_looking import receive
from tests.unit.desk.app.kit import Visitor
from tests.unit.desk.kit import SmallServer, seal
from tests.unit.protocol.makers import letter_payload


async def test_a_case_is_written_to_a_new_zip_in_the_page_s_language(
    server: SmallServer, visitor: Visitor
) -> None:
    letter = await receive(server, visitor)
    asked = {"threads": [letter["thread"]], "language": "ru"}
    first = await visitor.told("export-case", **asked)
    second = await visitor.told("export-case", **asked, notes=False, files=False)
    assert first["path"] != second["path"]
    assert first["missing"] == []
    with zipfile.ZipFile(first["path"]) as archive:
        page = archive.read("index.html").decode()
        assert "files/a.png" in archive.namelist()
    assert '<html lang="ru">' in page
    assert "Источник" in page
    assert (await visitor.ask("export-case", threads=["00" * 32])).status_code == 404
    assert (await visitor.ask("export-case", threads=[])).status_code == 400
    await visitor.told("lock")
    assert (await visitor.ask("export-case", **asked)).status_code == 423


async def test_threads_of_one_matter_go_into_one_case_and_no_others_do(
    server: SmallServer, visitor: Visitor
) -> None:
    for number in (7, 8):
        own = {"id": bytes([number]) * 16, "auth": bytes([number]) * 32, "thread_key": b"k" * 32}
        named = {name: value.hex() for name, value in own.items()}
        server.put(seal(server.org, letter_payload(server.org, **named)))
    letter = await receive(server, visitor)
    first = letter["thread"]
    rows = (await visitor.told("threads"))["rows"]
    second, stranger = (row for row in rows if row["thread"] != first)
    await visitor.told("same", thread=first, other=second["thread"], on=True)

    for threads in ([first, stranger["thread"]], [first, second["thread"], stranger["thread"]]):
        assert (await visitor.ask("export-case", threads=threads)).status_code == 400
    acts = (await visitor.told("audit"))["acts"]
    assert "exported" not in [act["act"] for act in acts]
    made = await visitor.told("export-case", threads=[first, second["thread"]])
    with zipfile.ZipFile(made["path"]) as archive:
        case = json.loads(archive.read("case.json"))
    assert second["alias"] in [thread["alias"] for thread in case["threads"]]
    assert len(case["threads"]) == 2
    written = await asyncio.to_thread(Path(made["path"]).stat)
    assert made["size"] == written.st_size
