import zipfile
from pathlib import Path

import pytest

from silent_courier.desk.case.reading import open_files
from silent_courier.protocol.errors import FolderError, MalformedCaseError


def read(place: Path) -> dict[str, bytes]:
    with open_files(place) as files:
        return {path: b"".join(files.pieces(path)) for path in files.paths()}


def zipped(place: Path, method: int = zipfile.ZIP_DEFLATED, **content: bytes) -> Path:
    with zipfile.ZipFile(place, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return place


def test_a_folder_and_its_zip_read_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "скан").write_bytes(b"one")
    (folder / "page").write_bytes(b"x" * (3 << 20))
    with zipfile.ZipFile(tmp_path / "case.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, path.relative_to(folder))

    assert read(folder) == read(tmp_path / "case.zip")
    assert set(read(folder)) == {"files/скан", "page"}


def test_nothing_is_written_whatever_the_names_say(tmp_path: Path) -> None:
    place = tmp_path / "inner" / "case.zip"
    place.parent.mkdir()
    names = {"../out": b"1", "/etc/out": b"2", "a/../../out": b"3", "C:\\out": b"4"}
    zipped(place, zipfile.ZIP_DEFLATED, **names)
    before = sorted(tmp_path.rglob("*"))

    assert set(read(place)) == set(names)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_is_seen_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with open_files(tmp_path) as files:
        assert files.paths() == {"link"}
        with pytest.raises(MalformedCaseError):
            list(files.pieces("link"))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_packs_a_disk_into_a_few_bytes_is_refused(tmp_path: Path, method: int) -> None:
    with pytest.raises(MalformedCaseError), open_files(zipped(tmp_path / "z", method, a=b"x")):
        pass


def test_a_bomb_is_read_in_pieces_and_can_be_left(tmp_path: Path) -> None:
    place = zipped(tmp_path / "z", bomb=bytes(64 << 20))
    assert place.stat().st_size < 100_000
    with open_files(place) as files:
        pieces = files.pieces("bomb")
        assert len(next(pieces)) == 1 << 20
        pieces.close()  # type: ignore[attr-defined]  # a generator


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr("a", b"1")
        archive.writestr("a", b"2")
    with pytest.raises(MalformedCaseError), open_files(tmp_path / "z"):
        pass


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    place = zipped(tmp_path / "z", zipfile.ZIP_STORED, aa=b"1" * 40, bb=b"1" * 40)
    data = bytearray(place.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = bytes(4)
    place.write_bytes(data)
    with pytest.raises(MalformedCaseError), open_files(place):
        pass


def test_an_encrypted_entry_is_refused(tmp_path: Path) -> None:
    place = zipped(tmp_path / "z", aa=b"1")
    data = bytearray(place.read_bytes())
    for head, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.index(head) + at] |= 1
    place.write_bytes(data)
    with pytest.raises(MalformedCaseError), open_files(place):
        pass


@pytest.mark.parametrize("content", [b"", b"PK", b"text" * 99])
def test_what_is_no_zip_is_no_case(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "z").write_bytes(content)
    with pytest.raises(MalformedCaseError):
        read(tmp_path / "z")


def test_a_zip_that_was_cut_or_altered_raises_nothing_else(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "z", one=b"1" * 500, two="ж".encode() * 500).read_bytes()
    for at in range(len(whole)):
        for data in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            (tmp_path / "z").write_bytes(data)
            try:
                read(tmp_path / "z")
            except (MalformedCaseError, FolderError):
                continue
