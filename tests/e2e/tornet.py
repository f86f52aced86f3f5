"""One private Tor network for all e2e tests of a run, and onions and clients that join it.

The network lives in a thread with a loop of its own, so that a test on any loop can join it.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from silent_courier.tor.client import TorClient
from silent_courier.tor.onion import (
    ClientKey,
    make_client_key,
    make_onion_key,
    write_authorized_clients,
    write_onion_key,
)
from silent_courier.tor.private_network import PrivateNetwork
from silent_courier.tor.service import TorService
from silent_courier.tor.torrc import OnionConfig
from silent_courier.tor.transport import Transport

PUBLISHED_WITHIN_S = 60.0
READY_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Tornet:
    """How to join the private network; `directory` is for whatever its users keep."""

    directory: Path
    client_config: tuple[str, ...]
    service_config: tuple[str, ...]

    def client(self, name: str, *, tcp: bool = False) -> TorClient:
        """A client's tor, not started yet."""
        return TorClient(self.directory / name, network=self.client_config, tcp=tcp)

    def onions(self, name: str) -> "Onions":
        """A server's tor with a new public and a new desk onion, not started yet."""
        return Onions(self, self.directory / name)


class Onions:
    """Two onions with fresh keys; their targets are `public_socket` and `desk_socket`."""

    def __init__(self, tornet: Tornet, directory: Path) -> None:
        self.directory = directory
        self.public_socket = directory / "p.sock"
        self.desk_socket = directory / "d.sock"
        self.public_address = _make_onion(directory / "public")
        self.desk_address = _make_onion(directory / "desk")
        self.desk_key: ClientKey = make_client_key(secrets.token_bytes(32))
        write_authorized_clients(directory / "desk", {"anna-1": self.desk_key.public})
        self.now: Callable[[], float] = time.time
        self.service = TorService(
            directory / "tor",
            [
                OnionConfig(directory / "public", self.public_socket, public=True),
                OnionConfig(directory / "desk", self.desk_socket, public=False),
            ],
            clock=lambda: self.now(),  # noqa: PLW0108 - a test may change it
            network=tornet.service_config,
        )


def _make_onion(directory: Path) -> str:
    key = make_onion_key(secrets.token_bytes(32))
    write_onion_key(directory, key)
    return key.address


def transport_through(client: TorClient, address: str) -> Transport:
    """A transport to this onion through this client's tor."""
    return Transport(address, socks=client.socks, random_bytes=secrets.token_bytes)


class _Thread:
    """An event loop in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="tornet")
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@pytest.fixture(scope="session")
def tornet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tornet]:
    """The private Tor network, up and usable."""
    directory = tmp_path_factory.mktemp("tn")
    network = PrivateNetwork(directory / "net", clock=time.time, random_below=secrets.randbelow)
    thread = _Thread()
    try:
        thread.run(network.start())
        yield Tornet(directory, network.client_config(), network.service_config())
    finally:
        thread.run(network.stop())
        thread.close()
