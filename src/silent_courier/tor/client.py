"""Runs tor as a client, for whoever visits an onion without a Tor of their own.

Keys of access-controlled onions are given to tor's memory alone, and again to every tor that is
started after a death; nothing of them reaches the disk. Only onions can be reached through its
SOCKS port.
"""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from silent_courier.protocol.errors import ControlError, TorStartError
from silent_courier.tor.address import SocksAddress, parse_socks_address
from silent_courier.tor.control import ControlClient
from silent_courier.tor.onion import parse_onion_address
from silent_courier.tor.process import Progress, TorProcess
from silent_courier.tor.torrc import client_torrc

BOOTSTRAP_TIMEOUT_S = 60.0


class TorClient:
    """A tor of our own; its SOCKS port is a private unix socket, or on 127.0.0.1 (`tcp`)."""

    def __init__(
        self,
        directory: Path,
        *,
        network: Sequence[str] = (),
        on_progress: Progress | None = None,
        tcp: bool = False,
        tor: str = "tor",
    ) -> None:
        self._tcp = tcp
        self._network = tuple(network)
        self._keys: dict[str, bytes] = {}
        self._socks: SocksAddress | None = None
        self._process = TorProcess(
            directory, self._torrc, on_progress=on_progress, on_control=self._greet, tor=tor
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    @property
    def socks(self) -> SocksAddress:
        """Where the SOCKS port is; TorStartError before the start."""
        if self._socks is None:
            raise TorStartError
        return self._socks

    @property
    def pid(self) -> int | None:
        """The process id of the tor that runs now."""
        return self._process.pid

    @property
    def control(self) -> ControlClient:
        """The control connection; ControlError while tor is down."""
        return self._process.control

    async def start(self, timeout_s: float = BOOTSTRAP_TIMEOUT_S) -> None:
        """Start tor and wait for the network; BootstrapTimeoutError, and tor is stopped again."""
        await self._process.start()
        try:
            await self._process.wait_bootstrapped(timeout_s)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End tor at once."""
        await self._process.stop()

    async def add_client_key(self, address: str, private: bytes) -> None:
        """Let tor, and every later tor, open this onion's descriptor; BadOnionAddressError."""
        parse_onion_address(address)
        self._keys[address] = private
        if self._process.running:
            await _give_key(self._process.control, address, private)

    async def forget_circuits(self) -> None:
        """Use new circuits, and look descriptors up anew, from now on; ControlError."""
        control = self._process.control
        await control.command("SIGNAL", "NEWNYM")
        # Tor forgets with its circuits the keys it has in memory alone.
        await self._give_keys(control)

    def _torrc(self, sockets: Path) -> Sequence[str]:
        socket = None if self._tcp else sockets / "socks.sock"
        if socket is not None:
            self._socks = SocksAddress(path=socket)
        return (*client_torrc(socket), *self._network)

    async def _greet(self, control: ControlClient) -> None:
        if self._tcp:
            self._socks = await _find_socks(control)
        await self._give_keys(control)

    async def _give_keys(self, control: ControlClient) -> None:
        for address, private in self._keys.items():
            await _give_key(control, address, private)


async def _find_socks(control: ControlClient) -> SocksAddress:
    listeners = await control.get_info("net/listeners/socks")
    try:
        return parse_socks_address(listeners.strip('"'))
    except ValueError as error:
        raise ControlError from error


async def _give_key(control: ControlClient, address: str, private: bytes) -> None:
    key = base64.b64encode(private).decode()
    await control.command("ONION_CLIENT_AUTH_ADD", address.removesuffix(".onion"), f"x25519:{key}")
