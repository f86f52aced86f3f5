"""Making a server overwrites nothing; a charter is verified before it is stored."""

import json
import os
import stat
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    CharterSerialError,
    CharterSignatureError,
    CourierError,
    DirectoryNotEmptyError,
    NotAServerError,
    WrongOrganisationError,
)
from silent_courier.server.config import Places, ServerConfig, read_config
from silent_courier.server.setup import init_server, load_charter
from silent_courier.storage.server.charters import StoredCharter, read_charter
from silent_courier.storage.server.database import Database
from silent_courier.tor.onion import read_onion_address
from tests.unit.server.kit import make_organisation, make_root, set_up

ORGANISATION = make_organisation()


def _stored(directory: Path) -> StoredCharter | None:
    database = Database(Places(directory).store)
    with database.read() as connection:
        stored = read_charter(connection)
    database.close()
    return stored


def test_new_server_has_two_onions_and_says_their_addresses(tmp_path: Path) -> None:
    directory = tmp_path / "server"

    config = init_server(directory, random=os.urandom)

    assert config.uses_tor
    assert read_config(directory) == config
    places = Places(directory)
    assert read_onion_address(places.portal_onion) == config.portal
    assert read_onion_address(places.desk_onion) == config.desk
    assert json.loads(places.config.read_text()) == {
        "portal": config.portal,
        "desk": config.desk,
        "assisted_form": False,
    }
    for path in (directory, places.onions, places.portal_onion, places.desk_onion):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (places.config, places.store):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_server_without_tor_has_no_onion_keys(tmp_path: Path) -> None:
    config = init_server(
        tmp_path, random=os.urandom, portal="127.0.0.1:8000", desk="127.0.0.1:8001"
    )

    assert config == ServerConfig("127.0.0.1:8000", "127.0.0.1:8001")
    assert not Places(tmp_path).onions.exists()


def test_one_address_alone_is_the_callers_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="both"):
        init_server(tmp_path, random=os.urandom, portal="127.0.0.1:8000")


@pytest.mark.parametrize("name", ["server.json", "anything", ".hidden"])
def test_directory_with_something_in_it_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")

    with pytest.raises(DirectoryNotEmptyError):
        init_server(tmp_path, random=os.urandom)

    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_charter_is_stored_and_the_next_takes_its_place(tmp_path: Path) -> None:
    set_up(tmp_path, ORGANISATION)
    following = ORGANISATION.next()

    assert load_charter(tmp_path, following.chain, following.access) == following.charter

    stored = _stored(tmp_path)
    assert stored is not None
    assert (stored.serial, stored.version.hash) == (2, following.charter.hash)


def test_same_charter_with_another_access_list_is_taken(tmp_path: Path) -> None:
    set_up(tmp_path, ORGANISATION)
    before = _stored(tmp_path)
    again = ORGANISATION.signed_anew()

    load_charter(tmp_path, again.chain, again.access)

    after = _stored(tmp_path)
    assert before is not None
    assert after is not None
    assert before.version.hash == after.version.hash
    assert before.version.access_hash != after.version.access_hash


def test_older_charter_is_refused_and_the_newer_stays(tmp_path: Path) -> None:
    following = ORGANISATION.next()
    set_up(tmp_path, following)

    with pytest.raises(CharterSerialError):
        load_charter(tmp_path, ORGANISATION.chain, ORGANISATION.access)

    stored = _stored(tmp_path)
    assert stored is not None
    assert stored.serial == 2


def test_chain_without_a_known_change_of_the_root_is_refused(tmp_path: Path) -> None:
    rotated = ORGANISATION.next(root=make_root())
    set_up(tmp_path, rotated)
    stolen = ORGANISATION.next().next()

    with pytest.raises(CharterSignatureError):
        load_charter(tmp_path, stolen.chain, stolen.access)

    stored = _stored(tmp_path)
    assert stored is not None
    assert stored.version.hash == rotated.charter.hash


def test_charter_of_another_organisation_is_refused(tmp_path: Path) -> None:
    set_up(tmp_path, ORGANISATION)
    other = make_organisation().next()

    with pytest.raises(WrongOrganisationError):
        load_charter(tmp_path, other.chain, other.access)


@pytest.mark.parametrize("chain", [b"", b"text", ORGANISATION.chain[:-1]])
def test_damaged_charter_is_refused(tmp_path: Path, chain: bytes) -> None:
    init_server(tmp_path, random=os.urandom, portal="127.0.0.1:1", desk="127.0.0.1:2")

    with pytest.raises(CourierError):
        load_charter(tmp_path, chain, ORGANISATION.access)

    assert _stored(tmp_path) is None


def test_charter_needs_a_server(tmp_path: Path) -> None:
    with pytest.raises(NotAServerError):
        load_charter(tmp_path, ORGANISATION.chain, ORGANISATION.access)

    assert list(tmp_path.iterdir()) == []
