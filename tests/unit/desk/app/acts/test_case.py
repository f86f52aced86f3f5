import zipfile

from tests.unit.desk.app.acts.test_looking import receive
from tests.unit.desk.app.kit import Visitor
from tests.unit.desk.kit import SmallServer


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
