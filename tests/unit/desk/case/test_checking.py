import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from silent_courier.desk import Desk
from silent_courier.desk.case import check_export
from silent_courier.desk.case.checking import Checked
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.errors import (
    CaseSignatureError,
    FolderError,
    MalformedCaseError,
    WrongOrganisationError,
)
from silent_courier.tor.transport import Transport
from tests.unit.desk.case.kit import export, make_case
from tests.unit.desk.kit import SmallServer
from tests.unit.protocol.makers import Organisation


def check(org: Organisation, folder: Path) -> Checked:
    return check_export(folder, encode_chain(org.files), org.org_id)


async def make(desk: Desk, server: SmallServer, transport: Transport, folder: Path) -> Path:
    return export(desk, await make_case(desk, server, transport), folder / "case").path


async def test_an_export_is_whole_and_says_whose_it_is(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    folder = await make(desk, server, transport, tmp_path)
    checked = check(org, folder)
    assert checked.is_whole
    assert (checked.by, checked.has_left, checked.organisation) == (
        *("Handler 0", False),
        org.charter.body.name,
    )
    assert checked.files == len([p for p in folder.rglob("*") if p.is_file()]) - 2


async def test_whatever_was_altered_taken_away_or_put_in_is_named(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    folder = await make(desk, server, transport, tmp_path)
    (folder / "index.html").write_text("other", encoding="utf-8")
    (folder / "case.json").unlink()
    (folder / "README.txt").unlink()
    (folder / "README.txt").symlink_to("/etc/passwd")
    (folder / "files" / "new.txt").write_bytes(b"x")
    checked = check(org, folder)
    assert set(checked.altered) == {"index.html", "README.txt"}
    assert checked.missing == ("case.json",)
    assert checked.added == ("files/new.txt",)
    assert not checked.is_whole


def _append(path: Path, line: bytes) -> None:
    path.write_bytes(path.read_bytes() + line)


CHANGES: tuple[Callable[[Path], object], ...] = (
    lambda folder: _append(folder / "SHA256SUMS", b"00" * 32 + b"  ../../etc/passwd\n"),
    lambda folder: (folder / "SHA256SUMS").write_bytes(b""),
    lambda folder: (folder / "signature.json").write_text("{}"),
    lambda folder: (folder / "signature.json").unlink(),
    lambda folder: (folder / "SHA256SUMS").unlink(),
)


async def test_a_list_or_signature_that_was_changed_is_refused(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    thread = await make_case(desk, server, transport)
    for number, change in enumerate(CHANGES):
        folder = export(desk, thread, tmp_path / f"case-{number}", files=False).path
        change(folder)
        with pytest.raises((CaseSignatureError, MalformedCaseError)):
            check(org, folder)


async def test_another_organisations_charter_is_refused(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    folder = await make(desk, server, transport, tmp_path)
    with pytest.raises(WrongOrganisationError):
        check_export(folder, encode_chain(org.files), b"x" * 32)


def test_a_folder_that_is_not_there_says_so(org: Organisation, tmp_path: Path) -> None:
    with pytest.raises((FolderError, MalformedCaseError)):
        check(org, tmp_path / "nowhere")


def everything_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


async def test_a_zip_is_checked_as_it_is(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport, tmp_path: Path
) -> None:
    thread = await make_case(desk, server, transport)
    made = export(desk, thread, tmp_path / "case.zip").path
    before = everything_in(tmp_path)
    checked = check(org, made)
    assert checked.is_whole
    assert checked.files > 10
    assert everything_in(tmp_path) == before

    with zipfile.ZipFile(made) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    lost = content.pop("README.txt")
    changed = {**content, "case.json": b"{}", "../outside": lost, "files/bomb": bytes(1 << 24)}
    with zipfile.ZipFile(tmp_path / "other.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in changed.items():
            archive.writestr(name, data)
    altered = check(org, tmp_path / "other.zip")
    assert (altered.altered, altered.missing) == (("case.json",), ("README.txt",))
    assert altered.added == ("../outside", "files/bomb")
    (tmp_path / "none.zip").write_bytes(b"no ZIP")
    with pytest.raises(MalformedCaseError):
        check(org, tmp_path / "none.zip")
