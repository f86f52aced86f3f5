"""Where the demo plays: on a private Tor network, on the open one, or on loopback.

The open network gets a minute; then the demo goes on without it and says so. The server, its tor
and everything else belong to one process and stop with it.
"""

import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.cli.connection import read_torrc
from silent_courier.cli.demo.places import Places, Ports, write_ports
from silent_courier.cli.output import View, tell
from silent_courier.cli.server import free_address
from silent_courier.organisation.store import ServerAddresses
from silent_courier.protocol.errors import PortInUseError, TorError
from silent_courier.server.config import read_config
from silent_courier.server.run import RunningServer
from silent_courier.tor.address import SocksAddress
from silent_courier.tor.client import TorClient
from silent_courier.tor.private_network import PrivateNetwork

OPEN_TOR_WAIT_S: Final = 60
_PRIVATE_WAIT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Stage:
    """A running server, the addresses it is reached at, and the way there."""

    server: RunningServer
    addresses: ServerAddresses
    tor: TorClient | None = None
    tor_config: Path | None = None

    @property
    def socks(self) -> SocksAddress | None:
        """Of the demo's own tor; none on loopback."""
        return self.tor.socks if self.tor else None


@asynccontextmanager
async def private_stage(places: Places, view: View) -> AsyncIterator[Stage]:
    """On a Tor network of our own; TorError."""
    async with AsyncExitStack() as stack:
        network = PrivateNetwork(
            places.network,
            clock=time.time,
            random_below=secrets.randbelow,
            on_progress=lambda percent, _: view.show_percent("private Tor network", percent),
        )
        await stack.enter_async_context(network)
        places.tor_config.write_text("\n".join(network.client_config()) + "\n", encoding="utf-8")
        yield await _on_tor(places, view, stack, _PRIVATE_WAIT_S, places.tor_config)


@asynccontextmanager
async def open_stage(
    places: Places, ports: Ports, view: View, wait_s: float, tor_config: Path | None = None
) -> AsyncIterator[Stage]:
    """On the open Tor network when it answers within `wait_s`, else on loopback."""
    async with AsyncExitStack() as stack:
        stage: Stage | None = None
        if wait_s > 0:
            tell(f"Trying the open Tor network, up to {wait_s:.0f} s; then loopback.")
            stage = await _or_nothing(
                lambda inner: _on_tor(places, view, inner, wait_s, tor_config), stack
            )
        view.clear()
        if stage is None:
            tell("Without the open Tor network the demo goes on over loopback.")
            tell("To see real onions on this machine: courier demo --private-tor")
            stage = await _on_loopback(places, ports, stack)
        yield stage


async def _or_nothing(
    make: Callable[[AsyncExitStack], Awaitable[Stage]], stack: AsyncExitStack
) -> Stage | None:
    async with AsyncExitStack() as attempt:
        try:
            stage = await make(attempt)
        except TorError as error:
            tell(str(error))
            return None
        stack.push_async_exit(attempt.pop_all())
        return stage


async def _on_tor(
    places: Places, view: View, stack: AsyncExitStack, wait_s: float, tor_config: Path | None
) -> Stage:
    network = read_torrc(tor_config)
    config = read_config(places.server)
    end = time.monotonic() + wait_s
    server = RunningServer(
        places.server,
        clock=time.time,
        random=secrets.token_bytes,
        network=network,
        on_progress=lambda percent, _: view.show_percent("server's tor", percent),
    )
    await stack.enter_async_context(server)
    await server.wait_published(wait_s)
    tor = TorClient(
        places.tor,
        network=network,
        on_progress=lambda percent, _: view.show_percent("visitors' tor", percent),
    )
    stack.push_async_callback(tor.stop)
    await tor.start(max(1.0, end - time.monotonic()))
    return Stage(server, ServerAddresses(config.portal, config.desk), tor, tor_config)


async def _on_loopback(places: Places, ports: Ports, stack: AsyncExitStack) -> Stage:
    try:
        server = await stack.enter_async_context(_loopback_server(places, ports))
    except PortInUseError:
        # Another program has them by now, and nothing but this demo's charter knows of them.
        ports = Ports(free_address(), free_address())
        write_ports(places, ports)
        server = await stack.enter_async_context(_loopback_server(places, ports))
    return Stage(server, ServerAddresses(ports.portal, ports.desk))


def _loopback_server(places: Places, ports: Ports) -> RunningServer:
    return RunningServer(
        places.server,
        clock=time.time,
        random=secrets.token_bytes,
        use_tor=False,
        listen=ports.portal,
        desk_listen=ports.desk,
    )
