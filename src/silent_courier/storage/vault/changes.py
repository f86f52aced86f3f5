"""What colleagues set on threads: every change once, and what they come to. Spec §14.16.

A change is never altered: which one stands follows from all of them, in whatever order they came.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from silent_courier.storage.vault.database import Row, Vault


@dataclass(frozen=True, slots=True)
class KeptChange:
    """A change and who signed it; `payload` is its JSON as it was signed.

    filed: our own day when it came here, which no colleague can choose.
    """

    id: bytes
    source: bytes
    day: int
    clock: int
    device: int
    filed: int
    payload: bytes = field(repr=False)


def add(vault: Vault, change: KeptChange) -> bool:
    """Keep a change, for its thread's standing to be made anew; False when it is here already."""
    with vault.transaction():
        added = vault.run(
            f"INSERT OR IGNORE INTO change ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constant
            change.id,
            change.source,
            change.day,
            change.clock,
            change.device,
            change.filed,
            change.payload,
        )
        if added:
            vault.run("INSERT OR IGNORE INTO unmerged (source) VALUES (?)", change.source)
    return added > 0


def find(vault: Vault, change: bytes) -> KeptChange | None:
    """The change with this payload id."""
    row = vault.row(f"SELECT {_COLUMNS} FROM change WHERE id = ?", change)  # noqa: S608 - constant
    return KeptChange(*row) if row else None


def of_thread(vault: Vault, source: bytes) -> list[KeptChange]:
    """All changes of this thread, in the order in which they came."""
    rows = vault.rows(
        f"SELECT {_COLUMNS} FROM change WHERE source = ? ORDER BY seq",  # noqa: S608 - constant
        source,
    )
    return [KeptChange(*row) for row in rows]


def weight(vault: Vault, source: bytes, device: int) -> tuple[int, int]:
    """How many changes of this thread a device has signed, and how many bytes they have."""
    row = vault.row(
        "SELECT count(*), coalesce(sum(length(payload)), 0) FROM change"
        " WHERE source = ? AND device = ?",
        source,
        device,
    )
    return (int(row[0]), int(row[1])) if row else (0, 0)


def newest_clock(vault: Vault, source: bytes) -> int:
    """The highest clock of a change of this thread; -1 when there is none."""
    row = vault.row("SELECT max(clock) FROM change WHERE source = ?", source)
    return -1 if row is None or row[0] is None else int(row[0])


def set_standing(vault: Vault, source: bytes, state: bytes, same: Iterable[bytes]) -> None:
    """What the thread's changes come to from now on; same: the other threads of its matter.

    It counts as unmerged until `set_merged`.
    """
    vault.run("INSERT OR REPLACE INTO standing (source, state) VALUES (?, ?)", source, state)
    vault.run("DELETE FROM matter WHERE low = ?", source)
    vault.run_many(
        "INSERT INTO matter (low, high) VALUES (?, ?)", [(source, other) for other in same]
    )


def set_merged(vault: Vault, source: bytes) -> None:
    """The thread stands as its changes say, and all of it can be searched."""
    vault.run("DELETE FROM unmerged WHERE source = ?", source)


def standing(vault: Vault, source: bytes) -> bytes | None:
    """What this thread's changes come to."""
    row = vault.row("SELECT state FROM standing WHERE source = ?", source)
    return bytes(row[0]) if row else None


def standings(vault: Vault) -> dict[bytes, bytes]:
    """The same of every thread that has any."""
    rows: list[Row] = vault.rows("SELECT source, state FROM standing")
    return {row[0]: row[1] for row in rows}


def unmerged(vault: Vault) -> list[bytes]:
    """The threads with changes that their standing does not know, or that have none."""
    rows = vault.rows(
        "SELECT source FROM unmerged UNION"
        " SELECT source FROM change WHERE source NOT IN (SELECT source FROM standing)"
    )
    return [row[0] for row in rows]


def same_matter(vault: Vault) -> dict[bytes, tuple[bytes, ...]]:
    """By thread: the others of its matter that are here."""
    rows = vault.rows(
        "SELECT low, high FROM matter UNION SELECT high, low FROM matter ORDER BY 1, 2"
    )
    here = {row[0] for row in vault.rows("SELECT DISTINCT source FROM entry")} if rows else set()
    found: dict[bytes, tuple[bytes, ...]] = {}
    for source, other in rows:
        if other in here:
            found[source] = (*found.get(source, ()), other)
    return found


_COLUMNS = "id, source, day, clock, device, filed, payload"
