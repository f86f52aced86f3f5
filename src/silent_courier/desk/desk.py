"""What every act of a desk needs: its vault, the time, and randomness."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from silent_courier.desk.leftovers import clear_noted
from silent_courier.desk.merging import rebuild
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import VaultDamagedError, VaultFullError
from silent_courier.protocol.keyring import VerifiedKeyring
from silent_courier.protocol.manifest import Bodies, Manifest
from silent_courier.storage.vault import Vault, day_keys, identity

Clock = Callable[[], float]
Random = Callable[[int], bytes]


UNSURE_DAYS: Final = 21
"""So many days more an old day key lives at most while no server confirms the clock."""


@dataclass(frozen=True, slots=True)
class PortalMaker:
    """The portal's files as the release that runs here makes them, never as a server shows them.

    release: 32 bytes that another release does not have.
    """

    release: bytes
    make: Callable[[VerifiedKeyring, Manifest | None], Bodies]


@dataclass(frozen=True, slots=True)
class Desk:
    """An open vault, a clock (seconds since 1970), a source of random bytes, the portal's maker."""

    vault: Vault
    clock: Clock
    random: Random
    portal: PortalMaker | None = None

    @property
    def today(self) -> int:
        """The day by this desk's own clock."""
        return day_of(self.clock())

    @property
    def sure_day(self) -> int:
        """The day by which day keys may be destroyed though no server confirmed it now. Spec §14.4.

        The clock's, but no later than the day after the last that the server agreed on: a clock
        that was set wrong must not cost letters. Three weeks without a server end that.
        """
        agreed, _ = identity.last_alive(self.vault)
        return min(self.today, max(agreed + 1, self.today - UNSURE_DAYS))


def take_up(vault: Vault, clock: Clock, random: Random, portal: PortalMaker | None = None) -> Desk:
    """The desk of an opened vault; day keys past their life are destroyed first. Spec §14.4.

    Whatever it is opened for: who takes it later finds none of them, nor what a killed export left
    in the clear. Only a full disk or a damaged vault may put that off, so that what is here can
    still be read, and a clock that nobody confirmed.
    """
    desk = Desk(vault, clock, random, portal)
    with suppress(VaultFullError, VaultDamagedError):
        day_keys.destroy_old(vault, desk.sure_day)
        rebuild(vault)
        clear_noted(vault)
    return desk
