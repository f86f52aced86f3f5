"""The client's tor, with its network switched off."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    BadOnionAddressError,
    BootstrapTimeoutError,
    TorStartError,
)
from silent_courier.tor.client import TorClient
from silent_courier.tor.onion import make_client_key, make_onion_key

OFFLINE = ("DisableNetwork 1",)
ONION = make_onion_key(bytes(32)).address
KEY = make_client_key(bytes(range(32)))


async def test_a_network_that_does_not_come_stops_tor_again(tmp_path: Path) -> None:
    client = TorClient(tmp_path, network=OFFLINE)
    with pytest.raises(BootstrapTimeoutError):
        await client.start(timeout_s=0.2)
    assert client.pid is None


async def test_there_is_no_socks_port_before_the_start(tmp_path: Path) -> None:
    with pytest.raises(TorStartError):
        _ = TorClient(tmp_path).socks


async def test_a_key_for_no_onion_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadOnionAddressError):
        await TorClient(tmp_path).add_client_key("example.org", KEY.private)


async def test_keys_are_given_to_every_tor_and_never_to_the_disk(tmp_path: Path) -> None:
    client = TorClient(tmp_path, network=OFFLINE)
    await client.add_client_key(ONION, KEY.private)
    start = asyncio.create_task(client.start(timeout_s=30))
    try:
        assert ONION[:56] in await keys_of(client)
        assert client.pid is not None
        os.kill(client.pid, signal.SIGKILL)
        await asyncio.sleep(0.1)
        assert ONION[:56] in await keys_of(client)
        assert not names_the_onion(tmp_path)
    finally:
        start.cancel()
        await asyncio.wait([start])
        await client.stop()


def names_the_onion(directory: Path) -> bool:
    files = [p for p in directory.rglob("*") if p.is_file()]
    assert files
    return any(ONION[:56].encode() in p.read_bytes() for p in files)


async def keys_of(client: TorClient) -> str:
    async with asyncio.timeout(10):
        while client.pid is None:  # noqa: ASYNC110 - what is asked has no event
            await asyncio.sleep(0.02)
        return "\n".join((await client.control.command("ONION_CLIENT_AUTH_VIEW")).lines)
