"""A whole organisation in one process: root, server, desks and sources, and a clock to turn.

Every part is the real one with its real directory; only time is handed in, so that days pass in a
moment. With a `Tornet` all of them meet over the private Tor network, else over loopback.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from silent_courier import desk as desks
from silent_courier.cli.assistant import SourceAssistant
from silent_courier.cli.server import free_address
from silent_courier.desk import Desk, SyncReport
from silent_courier.organisation import actions
from silent_courier.organisation.roster import Choices, Rhythm
from silent_courier.organisation.store import ServerAddresses
from silent_courier.protocol.calendar import SECONDS_PER_DAY, day_of
from silent_courier.protocol.charter import Charter
from silent_courier.server.limits import Limits
from silent_courier.server.run import RunningServer
from silent_courier.server.setup import init_server, load_charter
from silent_courier.source.check import Checked, check
from silent_courier.source.compose import Draft
from silent_courier.source.parcel import Parcel
from silent_courier.source.progress import OnProgress, untold
from silent_courier.source.write import Sent, write
from silent_courier.storage.vault import KdfParameters
from silent_courier.tor.address import SocksAddress
from silent_courier.tor.client import TorClient
from silent_courier.tor.transport import Timeouts, Transport
from tests.e2e.due import let_be_due
from tests.e2e.tornet import PUBLISHED_WITHIN_S, Tornet
from tests.headers import exact_answers

PASSPHRASE = "ten dull green words"
NAME = "Редакция"
SLOTS_MAX = 4 * 24
QUICK_KDF = KdfParameters(1, 64, 1)
QUICK_LIMITS = Limits(ticket_bits=8)
BEGIN = 20_780 * SECONDS_PER_DAY + 43_200.0  # a Monday, noon: no test meets midnight by chance
# On the private network a connection takes a second; one whose other end has just died never comes.
IMPATIENT = Timeouts(connect_s=20.0)


class HouseClock:
    """Goes as time does, from a fixed moment on, and further when it is told to."""

    def __init__(self, begin: float) -> None:
        self._offset = begin - time.monotonic()

    def __call__(self) -> float:
        return time.monotonic() + self._offset

    @property
    def day(self) -> int:
        return day_of(self())

    def advance(self, *, days: float = 0, hours: float = 0) -> None:
        self._offset += days * SECONDS_PER_DAY + hours * 3600


@dataclass(frozen=True, slots=True)
class Room:
    """A handler's desk, and the tor by which it reaches the server."""

    desk: Desk
    tor: TorClient | None


class House:
    """What a test sees; made by `open_house`."""

    def __init__(
        self,
        directory: Path,
        stack: AsyncExitStack,
        tornet: Tornet | None,
        limits: Limits,
        begin: float,
    ) -> None:
        self.directory = directory
        self._stack = stack
        self.tornet = tornet
        self.addresses: ServerAddresses | None = None
        self.limits = limits
        self.assisted = False
        self.clock = HouseClock(begin)
        self.rooms: dict[str, Room] = {}
        self.source_tor: TorClient | None = None
        self.chain = b""
        self._server: RunningServer | None = None
        self._listen: tuple[str | None, str | None] = (None, None)
        self._charter: Charter | None = None
        self._told_before: float | None = None

    @property
    def server(self) -> RunningServer:
        """The server that runs now."""
        assert self._server is not None
        return self._server

    @property
    def charter(self) -> Charter:
        """The current charter, as the organisation issued it."""
        assert self._charter is not None
        return self._charter

    @property
    def org_id(self) -> bytes:
        """What a source is told."""
        return self.charter.org_id

    def desk(self, label: str) -> Desk:
        """This handler's desk."""
        return self.rooms[label].desk

    def found(self, rhythm: Rhythm, name: str) -> None:
        """Make the server's directory and the organisation's."""
        if self.tornet is None:
            self._listen = (free_address(), free_address())
        portal, desk = self._listen
        if self.addresses is not None:
            portal, desk = self.addresses.portal, self.addresses.desk
        config = init_server(
            self.directory / "server", random=secrets.token_bytes, portal=portal, desk=desk
        )
        actions.init(
            self.directory / "org",
            name,
            ServerAddresses(config.portal, config.desk),
            PASSPHRASE,
            random=secrets.token_bytes,
            rhythm=rhythm,
        )

    async def start_server(self) -> None:
        """Start it on its directory; returns when it can be reached."""
        listen, desk_listen = self._listen
        self._server = RunningServer(
            self.directory / "server",
            clock=self.clock,
            random=secrets.token_bytes,
            listen=listen,
            desk_listen=desk_listen,
            use_tor=self.tornet is not None,
            network=self.tornet.service_config if self.tornet else (),
            limits=self.limits,
            assistant=SourceAssistant(secrets.token_bytes, self.clock) if self.assisted else None,
        )
        await self._server.start()
        await self._server.wait_published(PUBLISHED_WITHIN_S)

    async def stop_server(self) -> None:
        """Stop it; what is in its directory stays."""
        if self._server is not None:
            await self._server.stop()
            self._server = None

    def issue(self, choices: Choices | None = None) -> None:
        """Sign the next charter and hand it to the server."""
        issued = actions.issue_charter(
            self.directory / "org", PASSPHRASE, clock=self.clock, choices=choices
        )
        self._charter, self.chain = issued.charter, issued.chain
        self._told_before = None if self._server is None else self._desk_onion_told()
        load_charter(self.directory / "server", issued.chain, issued.access)

    async def revoke(self, label: str) -> None:
        """Let this handler go."""
        actions.revoke(self.directory / "org", label)
        self.issue()
        await self.server.tick()

    async def enrol(self, *labels: str) -> None:
        """Give these handlers a desk and a place in the organisation; a charter makes it count."""
        for label in labels:
            desk = desks.init(
                self.directory / f"desk-{len(self.rooms)}",
                PASSPHRASE,
                label,
                clock=self.clock,
                random=secrets.token_bytes,
                kdf=QUICK_KDF,
            )
            self._stack.callback(desk.vault.close)
            actions.enrol(self.directory / "org", [desks.make_request(desk)])
            tor = None
            if self.tornet is not None:
                tor = self.tornet.client(f"{self.directory.name}-d{len(self.rooms)}")
                await self._stack.enter_async_context(tor)
            self.rooms[label] = Room(desk, tor)

    async def join(self, *labels: str) -> None:
        """Hand the charter to these desks, or to all."""
        for label in labels or tuple(self.rooms):
            room = self.rooms[label]
            info = desks.join(room.desk, self.chain)
            if room.tor is not None:
                await room.tor.add_client_key(info.desk, desks.tor_client_key(room.desk))
                await self._let_in()

    async def _let_in(self) -> None:
        """Wait until tor has told the directories whom the desk onion lets in since the charter.

        A client that asks sooner keeps the descriptor of before, which is closed to it.
        """
        for _ in range(60):
            if self._server is None or self._desk_onion_told() != self._told_before:
                return
            await asyncio.sleep(0.5)
        raise AssertionError("the desk onion was not published anew")

    def _desk_onion_told(self) -> float | None:
        tor = self.server.status.tor
        return None if tor is None else tor.onions[1].last

    async def sync(self, *labels: str) -> dict[str, SyncReport]:
        """Sync these desks one after another, or all; what waits is due.

        The timetable has tests of its own; here it must not decide what a story tells.
        """
        reports = {}
        for label in labels or tuple(self.rooms):
            let_be_due(self.desk(label))
            async with self.desk_transport(label) as transport:
                reports[label] = await desks.sync(self.desk(label), transport)
        return reports

    async def post(self, label: str) -> None:
        """Sync this desk, slot after slot, until all that waits was posted and is on the board."""
        for _ in range(SLOTS_MAX):
            await self.sync(label)
            if not desks.list_queue(self.desk(label)):
                break
            await self.pass_time(hours=0.25)
        # Behind it in the server's queue may stand what others posted before.
        await self.pass_time(hours=3)

    async def pass_time(self, *, days: float = 0, hours: float = 0) -> None:
        """Turn the clock, and let the server notice."""
        self.clock.advance(days=days, hours=hours)
        await self.server.tick()

    def desk_transport(self, label: str) -> Transport:
        """A new transport of this desk; the caller closes it."""
        tor = self.rooms[label].tor
        socks = tor.socks if tor else None
        return _transport(self.server.desk_url, socks)

    def source_transport(self) -> Transport:
        """A new transport to the portal; the caller closes it."""
        socks = self.source_tor.socks if self.source_tor else None
        return _transport(self.server.portal_url, socks)

    async def write(
        self,
        entropy: bytes,
        letter: Draft | Parcel | str,
        *,
        on_progress: OnProgress = untold,
    ) -> Sent:
        """Write as a source with these words does."""
        async with self.source_transport() as transport:
            return await write(
                transport,
                self.org_id,
                entropy,
                Draft(letter, "ru") if isinstance(letter, str) else letter,
                clock=self.clock,
                random=secrets.token_bytes,
                on_progress=on_progress,
            )

    async def check(self, entropy: bytes) -> Checked:
        """Check as a source with these words does."""
        async with self.source_transport() as transport:
            return await check(
                transport,
                self.org_id,
                entropy,
                clock=self.clock,
                random=secrets.token_bytes,
            )


def _transport(url: str, socks: SocksAddress | None) -> Transport:
    return Transport(url, socks=socks, random_bytes=secrets.token_bytes, timeouts=IMPATIENT)


@asynccontextmanager
async def open_house(
    directory: Path,
    labels: Sequence[str] = ("Анна", "Борис"),
    *,
    tornet: Tornet | None = None,
    rhythm: Rhythm | None = None,
    limits: Limits = QUICK_LIMITS,
    begin: float = BEGIN,
    name: str = NAME,
    assisted: bool = False,
    addresses: ServerAddresses | None = None,
) -> AsyncIterator[House]:
    """Set everything up as the commands do; every desk has synced once and can be written to.

    addresses: what the charter names, where others than the server listen there.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(exact_answers())
        house = House(directory, stack, tornet, limits, begin)
        house.assisted, house.addresses = assisted, addresses
        house.found(rhythm or Rhythm(), name)
        await house.enrol(*labels)
        house.issue()
        stack.push_async_callback(house.stop_server)
        await house.start_server()
        await house.join()
        if tornet is not None:
            house.source_tor = tornet.client(f"{directory.name}-s")
            await stack.enter_async_context(house.source_tor)
        await house.sync()
        await house.server.tick()
        yield house
