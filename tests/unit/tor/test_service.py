"""The server's tor, with its network switched off: what it must not claim."""

from pathlib import Path

import pytest

from silent_courier.protocol.errors import BadOnionKeyError, BootstrapTimeoutError, ControlError
from silent_courier.tor.onion import (
    make_client_key,
    make_onion_key,
    read_onion_address,
    write_authorized_clients,
)
from silent_courier.tor.onion import write_onion_key as write
from silent_courier.tor.publication import OnionStatus
from silent_courier.tor.service import ServiceStatus, TorService
from silent_courier.tor.torrc import OnionConfig

OFFLINE = ("DisableNetwork 1",)
KEY = make_onion_key(bytes(32))
NOTHING = (OnionStatus(KEY.address, published=False, uploads=0, copies=0, since=None, last=None),)


def service_in(directory: Path) -> TorService:
    onion = OnionConfig(directory / "onion", directory / "app.sock", public=False)
    return TorService(directory / "tor", [onion], clock=lambda: 0.0, network=OFFLINE)


async def test_a_tor_that_runs_has_published_nothing_by_that(tmp_path: Path) -> None:
    write(tmp_path / "onion", KEY)
    async with service_in(tmp_path) as service:
        assert service.status() == ServiceStatus(True, 0, 0, NOTHING)
        with pytest.raises(BootstrapTimeoutError):
            await service.wait_published(0.1)
        with pytest.raises(BootstrapTimeoutError):
            await service.wait_bootstrapped(0.1)
    assert service.status() == ServiceStatus(False, 0, 0, NOTHING)


async def test_tor_takes_our_key_for_its_own(tmp_path: Path) -> None:
    write(tmp_path / "onion", KEY)
    secret = (tmp_path / "onion" / "hs_ed25519_secret_key").read_bytes()
    service = service_in(tmp_path)
    # Tor works both out again from the secret alone.
    for name in ("hostname", "hs_ed25519_public_key"):
        (tmp_path / "onion" / name).unlink()
    async with service:
        assert (tmp_path / "onion" / "hostname").read_text() == f"{KEY.address}\n"
    assert read_onion_address(tmp_path / "onion") == KEY.address
    assert (tmp_path / "onion" / "hs_ed25519_secret_key").read_bytes() == secret


async def test_a_missing_key_is_said_before_tor_makes_another(tmp_path: Path) -> None:
    with pytest.raises(BadOnionKeyError):
        service_in(tmp_path)
    assert not (tmp_path / "onion").exists()


async def test_client_lists_can_be_read_again_while_tor_runs(tmp_path: Path) -> None:
    write(tmp_path / "onion", KEY)
    write_authorized_clients(tmp_path / "onion", {"a-1": make_client_key(bytes(32)).public})
    service = service_in(tmp_path)
    with pytest.raises(ControlError):
        await service.reload()
    async with service:
        await service.reload()
        assert service.status().running
