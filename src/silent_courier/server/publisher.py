"""What everybody gets, ready-made: keyring, board and manifest of now. Spec §10.6, §12.2.

Looks at the clock and the store when told to, and makes new bytes only when the epoch, the day, the
charter or a statement changed. A request costs no more than sending them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.protocol.statements import Statements
from silent_courier.server.board import bring_board_to, epoch_of
from silent_courier.server.draws import Clock, Random
from silent_courier.server.keyring import assemble_keyring
from silent_courier.server.manifests import Manifests
from silent_courier.server.standing import Standing, from_stored
from silent_courier.server.store import Store
from silent_courier.storage.server.charters import read_charter, read_version
from silent_courier.storage.server.statements import read_statements, store_statements

NO_CHARTER = 503

OnCharter = Callable[[Standing], Awaitable[None]]


class Publisher:
    """The charter, the keyring and the board that hold now; nothing before the first charter."""

    def __init__(self, store: Store, clock: Clock, random: Random) -> None:
        self._store = store
        self._clock = clock
        self._random = random
        self.manifests = Manifests(store, clock)
        self._changing = asyncio.Lock()
        self._standing: Standing | None = None
        self._keyring = b""
        self._day: int | None = None
        self._board = b""
        self.epoch: int | None = None

    async def look(self) -> bool:
        """Take in a new charter, a new epoch, a new day; whether there was a new charter."""
        async with self._changing:
            is_new = await self._take_in_charter()
            if self._standing is not None:
                await self._take_in_epoch(self._standing)
                if self._day != day_of(self._clock()):
                    await self._make_keyring(self._standing)
            return is_new

    async def state(self, statements: Statements) -> None:
        """Keep a checked batch and publish it; DayKeyTakenError."""
        standing = self.standing
        work = partial(store_statements, charter=standing.charter.hash, statements=statements)
        async with self._changing:
            await self._store.write(work)
            await self._make_keyring(self.standing)

    @property
    def day(self) -> int:
        """The keyring's day; RequestRefusedError (503) before the first charter."""
        if self._day is None:
            raise RequestRefusedError(NO_CHARTER)
        return self._day

    @property
    def loaded(self) -> Standing | None:
        """The charter that holds, if any."""
        return self._standing

    @property
    def standing(self) -> Standing:
        """The charter that holds; RequestRefusedError (503) before the first."""
        if self._standing is None:
            raise RequestRefusedError(NO_CHARTER)
        return self._standing

    def require_charter(self) -> None:
        """RequestRefusedError (503) before the first charter."""
        _ = self.standing

    @property
    def keyring(self) -> bytes:
        """The keyring; RequestRefusedError (503) before the first charter."""
        return self._ready(self._keyring)

    @property
    def board(self) -> bytes:
        """The board; RequestRefusedError (503) before the first charter."""
        return self._ready(self._board)

    def _ready(self, made: bytes) -> bytes:
        if not made:
            raise RequestRefusedError(NO_CHARTER)
        return made

    async def _take_in_charter(self) -> bool:
        version = await self._store.read(read_version)
        if version is None or (self._standing and self._standing.version == version):
            return False
        stored = await self._store.read(read_charter)
        if stored is None:
            return False
        self._standing = await asyncio.to_thread(from_stored, stored)
        self._day = None
        await self.manifests.look(self._standing)
        return True

    async def _take_in_epoch(self, standing: Standing) -> None:
        parameters = standing.charter.body.parameters
        epoch = epoch_of(self._clock(), parameters)
        if self.epoch is not None and epoch <= self.epoch:
            return
        store, random = self._store, self._random
        # The keys that live when it is done, which may be later.
        work = partial(
            bring_board_to, store.database, lambda: store.keys.live, epoch, parameters, random
        )
        self.epoch, self._board = await self._store.write_blocking(work)

    async def _make_keyring(self, standing: Standing) -> None:
        day = day_of(self._clock())
        work = partial(read_statements, charter=standing.charter.hash, day=day)
        statements = await self._store.read(work)
        self._keyring = assemble_keyring(standing, statements, day)
        self._day = day
