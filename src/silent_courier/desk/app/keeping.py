"""Open or locked: the passphrase, the patience that a wrong one costs, and the idle clock.

Locking closes the vault and lets go of everything that was read from it. Python cannot promise
that nothing of a key stays in memory, so the process that held one ends after that (`porter`).
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from silent_courier.desk.app.background import Background
from silent_courier.desk.app.standing import Standing
from silent_courier.desk.auditing import record_unlocked
from silent_courier.desk.desk import Clock, Desk, Random
from silent_courier.desk.setup import info
from silent_courier.protocol.errors import (
    CourierError,
    NotJoinedError,
    RequestRefusedError,
    VaultDamagedError,
    VaultInUseError,
    WrongPassphraseError,
)
from silent_courier.storage.vault.opening import Derived, derive

FREE_ATTEMPTS: Final = 2
WAIT_MAX_S: Final = 60.0
PATIENCE: Final = 25
PAUSE_S: Final = 0.2
_LOCKED: Final = 423
_TOO_SOON: Final = 429


Change = Callable[[Path, str, str, Random], None]


@dataclass(frozen=True, slots=True)
class Ways:
    """To a desk: by the passphrase of a vault that is there, or a new one under a label.

    What takes a second, a key from a passphrase, is done in another thread: `derive` and `draw`.
    """

    derive: Callable[[str], Derived]
    open: Callable[[Derived], Desk]
    draw: Callable[[str], Derived]
    make: Callable[[str, str, Derived], Desk]


class Keeper:
    """Holds the desk while it is open."""

    def __init__(
        self,
        ways: Ways,
        background: Background,
        monotonic: Clock,
        idle_s: float,
        standing: Standing,
    ) -> None:
        self._ways = ways
        self._background = background
        self._monotonic = monotonic
        self._idle_s = idle_s
        self._desk: Desk | None = None
        self._opening = asyncio.Lock()
        self._standing = standing
        self._active = 0.0
        self.left = asyncio.Event()
        """Set once a desk that was open has been locked."""

    @property
    def is_open(self) -> bool:
        """Whether the vault is open."""
        return self._desk is not None

    @property
    def desk(self) -> Desk:
        """The open desk; RequestRefusedError (423) when it is locked."""
        if self._desk is None:
            raise RequestRefusedError(_LOCKED)
        return self._desk

    @property
    def wait_s(self) -> float:
        """How long until a passphrase is taken again."""
        return max(0.0, self._standing.not_before - self._monotonic())

    async def unlock(self, passphrase: str) -> None:
        """Open the vault and begin to sync. A command that uses it just now is waited for.

        Raises:
            RequestRefusedError (429): too soon after a wrong passphrase.
            VaultError: as `open_vault`.
        """
        async with self._opening:
            await self._unlock(passphrase)

    async def _unlock(self, passphrase: str) -> None:
        if self._desk is not None:
            return
        if self.wait_s:
            raise RequestRefusedError(_TOO_SOON)
        try:
            opened = await self._open_patiently(passphrase)
        except WrongPassphraseError:
            self._failed()
            raise
        self._standing.change(failures=0, broke=False)
        self._begin(opened)

    def _failed(self) -> None:
        failures = self._standing.failures + 1
        not_before = self._monotonic() + _penalty_s(failures)
        self._standing.change(failures=failures, not_before=not_before)

    async def create(self, passphrase: str, label: str) -> None:
        """Make the vault, and open it; VaultExistsError, MalformedCharterError (the label)."""
        async with self._opening:
            derived = await asyncio.to_thread(self._ways.draw, passphrase)
            self._begin(self._ways.make(passphrase, label, derived))

    def _begin(self, opened: Desk) -> None:
        try:
            record_unlocked(opened)
            # What is too damaged to say whose it is stays closed, and another attempt is free.
            belongs = _belongs(opened)
        except BaseException:
            opened.vault.close()
            raise
        self._desk = opened
        self.touch()
        if belongs:
            self._background.start(opened)

    def joined(self) -> None:
        """Sync from now on, if this desk belongs to an organisation and does not sync yet."""
        if _belongs(self.desk):
            self._background.start(self.desk)

    async def _open_patiently(self, passphrase: str) -> Desk:
        derived = await asyncio.to_thread(self._ways.derive, passphrase)
        for _ in range(PATIENCE):
            with suppress(VaultInUseError):
                return self._ways.open(derived)
            await asyncio.sleep(PAUSE_S)
        # It may have got another passphrase meanwhile.
        return self._ways.open(await asyncio.to_thread(self._ways.derive, passphrase))

    async def lock(self) -> None:
        """Stop what runs and close the vault."""
        async with self._opening:
            desk, self._desk = self._desk, None
            await self._background.stop()
            if desk is not None:
                desk.vault.close()
                self.left.set()

    async def change_passphrase(self, old: str, new: str, change: Change) -> None:
        """Close the vault, change its passphrase, and stay locked: the new one is asked for.

        Raises:
            RequestRefusedError (429): too soon after a wrong passphrase.
            WrongPassphraseError: nothing has changed, and the desk is open as before.
            VaultError: as `rekeying.change_passphrase`; the desk is locked.
        """
        async with self._opening:
            desk = self.desk
            await self._check(desk, old)
            await self._background.stop()
            self._desk = None
            desk.vault.close()
            try:
                await asyncio.to_thread(change, desk.vault.directory, old, new, desk.random)
            finally:
                self.left.set()

    async def check(self, passphrase: str) -> None:
        """Whether this is the open vault's passphrase.

        Raises:
            RequestRefusedError (429): too soon after a wrong passphrase.
            WrongPassphraseError: which costs the same patience as at the door.
        """
        async with self._opening:
            await self._check(self.desk, passphrase)

    async def _check(self, desk: Desk, passphrase: str) -> None:
        if self.wait_s:
            raise RequestRefusedError(_TOO_SOON)
        try:
            await asyncio.to_thread(derive, desk.vault.directory, passphrase)
        except WrongPassphraseError:
            self._failed()
            raise

    def touch(self) -> None:
        """Somebody is at the desk."""
        self._active = self._monotonic()

    @property
    def is_idle(self) -> bool:
        """Whether nobody has been at the open desk for too long."""
        return self.is_open and self._monotonic() - self._active >= self._idle_s


def _belongs(desk: Desk) -> bool:
    """Whether it has joined an organisation; VaultDamagedError when that cannot be read."""
    try:
        info(desk)
    except NotJoinedError:
        return False
    except CourierError:
        if desk.vault.damaged:
            raise VaultDamagedError from None
        raise
    return True


def _penalty_s(failures: int) -> float:
    if failures < FREE_ATTEMPTS:
        return 0.0
    return float(min(WAIT_MAX_S, 2.0 ** (failures - FREE_ATTEMPTS)))
