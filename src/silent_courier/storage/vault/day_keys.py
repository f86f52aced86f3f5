"""This device's private day keys, by day, until they are destroyed. Spec §14.4.

No backup and no export of a vault carries them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from silent_courier.protocol.age import HybridIdentity
from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS, KEY_LEN
from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class DayKey:
    """The private key of one day."""

    day: int
    seed: bytes = field(repr=False)

    @property
    def identity(self) -> HybridIdentity:
        """What opens letters that were sealed for this day."""
        return HybridIdentity(self.seed)


def destroy_old(vault: Vault, today: int) -> int:
    """Destroy every day key past its life and the sealed letters that only it opens."""
    first_kept = today - DAY_KEY_LIFE_DAYS + 1
    with vault.transaction():
        destroyed = vault.run("DELETE FROM day_key WHERE day < ?", first_kept)
        vault.run(
            "UPDATE letter SET sealed = NULL WHERE sealed IS NOT NULL AND key_day < ?", first_kept
        )
    if destroyed:
        vault.forget()
    return destroyed


def make_missing(vault: Vault, days: Iterable[int], random: Callable[[int], bytes]) -> None:
    """A key for each of these days that has none."""
    with vault.transaction():
        for day in days:
            if vault.row("SELECT 1 FROM day_key WHERE day = ?", day) is None:
                vault.run("INSERT INTO day_key (day, seed) VALUES (?, ?)", day, random(KEY_LEN))


def living(vault: Vault) -> list[DayKey]:
    """Every day key there is, oldest day first."""
    return [DayKey(*row) for row in vault.rows("SELECT day, seed FROM day_key ORDER BY day")]


def of_day(vault: Vault, day: int) -> DayKey | None:
    """The key of this day, if it lives."""
    row = vault.row("SELECT day, seed FROM day_key WHERE day = ?", day)
    return DayKey(*row) if row else None


def unstated(vault: Vault, charter_hash: bytes, days: range) -> list[DayKey]:
    """The keys of these days that are still to be stated under this charter."""
    rows = vault.rows(
        "SELECT day, seed FROM day_key WHERE day >= ? AND day < ? AND stated IS NOT ?"
        " AND refused_under IS NOT ? ORDER BY day",
        days.start,
        days.stop,
        charter_hash,
        charter_hash,
    )
    return [DayKey(*row) for row in rows]


def mark_stated(vault: Vault, days: Iterable[int], charter_hash: bytes) -> None:
    """The server took the statements of these days."""
    with vault.transaction():
        vault.run_many(
            "UPDATE day_key SET stated = ? WHERE day = ?", [(charter_hash, day) for day in days]
        )


def is_stated(vault: Vault, day: int, charter_hash: bytes) -> bool:
    """Whether the server took our statement of this day under this charter."""
    return (
        vault.row("SELECT 1 FROM day_key WHERE day = ? AND stated = ?", day, charter_hash)
        is not None
    )


def stated_until(vault: Vault) -> int:
    """The last day whose statement the server took, under whatever charter; 0 when none."""
    row = vault.row("SELECT max(day) FROM day_key WHERE stated IS NOT NULL")
    return int(row[0] or 0) if row else 0


def mark_refused(vault: Vault, day: int, charter_hash: bytes) -> None:
    """A keyring showed another key of ours for this day, signed by us."""
    vault.run("UPDATE day_key SET refused_under = ? WHERE day = ?", charter_hash, day)
