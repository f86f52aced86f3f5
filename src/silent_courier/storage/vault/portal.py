"""What this desk has signed of the portal's files, and when it looks at them next. Spec §17.5."""

from dataclasses import dataclass

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class Vouched:
    """The release, the charter's hash and the day of the manifest that the server took."""

    release: bytes
    charter: bytes
    day: int


def vouched(vault: Vault) -> Vouched | None:
    """What was signed last, if anything was."""
    row = vault.row("SELECT release, charter, day FROM portal WHERE release NOT NULL")
    return Vouched(*row) if row else None


def set_vouched(vault: Vault, signed: Vouched) -> None:
    """The server took this one."""
    values = (signed.release, signed.charter, signed.day)
    vault.run("UPDATE portal SET release = ?, charter = ?, day = ?", *values)


def was_shown(vault: Vault, charter: bytes) -> bool:
    """Whether the server has ever published a manifest under the charter with this hash."""
    return vault.row("SELECT 1 FROM portal WHERE shown_under = ?", charter) is not None


def set_shown(vault: Vault, charter: bytes, manifest: bytes) -> None:
    """The server publishes this one under this charter."""
    vault.run("UPDATE portal SET shown_under = ?, manifest = ?", charter, manifest)


def shown(vault: Vault) -> bytes | None:
    """The manifest that verified last, if any has."""
    row = vault.row("SELECT manifest FROM portal WHERE manifest NOT NULL")
    return bytes(row[0]) if row else None


def look_at(vault: Vault) -> int | None:
    """When the portal is to be looked at next, in seconds since 1970."""
    row = vault.row("SELECT look_at FROM portal WHERE look_at NOT NULL")
    return int(row[0]) if row else None


def set_look_at(vault: Vault, at: int) -> None:
    """Look at it then."""
    vault.run("UPDATE portal SET look_at = ?", at)
