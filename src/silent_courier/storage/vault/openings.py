"""Which letters a person has opened, here or at a colleague's, and who told the source. §14.10."""

from collections.abc import Sequence
from dataclasses import dataclass

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class Openings:
    """The letters of one thread that were opened on one day."""

    source: bytes
    day: int
    letters: tuple[bytes, ...]


def note_opened(vault: Vault, source: bytes, day: int) -> None:
    """A person opens this thread here: its unread letters, where nobody opened them before."""
    vault.run(
        "INSERT OR REPLACE INTO reader (entry, device, day, acknowledged)"
        " SELECT entry.id, self.device, ?, 0 FROM entry, self"
        " WHERE source = ? AND kind = 'letter' AND unread AND self.device NOT NULL",
        day,
        source,
    )
    vault.run(
        "INSERT OR IGNORE INTO opening (entry, source, day)"
        " SELECT id, source, ? FROM entry WHERE source = ? AND kind = 'letter' AND unread",
        day,
        source,
    )


def note_mark(
    vault: Vault, letters: Sequence[bytes], source: bytes, day: int, *, acknowledged: bool
) -> None:
    """A colleague says so; the earlier day counts."""
    vault.run_many(
        "INSERT INTO opening (entry, source, day, told, acknowledged) VALUES (?, ?, ?, 1, ?)"
        " ON CONFLICT (entry) DO UPDATE SET day = min(day, excluded.day), told = 1,"
        " acknowledged = max(acknowledged, excluded.acknowledged)",
        [(letter, source, day, acknowledged) for letter in letters],
    )


def note_reader(
    vault: Vault, letters: Sequence[bytes], device: int, day: int, *, acknowledged: bool
) -> None:
    """This device's mark names these letters; one that acknowledges may speak for another."""
    vault.run_many(
        "INSERT INTO reader (entry, device, day, acknowledged) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (entry, device) DO UPDATE SET day = min(day, excluded.day),"
        " acknowledged = min(acknowledged, excluded.acknowledged)",
        [(letter, device, day, acknowledged) for letter in letters],
    )


def readers(vault: Vault, source: bytes) -> dict[bytes, tuple[int, ...]]:
    """By letter: the devices on which a person has opened it, as far as this desk knows."""
    rows = vault.rows(
        "SELECT reader.entry, reader.device, reader.acknowledged FROM reader"
        " JOIN entry ON entry.id = reader.entry WHERE entry.source = ?"
        " ORDER BY reader.day, reader.device",
        source,
    )
    found: dict[bytes, tuple[int, ...]] = {}
    for entry, device, acknowledged in rows:
        if not acknowledged:
            found[entry] = (*found.get(entry, ()), device)
    for entry, device, acknowledged in rows:
        if acknowledged and entry not in found:
            found[entry] = (device,)
    return found


def untold(vault: Vault) -> list[Openings]:
    """What was opened here and no colleague knows of."""
    return _grouped(vault, "NOT told AND NOT acknowledged")


def unacknowledged(vault: Vault) -> list[Openings]:
    """What the source has not been told of, the longest waiting first."""
    return _grouped(vault, "NOT acknowledged")


def set_told(vault: Vault, letters: Sequence[bytes]) -> None:
    """Colleagues will be told of these."""
    vault.run_many("UPDATE opening SET told = 1 WHERE entry = ?", [(each,) for each in letters])


def set_acknowledged(vault: Vault, letters: Sequence[bytes], today: int) -> None:
    """This desk has sealed the acknowledgement of these."""
    vault.run_many(
        "UPDATE opening SET told = 1, acknowledged = 1, sealed_day = ? WHERE entry = ?",
        [(today, letter) for letter in letters],
    )


def is_sealed(vault: Vault, source: bytes, day: int) -> bool:
    """Whether this desk has acknowledged another letter of the thread for the same day."""
    return (
        vault.row(
            "SELECT 1 FROM opening WHERE source = ? AND day = ? AND sealed_day NOT NULL",
            source,
            day,
        )
        is not None
    )


def sealed_on(vault: Vault, day: int) -> int:
    """How many acknowledgements this desk has sealed on this day."""
    row = vault.row(
        "SELECT count(*) FROM (SELECT DISTINCT source, day FROM opening WHERE sealed_day = ?)", day
    )
    return int(row[0]) if row else 0


def _grouped(vault: Vault, condition: str) -> list[Openings]:
    rows = vault.rows(
        f"SELECT source, day, entry FROM opening WHERE {condition} ORDER BY day, source, entry"  # noqa: S608
    )
    groups: dict[tuple[bytes, int], list[bytes]] = {}
    for source, day, entry in rows:
        groups.setdefault((source, day), []).append(entry)
    return [Openings(source, day, tuple(found)) for (source, day), found in groups.items()]
