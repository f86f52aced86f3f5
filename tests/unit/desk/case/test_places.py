import hashlib
import zipfile
from pathlib import Path

import pytest

from silent_courier.desk.case.places import new_place
from silent_courier.protocol.errors import FolderError, FolderExistsError


def test_a_folder_and_a_zip_hold_the_same_and_know_its_hashes(tmp_path: Path) -> None:
    for out in (tmp_path / "case", tmp_path / "deep" / "case.zip"):
        with new_place(out) as place:
            place.write("index.html", [b"a", b"b"])
            place.write("files/ж.txt", [])
        assert place.sums == {
            "index.html": hashlib.sha256(b"ab").hexdigest(),
            "files/ж.txt": hashlib.sha256(b"").hexdigest(),
        }
        assert place.sums_file().decode().splitlines()[0].endswith("  index.html")
    assert (tmp_path / "case" / "index.html").read_bytes() == b"ab"
    assert (tmp_path / "case" / "files" / "ж.txt").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "case").stat().st_mode & 0o777 == 0o700
    with zipfile.ZipFile(tmp_path / "deep" / "case.zip") as archive:
        assert archive.namelist() == ["index.html", "files/ж.txt"]
        assert archive.read("index.html") == b"ab"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("name", ["case", "case.zip"])
def test_nothing_is_left_of_an_export_that_failed(tmp_path: Path, name: str) -> None:
    def fail() -> None:
        with new_place(tmp_path / name) as place:
            place.write("a", [b"x"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_an_attempt_that_was_killed_is_cleared_away_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".courier-case.part").mkdir()
    (tmp_path / ".courier-case.part" / "half").write_bytes(b"x")
    with new_place(tmp_path / "case") as place:
        place.write("a", [b"x"])
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "case").write_bytes(b"mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("case", "link"):
        with pytest.raises(FolderExistsError), new_place(tmp_path / name):
            pass
    with pytest.raises(FolderError), new_place(tmp_path / "case" / "inside"):
        pass
    assert (tmp_path / "case").read_bytes() == b"mine"
