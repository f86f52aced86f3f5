"""The app's lifetime: made locked, opened by passphrase, locked when idle, closed at the end."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self

from silent_courier.desk.app.api import routes
from silent_courier.desk.app.assets import load_assets
from silent_courier.desk.app.background import Background, Connect
from silent_courier.desk.app.keeping import Keeper, Ways
from silent_courier.desk.app.listening import Listener, bind
from silent_courier.desk.app.office import Office, exports_of
from silent_courier.desk.app.serving import Place, make_app
from silent_courier.desk.app.sessions import Sessions
from silent_courier.desk.app.standing import Standing
from silent_courier.desk.desk import Clock, Desk, PortalMaker, Random, take_up
from silent_courier.desk.leftovers import clear_parts
from silent_courier.desk.setup import init
from silent_courier.storage.vault import DEFAULT_KDF, KdfParameters
from silent_courier.storage.vault.opening import Derived, derive, draw, open_derived


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the vault is, and the app's times. port 0: any free one."""

    directory: Path
    every_s: float = 15 * 60.0
    idle_s: float = 10 * 60.0
    tick_s: float = 1.0
    port: int = 0
    kdf: KdfParameters = DEFAULT_KDF


class DeskApp:
    """One desk in one browser; a context manager that serves while it is entered.

    standing and listening: of the process before, where there was one.
    """

    def __init__(
        self,
        settings: Settings,
        connect: Connect,
        *,
        clock: Clock,
        monotonic: Clock,
        random: Random,
        portal: PortalMaker | None = None,
        standing: Standing | None = None,
        listening: socket.socket | None = None,
    ) -> None:
        self.standing = standing or Standing()
        self._background = background = Background(connect, clock, settings.every_s)
        self.keeper = Keeper(
            Ways(
                partial(derive, settings.directory),
                _opener(settings.directory, clock, random, portal),
                lambda passphrase: draw(passphrase, settings.kdf, random),
                _maker(settings, clock, random, portal),
            ),
            background,
            monotonic,
            settings.idle_s,
            self.standing,
        )
        self._settings = settings
        self._sessions = Sessions(random, self.standing)
        office = Office(
            self.keeper, background, self._sessions, self.standing, settings.directory, random
        )
        self._place = Place(load_assets(), routes(office), self._sessions)
        self._listener = Listener(make_app(self._place), listening or bind(settings.port))
        self._place.host = self._listener.host
        self._idle: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._listener.start()
        self._idle = asyncio.create_task(self._lock_when_idle())
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._idle is not None:
            self._idle.cancel()
            with suppress(asyncio.CancelledError):
                await self._idle
        await self.keeper.lock()
        await self._listener.stop()

    @property
    def faults(self) -> int:
        """How often something failed that should not have."""
        return self._place.faults

    @property
    def rounds(self) -> int:
        """How many syncs have ended, well or not."""
        return self._background.rounds

    def new_address(self) -> str:
        """The address to open, good for one time; an earlier one counts no more."""
        return f"http://{self._listener.host}/#{self._sessions.new_start()}"

    async def _lock_when_idle(self) -> None:
        while True:
            await asyncio.sleep(self._settings.tick_s)
            if self.keeper.is_idle:
                await self.keeper.lock()


def _opener(
    directory: Path, clock: Clock, random: Random, portal: PortalMaker | None
) -> Callable[[Derived], Desk]:
    def open_desk(derived: Derived) -> Desk:
        vault = open_derived(directory, derived)
        try:
            # We hold the vault's lock, so nobody is writing them.
            clear_parts(exports_of(directory), is_ours=True)
            return take_up(vault, clock, random, portal)
        except BaseException:
            vault.close()
            raise

    return open_desk


def _maker(
    settings: Settings, clock: Clock, random: Random, portal: PortalMaker | None
) -> Callable[[str, str, Derived], Desk]:
    def make_desk(passphrase: str, label: str, derived: Derived) -> Desk:
        made = init(
            settings.directory, passphrase, label, clock=clock, random=random, derived=derived
        )
        return replace(made, portal=portal)

    return make_desk
