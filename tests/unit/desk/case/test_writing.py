import subprocess
import zipfile
from pathlib import Path

import pytest

from silent_courier.desk import Desk
from silent_courier.tor.transport import Transport
from tests.unit.desk.case.kit import export, make_case
from tests.unit.desk.kit import SmallServer
from tests.unit.desk.sandbox import hostile


async def test_files_are_as_they_came_under_names_that_stay_in_the_folder(
    desk: Desk, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    thread = await make_case(desk, server, transport)
    written = export(desk, thread, tmp_path / "case")
    names = sorted(path.name for path in (written.path / "files").iterdir())
    assert names == ["Photo.PNG", "img src=x onerror=_x__.html", "photo (2).png", "скан.pdf"]
    assert (written.path / "files" / "Photo.PNG").read_bytes() == hostile.picture()
    assert written.exported.missing == ("lie.txt", "waits.txt")
    assert sorted(p.name for p in (written.path / "pictures").iterdir()) == [
        *("1-1.png", "1-2.png", "3-1.png", "4-1.png")
    ]
    assert _sums_hold(written.path)
    assert "It is not encrypted." in written.text("README.txt")


def _sums_hold(folder: Path) -> bool:
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, check=False).returncode == 0


async def test_a_zip_holds_the_same_but_what_was_left_out(
    desk: Desk, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    thread = await make_case(desk, server, transport)
    export(desk, thread, tmp_path / "case.zip", notes=False, files=False)
    with zipfile.ZipFile(tmp_path / "case.zip") as archive:
        names = set(archive.namelist())
        text = archive.read("index.html").decode() + archive.read("case.json").decode()
    assert names == {"index.html", "case.json", "README.txt", "SHA256SUMS", "signature.json"}
    assert "только между нами" not in text
    assert "Notes to colleagues were left out." in text


async def test_without_a_sandbox_there_are_no_pictures_and_all_the_rest(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    thread = await make_case(desk, server, transport)
    monkeypatch.setattr("silent_courier.desk.sandbox.bubblewrap.SYSTEM_PATH", "/nowhere")
    written = export(desk, thread, tmp_path / "case")
    assert not (written.path / "pictures").exists()
    assert len(list((written.path / "files").iterdir())) == 4
