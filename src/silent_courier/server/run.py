"""A running server: store, clock's work, listeners and tor, started and stopped as one. Spec §12.

What fails while it runs and can mend itself, a full disk or a tor that died, stops nothing else:
it is in the status until it is over.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Self

from starlette.types import ASGIApp

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import DiskFullError, StorageError
from silent_courier.server.assisted import Assistant, Assisted, UnworkedLane
from silent_courier.server.circuits import Circuits
from silent_courier.server.config import Places, ServerConfig, read_config
from silent_courier.server.deadlines import with_deadlines
from silent_courier.server.desk_app import DeskApp
from silent_courier.server.doors import Doors, Side, Wanted, choose_addresses, open_doors
from silent_courier.server.draws import Clock, Random
from silent_courier.server.limits import Limits
from silent_courier.server.listener import Listener
from silent_courier.server.lock import ServerLock
from silent_courier.server.night import do_night
from silent_courier.server.onions import onion_configs, reload_clients, write_clients
from silent_courier.server.portal.forms import Forms
from silent_courier.server.portal.hosts import own_hosts
from silent_courier.server.portal.site import Site
from silent_courier.server.public_app import Gate, PublicApp, current_letter_len
from silent_courier.server.publisher import Publisher
from silent_courier.server.purge import Counts
from silent_courier.server.routes import Faults, make_app
from silent_courier.server.seats import SeatLimits, Seats
from silent_courier.server.status import ServerStatus, write_status
from silent_courier.server.store import Store
from silent_courier.server.tickets import Tickets
from silent_courier.storage.chunks import DiskChunks
from silent_courier.storage.server.database import Database
from silent_courier.storage.staging import StagingKeys
from silent_courier.tor.process import Progress
from silent_courier.tor.service import TorService


class RunningServer:
    """A server on its directory, from `start` to `stop`; also an async context manager."""

    def __init__(
        self,
        directory: Path,
        *,
        clock: Clock,
        random: Random,
        listen: str | None = None,
        desk_listen: str | None = None,
        use_tor: bool | None = None,
        network: Sequence[str] = (),
        on_progress: Progress | None = None,
        tor: str = "tor",
        limits: Limits | None = None,
        assistant: Assistant | None = None,
    ) -> None:
        """`assistant`: seals and finds for who has no script; None offers no such form."""
        self._places = Places(directory)
        self._clock = clock
        self._random = random
        self._use_tor = use_tor
        self._addresses = (listen, desk_listen)
        self._make_tor = partial(
            TorService,
            self._places.tor,
            clock=clock,
            network=network,
            on_progress=on_progress,
            tor=tor,
        )
        self._limits = limits or Limits()
        self._assistant = assistant
        self._parts = AsyncExitStack()
        self._chartered = asyncio.Event()
        self._faults = Faults()
        self._tor: TorService | None = None
        self._counts = Counts()
        self._night_of: int | None = None
        self._clients_due = True
        self._night_after = 0.0
        self._trouble: StorageError | None = None
        self._written: ServerStatus | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start every part, or none.

        Raises:
            NotAServerError, ServerRunningError, PortInUseError, DiskFullError, StoreDamagedError
            TorError: tor is missing or does not start.
            ValueError: no tor, and nowhere to listen.
        """
        async with AsyncExitStack() as parts:
            self._config = read_config(self._places.directory)
            lock = await asyncio.to_thread(ServerLock, self._places.lock)
            parts.callback(lock.release)
            self._doors = open_doors(self._places, self._wanted(self._config))
            parts.callback(self._doors.close)
            self._store = await self._open_store()
            parts.push_async_callback(self._store.close)
            self._publisher = Publisher(self._store, self._clock, self._random)
            self._tickets = Tickets(self._clock, self._random, self._limits)
            self._site = await Site.load(self._publisher, self._own_hosts())
            await self.tick()
            # Should this have failed, tor must not start: without a list it would let everybody in.
            await self._let_devices_in()
            await self._serve(parts)
            await self._start_tor(parts, self._doors)
            self._ticking = asyncio.create_task(self._tick_for_ever())
            parts.push_async_callback(self._stop_ticking)
            self._write_status()
            self._parts = parts.pop_all()

    async def stop(self) -> None:
        """Stop every part, the last started first."""
        await self._parts.aclose()
        self._tor = None

    async def wait(self) -> None:
        """Wait until cancelled; raises when the server's own loop failed."""
        await asyncio.shield(self._ticking)

    async def wait_published(self, timeout_s: float) -> None:
        """Wait until both onions can be found; BootstrapTimeoutError. At once without tor."""
        if self._tor is not None:
            await self._tor.wait_published(timeout_s)

    async def wait_chartered(self) -> None:
        """Wait until there is a charter to serve under."""
        await self._chartered.wait()

    async def tick(self) -> None:
        """Look at the clock and the store now. Happens every second by itself."""
        self._tickets.draw()
        try:
            if await self._publisher.look():
                self._clients_due = True
            if self._publisher.loaded is not None:
                self._chartered.set()
            if self._clients_due:
                await self._let_devices_in()
            await self._site.refresh()
            await self._do_night_if_due()
        except StorageError as error:
            self._trouble = error
        else:
            self._trouble = None
        self._write_status()

    @property
    def portal_url(self) -> str:
        """Where a source reaches this server: its onion, or its address on this machine."""
        return f"http://{self.portal_listen if self._tor is None else self._config.portal}"

    @property
    def desk_url(self) -> str:
        """Where a desk reaches this server."""
        return f"http://{self.desk_listen if self._tor is None else self._config.desk}"

    @property
    def portal_listen(self) -> str | None:
        """`HOST:PORT` of the portal, where there is one besides the onion."""
        return self._doors.portal.address

    @property
    def desk_listen(self) -> str | None:
        """`HOST:PORT` of the desk's side, where there is one besides the onion."""
        return self._doors.desk.address

    @property
    def portal_socket(self) -> Path | None:
        """The unix socket behind the public onion."""
        return self._doors.portal.socket

    @property
    def desk_socket(self) -> Path | None:
        """The unix socket behind the desk onion."""
        return self._doors.desk.socket

    @property
    def status(self) -> ServerStatus:
        """The truth of this moment."""
        standing = self._publisher.loaded
        return ServerStatus(
            running=True,
            portal=self._config.portal,
            desk=self._config.desk,
            day=day_of(self._clock()),
            epoch=self._publisher.epoch,
            serial=None if standing is None else standing.charter.body.serial,
            org_id=None if standing is None else standing.charter.org_id.hex(),
            letters=self._counts.letters,
            chunks=self._counts.chunks,
            store_full=isinstance(self._trouble, DiskFullError),
            store_failing=self._trouble is not None,
            faults=self._faults.count,
            tor=None if self._tor is None else self._tor.status(),
        )

    def _wanted(self, config: ServerConfig) -> Wanted:
        listen, desk_listen = self._addresses
        uses_tor = config.uses_tor if self._use_tor is None else self._use_tor
        return choose_addresses(config, Wanted(uses_tor, listen, desk_listen))

    async def _open_store(self) -> Store:
        database = await asyncio.to_thread(Database, self._places.store)
        keys = await asyncio.to_thread(StagingKeys, self._places.staging)
        chunks = DiskChunks(self._places.chunks, keys, self._random)
        await asyncio.to_thread(chunks.prepare)
        return Store(database, chunks, keys, self._random)

    async def _serve(self, parts: AsyncExitStack) -> None:
        limits = self._limits
        boards, least, forms = limits.circuit_boards, limits.circuit_bytes, limits.circuit_forms
        circuits = Circuits(self._clock, boards, least, forms)
        gate = Gate(self._tickets, circuits)
        public = PublicApp(self._publisher, self._store, gate, self._clock, self._random)
        desk = DeskApp(self._publisher, self._store, self._clock, self._random)
        posting = self._forms(public, circuits, parts)
        portal = (*public.routes(), *posting.routes(), *self._site.routes())
        faults, site = self._faults, self._site
        for app, side, connections in (
            (
                make_app(portal, faults, site.finish, site.admit),
                self._doors.portal,
                limits.connections,
            ),
            (make_app(desk.routes(), faults), self._doors.desk, limits.desk_connections),
        ):
            listener = self._listener(app, side, connections)
            parts.push_async_callback(listener.stop)
            await listener.start()

    def _forms(self, public: PublicApp, circuits: Circuits, parts: AsyncExitStack) -> Forms:
        lane = UnworkedLane(public.enter_unworked, public.keep_unworked)
        assisted = None
        if self._assistant is not None:
            assisted = Assisted(self._assistant, self._publisher, lane)
            parts.callback(assisted.close)
        letter_len = partial(current_letter_len, self._publisher)
        may_post = circuits.may_post
        return Forms(self._site.posted, lane, letter_len, may_post, assisted)

    def _own_hosts(self) -> frozenset[bytes]:
        return own_hosts(self._config.portal, self._doors.portal.address)

    def _listener(self, app: ASGIApp, side: Side, connections: int) -> Listener:
        limits = self._limits
        # Half of them can be held: so a newcomer always finds one that yields.
        held = connections // 2
        room = SeatLimits(connections, limits.circuit_connections, limits.circuit_share, held)
        timely = with_deadlines(app, limits)
        return Listener(timely, side.doors, limits, Seats(room, time.monotonic, self._random))

    async def _start_tor(self, parts: AsyncExitStack, doors: Doors) -> None:
        if doors.portal.socket is None or doors.desk.socket is None:
            return
        configs = onion_configs(self._places, doors.portal.socket, doors.desk.socket)
        tor = self._make_tor(onions=configs)
        parts.push_async_callback(tor.stop)
        await tor.start()
        self._tor = tor

    async def _let_devices_in(self) -> None:
        if not self._config.uses_tor:
            self._clients_due = False
            return
        standing = self._publisher.loaded
        await asyncio.to_thread(write_clients, self._places, standing, self._random)
        self._clients_due = False
        if self._tor is not None:
            await reload_clients(self._tor)

    async def _do_night_if_due(self) -> None:
        today = day_of(self._clock())
        now = asyncio.get_running_loop().time()
        if (self._night_of == today and not self._store.keys.due) or now < self._night_after:
            return
        # Should it fail, or an upload of yesterday still run, the next attempt is in a while.
        self._night_after = now + self._limits.night_retry_s
        self._counts = await do_night(self._store, self._random, today)
        self._night_of = today
        if not self._store.keys.due:
            self._night_after = 0.0

    def _write_status(self) -> None:
        status = self.status
        if status != self._written:
            with suppress(StorageError):
                write_status(self._places.directory, status)
                self._written = status

    async def _tick_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._limits.tick_s)
            await self.tick()

    async def _stop_ticking(self) -> None:
        self._ticking.cancel()
        with suppress(asyncio.CancelledError):
            await self._ticking
