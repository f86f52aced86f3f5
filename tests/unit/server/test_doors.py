"""Where a server listens, all of it or none."""

import socket
from pathlib import Path

import pytest

from silent_courier.protocol.errors import PortInUseError
from silent_courier.server.config import Places, ServerConfig
from silent_courier.server.doors import Wanted, choose_addresses, open_doors
from silent_courier.server.listener import address_of

ONIONS = ServerConfig("a" * 56 + ".onion", "b" * 56 + ".onion")
LOCAL = ServerConfig("127.0.0.1:8000", "127.0.0.1:8001")
FREE = "127.0.0.1:0"


def test_without_tor_the_addresses_of_the_config_hold_unless_others_are_asked_for() -> None:
    assert choose_addresses(LOCAL, Wanted(False, None, None)) == Wanted(
        False, LOCAL.portal, LOCAL.desk
    )
    assert choose_addresses(LOCAL, Wanted(False, FREE, None)) == Wanted(False, FREE, LOCAL.desk)


def test_with_tor_there_are_no_addresses_unless_asked_for() -> None:
    assert choose_addresses(ONIONS, Wanted(True, None, None)) == Wanted(True, None, None)
    assert choose_addresses(ONIONS, Wanted(True, FREE, None)) == Wanted(True, FREE, None)


@pytest.mark.parametrize(
    ("config", "wanted"),
    [
        (ONIONS, Wanted(False, None, None)),
        (ONIONS, Wanted(False, FREE, None)),
        (LOCAL, Wanted(True, None, None)),
    ],
)
def test_nowhere_to_listen_is_the_callers_mistake(config: ServerConfig, wanted: Wanted) -> None:
    with pytest.raises(ValueError, match=r"tor|onions"):
        choose_addresses(config, wanted)


def test_sockets_behind_tor_are_bound_and_gone_afterwards(short_path: Path) -> None:
    doors = open_doors(Places(short_path), Wanted(True, None, None))
    assert doors.portal.socket == short_path / "run" / "portal.sock"
    assert doors.desk.socket == short_path / "run" / "desk.sock"
    assert (doors.portal.address, doors.desk.address) == (None, None)
    assert doors.portal.doors[0].proxied
    assert not doors.desk.doors[0].proxied

    doors.close()

    assert list((short_path / "run").iterdir()) == []


def test_deep_directory_gets_its_sockets_elsewhere(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()

    doors = open_doors(Places(deep), Wanted(True, None, None))
    assert doors.portal.socket is not None
    elsewhere = doors.portal.socket.parent
    assert elsewhere.exists()
    doors.close()

    assert not elsewhere.exists()


def test_both_kinds_at_once(short_path: Path) -> None:
    doors = open_doors(Places(short_path), Wanted(True, FREE, FREE))

    assert [door.proxied for door in doors.portal.doors] == [False, True]
    assert doors.portal.address != doors.desk.address
    assert doors.portal.address is not None
    doors.close()


def test_taken_port_lets_go_of_everything_else(short_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        wanted = Wanted(True, FREE, address_of(other))
        with pytest.raises(PortInUseError):
            open_doors(Places(short_path), wanted)

    assert list((short_path / "run").iterdir()) == []
