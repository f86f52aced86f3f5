"""The private network's parts; the network itself is used in the e2e tests."""

import random
import socket
from pathlib import Path

import pytest

from silent_courier.protocol.errors import PrivateNetworkError, TorMissingError
from silent_courier.tor.private_network import (
    PORT_COUNT,
    PORT_FIRST,
    PrivateNetwork,
    free_ports,
)


def network_in(directory: Path, tor: str = "tor", gencert: str = "tor-gencert") -> PrivateNetwork:
    return PrivateNetwork(
        directory,
        clock=lambda: 0.0,
        random_below=random.Random(1).randrange,
        tor=tor,
        tor_gencert=gencert,
    )


def test_ports_differ_and_are_below_those_of_outgoing_connections() -> None:
    ports = free_ports(50, random.Random(1).randrange)
    assert len(set(ports)) == 50
    assert all(PORT_FIRST <= port < PORT_FIRST + PORT_COUNT <= 32_768 for port in ports)


def test_a_port_in_use_is_not_chosen() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", PORT_FIRST + 7))
        taken.listen()
        offers = iter([7, 7, 8])
        assert free_ports(1, lambda _below: next(offers)) == (PORT_FIRST + 8,)


def test_no_free_port_is_said_so() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", PORT_FIRST))
        taken.listen()
        with pytest.raises(PrivateNetworkError):
            free_ports(1, lambda _below: 0)


def test_nobody_joins_a_network_that_is_down(tmp_path: Path) -> None:
    with pytest.raises(PrivateNetworkError):
        network_in(tmp_path).client_config()
    with pytest.raises(PrivateNetworkError):
        network_in(tmp_path).service_config()


async def test_missing_programs_are_said_so(tmp_path: Path) -> None:
    with pytest.raises(TorMissingError):
        await network_in(tmp_path / "n", gencert="no-such-program").start()
    with pytest.raises(TorMissingError):
        await network_in(tmp_path / "n", tor="no-such-tor").start()


async def test_a_network_that_fails_twice_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(PrivateNetworkError):
        await network_in(tmp_path / "n", gencert="false").start()
