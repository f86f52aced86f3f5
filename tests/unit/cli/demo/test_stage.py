import socket

import pytest

from silent_courier.cli.demo.places import Places, read_ports
from silent_courier.cli.demo.stage import open_stage
from silent_courier.cli.output import progress


async def test_without_waiting_it_plays_on_loopback(places: Places) -> None:
    ports = read_ports(places)
    with progress() as view:
        async with open_stage(places, ports, view, 0) as stage:
            assert stage.addresses.portal == ports.portal == stage.server.portal_listen
            assert stage.socks is None


async def test_a_tor_that_cannot_start_is_gone_on_without(
    places: Places, capfd: pytest.CaptureFixture[str]
) -> None:
    config = places.directory / "broken.conf"
    config.write_text("NoSuchOption 1\n", encoding="utf-8")
    with progress() as view:
        async with open_stage(places, read_ports(places), view, 5, config) as stage:
            assert stage.tor is None
            assert stage.addresses.portal == read_ports(places).portal
    said = capfd.readouterr().err
    tried = "Trying the open Tor network, up to 5 s; then loopback.\n"
    assert said.startswith(tried)
    assert "Without the open Tor network" in said


async def test_ports_that_others_took_are_exchanged(places: Places) -> None:
    ports = read_ports(places)
    with socket.socket() as other, progress() as view:
        host, port = ports.portal.split(":")
        other.bind((host, int(port)))
        other.listen()
        async with open_stage(places, ports, view, 0) as stage:
            assert stage.addresses.portal != ports.portal
            assert read_ports(places).portal == stage.addresses.portal
