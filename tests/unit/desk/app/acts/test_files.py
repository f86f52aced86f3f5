import pytest

from tests.unit.desk.app.kit import Visitor, one_thread
from tests.unit.desk.kit import SmallServer
from tests.unit.protocol.makers import Organisation


@pytest.mark.parametrize(("entry", "position"), [(0, 1), (0, -1), (None, 0)])
async def test_only_attachments_that_are_there_are_exported(
    visitor: Visitor,
    server: SmallServer,
    org: Organisation,
    entry: int | None,
    position: int,
) -> None:
    thread = await one_thread(visitor, server, org)
    entries = (await visitor.told("thread", thread=thread))["entries"]
    name = "00" if entry is None else entries[entry]["id"]
    answer = await visitor.ask("export", thread=thread, entry=name, position=position)
    assert answer.status_code == 404


async def test_an_export_is_the_original_in_the_desks_own_folder(
    visitor: Visitor, server: SmallServer, org: Organisation
) -> None:
    thread = await one_thread(visitor, server, org)
    (entry,) = (await visitor.told("thread", thread=thread))["entries"]
    saved = await visitor.told("export", thread=thread, entry=entry["id"], position=0)
    folder = visitor.app._settings.directory / "exported"
    assert saved["path"] == str(folder / "фото.jpg")
    assert (folder / "фото.jpg").read_bytes() == b"pixels"
    assert folder.stat().st_mode & 0o777 == 0o700
