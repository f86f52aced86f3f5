"""The desk's last beat: what the timetable has to remember. Spec §14.21."""

from dataclasses import dataclass

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class LastBeat:
    """When it was, and up to which moments everything that was due has been posted.

    slot: of the timetable, -1 when there was no beat. cells_until, letters_until: seconds since
    1970.
    day, cells_today: a day, and how many cells its beats had.
    """

    slot: int = -1
    cells_until: float = 0.0
    letters_until: float = 0.0
    day: int = 0
    cells_today: int = 0


def last(vault: Vault) -> LastBeat:
    """The last beat of this vault."""
    row = vault.row("SELECT slot, cells_until, letters_until, day, cells_today FROM beat")
    return LastBeat(*row) if row else LastBeat()


def set_last(vault: Vault, beat: LastBeat) -> None:
    """Remember this one."""
    vault.run(
        "INSERT OR REPLACE INTO beat (id, slot, cells_until, letters_until, day, cells_today)"
        " VALUES (1, ?, ?, ?, ?, ?)",
        beat.slot,
        beat.cells_until,
        beat.letters_until,
        beat.day,
        beat.cells_today,
    )
