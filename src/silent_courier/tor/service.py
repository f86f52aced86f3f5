"""Runs tor on the server and knows whether its onions can really be found.

*Published* means that most of the directories that tor asked have confirmed; never merely that tor
is up. Nothing about who comes is seen or kept here.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from silent_courier.protocol.errors import BootstrapTimeoutError
from silent_courier.tor.control import ControlClient
from silent_courier.tor.events import parse_descriptor_event
from silent_courier.tor.onion import read_onion_address
from silent_courier.tor.process import Progress, TorProcess
from silent_courier.tor.publication import OnionStatus, Publication
from silent_courier.tor.torrc import OnionConfig, service_torrc

Clock = Callable[[], float]
"""Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """What the server's tor is doing."""

    running: bool
    percent: int
    restarts: int
    onions: tuple[OnionStatus, ...]


class TorService:
    """The server's tor with its onion services."""

    def __init__(
        self,
        directory: Path,
        onions: Sequence[OnionConfig],
        *,
        clock: Clock,
        network: Sequence[str] = (),
        on_progress: Progress | None = None,
        tor: str = "tor",
    ) -> None:
        self._clock = clock
        self._addresses = tuple(read_onion_address(onion.directory) for onion in onions)
        self._published: dict[str, Publication] = {}
        self._all_published = asyncio.Event()
        self._forget()
        lines = (*service_torrc(onions), *network)
        self._process = TorProcess(
            directory,
            lambda _sockets: lines,
            on_progress=on_progress,
            on_control=self._greet,
            on_down=self._forget,
            tor=tor,
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start tor, without waiting for the network; TorMissingError, TorStartError…"""
        await self._process.start()

    async def stop(self) -> None:
        """End tor at once."""
        await self._process.stop()

    async def wait_bootstrapped(self, timeout_s: float) -> None:
        """Return when tor is on the network; BootstrapTimeoutError."""
        await self._process.wait_bootstrapped(timeout_s)

    async def wait_published(self, timeout_s: float) -> None:
        """Return when every onion can be found; BootstrapTimeoutError."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._all_published.wait()
        except TimeoutError as error:
            raise BootstrapTimeoutError from error

    async def reload(self) -> None:
        """Make tor read its client lists again; ControlError while it is down."""
        await self._process.control.command("SIGNAL", "RELOAD")

    def status(self) -> ServiceStatus:
        """The truth of this moment."""
        now = self._clock()
        running = self._process.running
        onions = tuple(self._published[a].status(a, now) for a in self._addresses)
        return ServiceStatus(
            running, self._process.bootstrap.percent, self._process.restarts, onions
        )

    @property
    def pid(self) -> int | None:
        """The process id of the tor that runs now."""
        return self._process.pid

    async def _greet(self, control: ControlClient) -> None:
        await control.listen("HS_DESC", self._note_descriptor)

    def _forget(self) -> None:
        # The introduction points went with the tor that chose them.
        self._all_published.clear()
        self._published = {address: Publication() for address in self._addresses}

    def _note_descriptor(self, text: str) -> None:
        event = parse_descriptor_event(text)
        if event is None or event.address not in self._published:
            return
        self._published[event.address].note(event, self._clock())
        if all(onion.published for onion in self.status().onions):
            self._all_published.set()
