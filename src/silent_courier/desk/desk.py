"""What every act of a desk needs: its vault, the time, and randomness."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from silent_courier.desk.leftovers import clear_noted
from silent_courier.desk.merging import rebuild
from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import VaultFullError
from silent_courier.protocol.keyring import VerifiedKeyring
from silent_courier.protocol.manifest import Bodies, Manifest
from silent_courier.storage.vault import Vault, day_keys

Clock = Callable[[], float]
Random = Callable[[int], bytes]


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


def take_up(vault: Vault, clock: Clock, random: Random, portal: PortalMaker | None = None) -> Desk:
    """The desk of an opened vault; day keys past their life are destroyed first. Spec §14.4.

    Whatever it is opened for, and whether it ever reaches a server again: who takes it later finds
    none of them. What a killed export left in the clear goes, too. Only a full disk may put that
    off, so that what is here can still be read.
    """
    desk = Desk(vault, clock, random, portal)
    with suppress(VaultFullError):
        day_keys.destroy_old(vault, desk.today)
        rebuild(vault)
        clear_noted(vault)
    return desk
