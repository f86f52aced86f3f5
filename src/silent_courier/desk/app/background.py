"""Syncing behind the page: now and then, at once when asked, and stopped when asked.

A stopped or failed sync leaves the vault whole; the next one goes on.
"""

import asyncio
import errno
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, replace
from typing import Final

from silent_courier.desk.app.remedies import AFTER_FAULT, remedy_after_sync
from silent_courier.desk.board_watch import as_stranger
from silent_courier.desk.desk import Clock, Desk
from silent_courier.desk.report import SyncReport
from silent_courier.desk.session import Progress
from silent_courier.desk.syncing import sync
from silent_courier.protocol.errors import CourierError, SocksUnreachableError, VaultFullError
from silent_courier.tor.transport import Transport

FAULT: Final = "The sync failed inside this program. What was saved before is safe."

_LETTERS: Final = "letters"

Connect = Callable[[Desk, Progress], AbstractAsyncContextManager[Transport]]
"""A way to the server for this desk; tells how far Tor is."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the page shows of syncing. Times are seconds since 1970; 0: never, or not known."""

    running: bool = False
    step: str = ""
    done: int = 0
    total: int = 0
    finished: float = 0.0
    next: float = 0.0
    stopped: bool = False
    problem: str = ""
    remedy: str = ""
    report: SyncReport | None = None


class Background:
    """The task that syncs while the desk is open."""

    def __init__(self, connect: Connect, clock: Clock, every_s: float) -> None:
        self._connect = connect
        self._clock = clock
        self._every_s = every_s
        self._desk: Desk | None = None
        self._task: asyncio.Task[None] | None = None
        self._asked = asyncio.Event()
        self.status = Status()
        self.rounds = 0
        """How many syncs have ended."""
        self.looks = 0
        """How often there may have been something new: at the end, and once letters are here."""

    def start(self, desk: Desk) -> None:
        """Sync this desk at once, and from now on."""
        self._desk = desk
        self._begin(pause_first=False)

    async def stop(self) -> None:
        """End for good; what was shown is forgotten."""
        await self._end()
        self._desk = None
        self.status = Status()

    def ask(self) -> None:
        """Sync now rather than later."""
        self._asked.set()

    async def interrupt(self) -> None:
        """Stop the sync that runs; the next one comes at its time."""
        if self._desk is None or not self.status.running:
            return
        await self._end()
        self.status = replace(self.status, running=False, step="", stopped=True)
        self._begin(pause_first=True)

    def _begin(self, *, pause_first: bool) -> None:
        assert self._desk is not None
        self._asked.clear()
        self._task = asyncio.create_task(self._run(self._desk, pause_first=pause_first))

    async def _end(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self, desk: Desk, *, pause_first: bool) -> None:
        if pause_first:
            await self._pause()
        while True:
            try:
                self._show("connecting", 0, 0)
                async with self._connect(desk, self._show) as transport:
                    while await self._sync(desk, transport):
                        await self._pause()
            except Exception as error:  # noqa: BLE001 - the page goes on, and says that this did not
                self._failed(*_told(error))
            await self._pause()

    async def _sync(self, desk: Desk, transport: Transport) -> bool:
        """One sync; False when there is no Tor behind this transport any more."""
        self._show("keyring", 0, 0)
        try:
            async with as_stranger(desk, transport) as public:
                report = await sync(desk, transport, self._show, public)
        except CourierError as error:
            self._failed(*_told(error))
            return not isinstance(error, SocksUnreachableError)
        self._ended()
        self.status = Status(finished=self._clock(), report=report)
        return True

    def _ended(self) -> None:
        self.rounds += 1
        self.looks += 1

    def _show(self, step: str, done: int, total: int) -> None:
        before = self.status
        if before.step == _LETTERS != step and 0 < before.total == before.done:
            # All that was to be fetched is here, and what comes after that can take long.
            self.looks += 1
        self.status = replace(
            self.status, running=True, stopped=False, step=step, done=done, total=total
        )

    def _failed(self, sentence: str, remedy: str) -> None:
        # What came before the failure is in the vault and wants to be seen.
        self._ended()
        self.status = replace(self.status, running=False, step="", problem=sentence, remedy=remedy)

    async def _pause(self) -> None:
        # On the clock's own rounds: how long the last sync took, or when somebody unlocked the
        # desk, must not move the next one.
        pause = self._every_s - self._clock() % self._every_s
        self.status = replace(self.status, next=self._clock() + pause)
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._asked.wait()
        self._asked.clear()


def _told(error: Exception) -> tuple[str, str]:
    """What happened, and what to do."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        # Of Tor's own files.
        error = VaultFullError()
    if isinstance(error, CourierError):
        return error.sentence, remedy_after_sync(error)
    return FAULT, AFTER_FAULT
