"""Until when this desk is closed, and under which charter that was said. Spec §9.3, §14.13."""

from dataclasses import dataclass

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class Absence:
    """Away from `day` to the end of `until`; one that ends before it begins is taken back."""

    day: int
    until: int


def keep(vault: Vault, absence: Absence) -> None:
    """This counts from now on, and is still to be stated."""
    vault.run(
        "INSERT OR REPLACE INTO closure (id, day, until, stated) VALUES (1, ?, ?, NULL)",
        absence.day,
        absence.until,
    )


def current(vault: Vault) -> Absence | None:
    """The latest, if any."""
    row = vault.row("SELECT day, until FROM closure")
    return Absence(*row) if row else None


def unstated(vault: Vault, charter_hash: bytes) -> Absence | None:
    """The latest, if it was not stated under this charter."""
    row = vault.row("SELECT day, until FROM closure WHERE stated IS NOT ?", charter_hash)
    return Absence(*row) if row else None


def mark_stated(vault: Vault, absence: Absence, charter_hash: bytes) -> None:
    """The server took this one; what was said since is still to be stated."""
    vault.run(
        "UPDATE closure SET stated = ? WHERE day = ? AND until = ?",
        charter_hash,
        absence.day,
        absence.until,
    )
