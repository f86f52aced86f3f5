"""Who reaches the desk onion: the devices of the charter, and before the first nobody."""

import os
from pathlib import Path

from silent_courier.server.config import Places
from silent_courier.server.onions import onion_configs, write_clients
from silent_courier.server.standing import verify_standing
from silent_courier.tor.onion import parse_authorized_client
from tests.unit.server.kit import make_organisation


def _clients(tmp_path: Path) -> dict[str, bytes]:
    directory = tmp_path / "onion" / "desk" / "authorized_clients"
    return {p.stem: parse_authorized_client(p.read_text()) for p in directory.glob("*.auth")}


def test_devices_of_the_charter_are_let_in_and_nobody_else(tmp_path: Path) -> None:
    organisation = make_organisation(3)
    standing = verify_standing(organisation.chain, organisation.access)
    write_clients(Places(tmp_path), None, os.urandom)

    write_clients(Places(tmp_path), standing, os.urandom)

    assert _clients(tmp_path) == {
        f"device-{desk.key.device}": desk.tor_client_key for desk in organisation.desks
    }


def test_before_the_first_charter_the_list_is_not_empty_and_lets_nobody_in(
    tmp_path: Path,
) -> None:
    """An empty list would let everybody in."""
    write_clients(Places(tmp_path), None, os.urandom)
    first = _clients(tmp_path)
    write_clients(Places(tmp_path), None, os.urandom)

    assert list(first) == ["nobody"]
    assert _clients(tmp_path) != first


def test_only_the_portal_is_public(tmp_path: Path) -> None:
    portal, desk = onion_configs(Places(tmp_path), tmp_path / "p", tmp_path / "d")

    assert (portal.public, desk.public) == (True, False)
    assert portal.directory == tmp_path / "onion" / "portal"
    assert desk.directory == tmp_path / "onion" / "desk"
