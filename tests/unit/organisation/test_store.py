import stat
from pathlib import Path

import pytest

from silent_courier.organisation import store
from silent_courier.organisation.issue import issue
from silent_courier.organisation.roster import Roster, enrol
from silent_courier.protocol.access import RequestBody
from silent_courier.protocol.errors import (
    NoOrganisationError,
    OrganisationDamagedError,
    OrganisationExistsError,
    ServerFileError,
)
from silent_courier.protocol.root import RootKey

ROSTER = enrol(
    Roster(name="Sample", portal="127.0.0.1:1", desk="127.0.0.1:2"),
    RequestBody(label="Анна", signing_key="1" * 64, tor_client_key="2" * 64, token_hash="3" * 64),
)
KEY = RootKey(b"\x01" * 32, b"\x02" * 32)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    store.create(tmp_path / "org", b"sealed", ROSTER)
    return tmp_path / "org"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_is_private_to_its_owner(directory: Path) -> None:
    assert mode(directory) == 0o700
    assert {mode(path) for path in directory.iterdir()} == {0o600}


def test_what_was_saved_is_loaded(directory: Path) -> None:
    issued = issue(ROSTER, (), KEY, 20_000)
    store.save_chain(directory, (issued.file,))
    organisation = store.load(directory)
    assert organisation.roster == ROSTER
    assert organisation.charter == issued.charter
    assert store.load_sealed_root(directory) == b"sealed"


def test_a_directory_in_use_is_not_taken(directory: Path, tmp_path: Path) -> None:
    with pytest.raises(OrganisationExistsError):
        store.create(directory, b"other", ROSTER)
    assert store.load_sealed_root(directory) == b"sealed"


def test_an_empty_directory_is_no_organisation(tmp_path: Path) -> None:
    with pytest.raises(NoOrganisationError):
        store.load(tmp_path)
    with pytest.raises(NoOrganisationError):
        store.load_sealed_root(tmp_path)


@pytest.mark.parametrize("data", [b"", b"{", b'{"version":2}', b"\xff", b"[]"])
def test_a_damaged_roster_is_refused(directory: Path, data: bytes) -> None:
    (directory / store.ROSTER_FILE).write_bytes(data)
    with pytest.raises(OrganisationDamagedError):
        store.load(directory)


@pytest.mark.parametrize("position", [0, 6, 100, -1])
def test_a_chain_with_one_flipped_bit_is_refused(directory: Path, position: int) -> None:
    store.save_chain(directory, (issue(ROSTER, (), KEY, 20_000).file,))
    damaged = bytearray((directory / store.CHAIN_FILE).read_bytes())
    damaged[position] ^= 1
    (directory / store.CHAIN_FILE).write_bytes(damaged)
    with pytest.raises(OrganisationDamagedError):
        store.load(directory)


def test_a_write_that_was_cut_short_is_not_in_the_way(directory: Path) -> None:
    (directory / "chain.new").write_bytes(b"half")
    store.save_chain(directory, (issue(ROSTER, (), KEY, 20_000).file,))
    assert store.load(directory).charter is not None
    assert not (directory / "chain.new").exists()


def test_server_file_gives_its_addresses_and_may_hold_more(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    path.write_text('{"portal":"127.0.0.1:1","desk":"127.0.0.1:2","more":1}', encoding="utf-8")
    assert store.read_server_file(path) == store.ServerAddresses("127.0.0.1:1", "127.0.0.1:2")


@pytest.mark.parametrize("text", ["", "{}", '{"portal":1,"desk":2}', "[]"])
def test_another_file_is_no_server_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "server.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ServerFileError):
        store.read_server_file(path)
