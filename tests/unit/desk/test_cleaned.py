from pathlib import Path

from silent_courier.desk import Desk, SavedFile
from silent_courier.desk.cleaned import Cleanable, prepare_cleaning, save_cleaned
from silent_courier.desk.contents import numbered_attachment
from silent_courier.desk.sandbox.cleaning import SENTENCES, NotCleaned
from silent_courier.storage.vault import audit
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import File, SmallServer, make_file
from tests.unit.desk.sandbox import hostile
from tests.unit.desk.test_examining import receive
from tests.unit.protocol.makers import Organisation


async def test_a_cleaned_copy_is_saved_under_a_name_that_says_so_by_its_real_kind(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    files = [
        make_file(org, "../фото.exe", hostile.telling_picture(b"SecretCam")),
        make_file(org, "a.zip", hostile.zipped(x=b"y")),
        make_file(org, "b.png", hostile.picture()[:30]),
        File(make_file(org, "c.png", b"x").attachment, {}),
    ]
    thread = await receive(desk, server, transport, *files)

    def save(number: int) -> SavedFile:
        ready = prepare_cleaning(desk, numbered_attachment(desk, thread, number))
        return save_cleaned(ready, tmp_path / "out") if isinstance(ready, Cleanable) else ready

    first = save(1)
    (written,) = (tmp_path / "out").iterdir()
    assert (first.path, written.name) == (str(written), "фото.cleaned.jpg")
    assert b"SecretCam" not in written.read_bytes()
    assert save(2) == SavedFile("a.zip", None, SENTENCES[NotCleaned.OTHER_KIND])
    assert save(3) == SavedFile("b.png", None, SENTENCES[NotCleaned.FAILED])
    assert save(4) == SavedFile("c.png", None, "waiting")
    assert {row.detail for row in audit.every(desk.vault) if row.act == "exported"} == {"cleaned"}
