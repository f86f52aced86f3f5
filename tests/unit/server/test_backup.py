"""Backups: taken while it runs, whole when restored, refused when a bit is wrong."""

import hashlib
import io
import os
import stat
import tarfile
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    BackupDamagedError,
    BackupExistsError,
    CourierError,
    DirectoryNotEmptyError,
    NotAServerError,
    StorageError,
    StoreDamagedError,
)
from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from silent_courier.server.backup import backup, restore
from silent_courier.server.config import Places, read_config
from silent_courier.server.setup import init_server, load_charter
from silent_courier.storage.staging import read_staging_keys
from tests.unit.server.kit import LETTER_LEN, Organisation, make_organisation, open_house

CHUNK = "/v1/chunks/" + "ab" * 32


@pytest.fixture
def organisation() -> Organisation:
    return make_organisation()


@pytest.fixture
def small(tmp_path: Path, organisation: Organisation) -> Path:
    """A backup of a server with onion keys, a charter and one tiny chunk."""
    directory = tmp_path / "small"
    init_server(directory, random=os.urandom)
    load_charter(directory, organisation.chain, organisation.access)
    chunk = Places(directory).chunks / "ab" / ("ab" * 32)
    chunk.parent.mkdir(parents=True)
    chunk.write_bytes(b"chunk")
    backup(directory, tmp_path / "small.tar")
    return tmp_path / "small.tar"


def _members(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {m.name: _content(tar, m) for m in tar}


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    assert file is not None
    return file.read()


def _write(path: Path, members: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.type = kind if name != "manifest.json" else tarfile.REGTYPE
            tar.addfile(info, io.BytesIO(content))
    return path


async def test_backup_of_a_running_server_runs_with_everything_in_it(tmp_path: Path) -> None:
    chunk, letter, cell = os.urandom(SEALED_CHUNK_LEN), os.urandom(LETTER_LEN), os.urandom(1024)
    async with open_house(tmp_path / "server") as house:
        async with house.public() as client:
            ticket = await client.ticket()
            await client.request("PUT", CHUNK, chunk, token=ticket)
            await client.request("POST", "/v1/letters", letter, token=ticket)
        await house.ask_desk("POST", "/v1/cells", cell)
        board = (await house.ask_public("GET", "/v1/board")).body
        keyring = (await house.ask_public("GET", "/v1/keyring")).body
        backup(house.directory, tmp_path / "backup.tar")
        await house.ask_desk("POST", "/v1/letters", os.urandom(LETTER_LEN))

    restore(tmp_path / "backup.tar", tmp_path / "restored")

    async with open_house(tmp_path / "restored", house.organisation) as again:
        assert (await again.ask_public("GET", "/v1/board")).body == board
        assert (await again.ask_public("GET", "/v1/keyring")).body == keyring
        assert (await again.ask_desk("GET", CHUNK)).body == chunk
        assert (await again.ask_desk("GET", "/v1/days")).body[4:] == b"\0\0\0\1"
        assert b'"queued_all":1' in (await again.ask_desk("GET", "/v1/status")).body


def test_onion_keys_come_back_and_everything_is_private(tmp_path: Path, small: Path) -> None:
    restore(small, tmp_path / "restored")

    assert read_config(tmp_path / "restored") == read_config(tmp_path / "small")
    for side in ("portal", "desk"):
        for name in ("hs_ed25519_secret_key", "hs_ed25519_public_key", "hostname"):
            path = Path("onion") / side / name
            restored = (tmp_path / "restored" / path).read_bytes()
            assert restored == (tmp_path / "small" / path).read_bytes()
    for path in [tmp_path / "restored", *(tmp_path / "restored").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(small.stat().st_mode) == 0o600


def test_backup_has_what_it_should_and_nothing_else(small: Path) -> None:
    onion_files = ("hs_ed25519_secret_key", "hs_ed25519_public_key", "hostname")

    assert set(_members(small)) == {
        "store.sqlite",
        "server.json",
        "manifest.json",
        "chunks/ab/" + "ab" * 32,
        *(f"onion/{side}/{name}" for side in ("portal", "desk") for name in onion_files),
    }
    with tarfile.open(small) as tar:
        assert all((m.mtime, m.uid, m.uname) == (0, 0, "") for m in tar)


def test_no_file_is_replaced(tmp_path: Path, small: Path) -> None:
    before = small.read_bytes()

    with pytest.raises(BackupExistsError):
        backup(tmp_path / "small", small)

    assert small.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["small", "small.tar"]


def test_backup_needs_a_server_and_a_place(tmp_path: Path, small: Path) -> None:
    with pytest.raises(NotAServerError):
        backup(tmp_path, tmp_path / "out.tar")
    with pytest.raises(StorageError):
        backup(tmp_path / "small", tmp_path / "missing" / "out.tar")


def test_nothing_is_restored_over_something(tmp_path: Path, small: Path) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "mine").write_text("mine")

    with pytest.raises(DirectoryNotEmptyError):
        restore(small, target)

    assert [p.name for p in target.iterdir()] == ["mine"]


def test_flipped_bit_is_refused_and_leaves_nothing(tmp_path: Path, small: Path) -> None:
    for name, content in _members(small).items():
        damaged = _members(small) | {name: content[:-1] + bytes([content[-1] ^ 1])}
        archive = _write(tmp_path / "damaged.tar", damaged)

        with pytest.raises(BackupDamagedError):
            restore(archive, tmp_path / "restored")

        assert list((tmp_path / "restored").iterdir()) == []


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9])
def test_cut_backup_is_refused(tmp_path: Path, small: Path, part: float) -> None:
    content = small.read_bytes()
    (tmp_path / "cut.tar").write_bytes(content[: int(len(content) * part)])

    with pytest.raises(BackupDamagedError):
        restore(tmp_path / "cut.tar", tmp_path / "restored")


def test_missing_and_additional_parts_are_refused(tmp_path: Path, small: Path) -> None:
    members = _members(small)
    more = members.copy()
    manifest = more.pop("manifest.json")
    variants = [
        {name: content for name, content in members.items() if name != left_out}
        for left_out in members
    ]
    variants.append(more | {"chunks/cd/" + "cd" * 32: b"x", "manifest.json": manifest})
    for variant in variants:
        with pytest.raises(BackupDamagedError):
            restore(_write(tmp_path / "v.tar", variant), tmp_path / "restored")


@pytest.mark.parametrize(
    "name", ["../outside", "/outside", "chunks/../../outside", "chunks/ab/x", "tor/torrc"]
)
def test_foreign_name_is_never_written(tmp_path: Path, small: Path, name: str) -> None:
    archive = _write(tmp_path / "foreign.tar", {name: b"x", **_members(small)})

    with pytest.raises(BackupDamagedError):
        restore(archive, tmp_path / "deep" / "restored")

    assert not list(tmp_path.rglob("outside"))


def test_link_in_place_of_a_file_is_refused(tmp_path: Path, small: Path) -> None:
    archive = _write(tmp_path / "links.tar", {"server.json": b""}, tarfile.SYMTYPE)

    with pytest.raises(BackupDamagedError):
        restore(archive, tmp_path / "restored")


def test_database_in_a_backup_is_opened_before_it_is_put_in_place(tmp_path: Path) -> None:
    directory = tmp_path / "server"
    init_server(directory, random=os.urandom, portal="127.0.0.1:1", desk="127.0.0.1:2")
    backup(directory, tmp_path / "backup.tar")
    members = _members(tmp_path / "backup.tar")
    bad = b"not a database" * 1000
    manifest = members["manifest.json"].replace(
        hashlib.sha256(members["store.sqlite"]).hexdigest().encode(),
        hashlib.sha256(bad).hexdigest().encode(),
    )
    archive = _write(
        tmp_path / "bad.tar", members | {"store.sqlite": bad, "manifest.json": manifest}
    )

    with pytest.raises(CourierError):
        restore(archive, tmp_path / "restored")

    assert list((tmp_path / "restored").iterdir()) == []


async def test_backup_of_the_day_is_whole_and_holds_neither_its_key_nor_its_order(
    tmp_path: Path,
) -> None:
    letters = [os.urandom(LETTER_LEN) for _ in range(40)]
    async with open_house(tmp_path / "server") as house:
        async with house.desk() as client:
            token = house.organisation.desks[0].token
            for letter in letters:
                await client.request("POST", "/v1/letters", letter, token=token)
        (key,) = read_staging_keys(Places(house.directory).staging)
        backup(house.directory, tmp_path / "backup.tar")
        # The server itself goes on as before: its night is still to come.
        assert (await house.ask_desk("GET", "/v1/days")).body[4:] == (40).to_bytes(4, "big")
        assert read_staging_keys(Places(house.directory).staging) == (key,)

    members = _members(tmp_path / "backup.tar")
    assert all(key.secret not in content for content in members.values())
    places = [members["store.sqlite"].find(letter[-3000:-2900]) for letter in letters]
    assert -1 not in places
    assert sorted(places) != places
    restore(tmp_path / "backup.tar", tmp_path / "restored")
    async with open_house(tmp_path / "restored", house.organisation) as again:
        for letter in letters:
            digest = hashlib.sha256(letter).digest()
            found = (await again.ask_desk("POST", "/v1/letters/read", digest)).body
            assert found[4:] == letter


async def test_backup_that_would_miss_something_is_refused(tmp_path: Path) -> None:
    async with open_house(tmp_path / "server") as house:
        await house.ask_desk("POST", "/v1/letters", os.urandom(LETTER_LEN))
    for path in list((tmp_path / "server" / "staging").iterdir()):
        path.unlink()

    with pytest.raises(StoreDamagedError):
        backup(tmp_path / "server", tmp_path / "backup.tar")

    assert not (tmp_path / "backup.tar").exists()
