"""What every act of a desk needs: its vault, the time, and randomness."""

from collections.abc import Callable
from dataclasses import dataclass

from silent_courier.protocol.calendar import day_of
from silent_courier.storage.vault import Vault

Clock = Callable[[], float]
Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Desk:
    """An open vault, a clock (seconds since 1970), and a source of random bytes."""

    vault: Vault
    clock: Clock
    random: Random

    @property
    def today(self) -> int:
        """The day by this desk's own clock."""
        return day_of(self.clock())
