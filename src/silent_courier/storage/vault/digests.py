"""What colleagues were shown of each day, until it is held against what we were. Spec §14.11."""

from dataclasses import dataclass

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class DayDigest:
    """A colleague's word for one day: how many letters, the digest of their sorted hashes, and
    the first 8 bytes of each, or nothing where they were too many.
    """

    device: int
    day: int
    count: int
    digest: bytes
    prefixes: bytes


def keep(vault: Vault, digest: DayDigest) -> None:
    """Remember what a device says of a day; a later word replaces the earlier."""
    vault.run(
        "INSERT OR REPLACE INTO digest (device, day, count, digest, prefixes)"
        " VALUES (?, ?, ?, ?, ?)",
        digest.device,
        digest.day,
        digest.count,
        digest.digest,
        digest.prefixes,
    )


def between(vault: Vault, first: int, last: int) -> list[DayDigest]:
    """Colleagues' digests of these days, both included."""
    rows = vault.rows(
        "SELECT device, day, count, digest, prefixes FROM digest WHERE day BETWEEN ? AND ?"
        " ORDER BY day, device",
        first,
        last,
    )
    return [DayDigest(*row) for row in rows]


def drop_before(vault: Vault, day: int) -> None:
    """Forget what was said of earlier days."""
    vault.run("DELETE FROM digest WHERE day < ?", day)


def digested(vault: Vault) -> int:
    """The last day of which colleagues were told; 0 when never."""
    row = vault.row("SELECT digested FROM self")
    return int(row[0]) if row else 0


def set_digested(vault: Vault, day: int) -> None:
    """Colleagues will be told of everything up to this day."""
    vault.run("UPDATE self SET digested = max(digested, ?)", day)
