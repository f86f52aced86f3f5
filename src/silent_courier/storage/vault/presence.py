"""Which devices could open letters of which day, by the keyrings that this desk saw. Spec §14.5.

It says who needs a colleague for a letter. Where it cannot know, it says that somebody does:
one letter too many is passed on rather than one too few.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS
from silent_courier.storage.vault.database import Vault

EVERY: Final = 2**62
"""Above the number of any letter."""


def saw_keyring(vault: Vault, day: int, devices: Iterable[int]) -> None:
    """Remember whose day keys stood in a keyring; called when the day's letters have been listed.

    Who was not in the keyring before this one came some time in between, so the letters of this
    day that are listed by now may not be sealed to them.
    """
    before = vault.row("SELECT max(day) FROM keyring WHERE day <= ?", day)
    known = None if before is None or before[0] is None else _devices(vault, before[0])
    newest = vault.row("SELECT coalesce(max(seq), 0) FROM letter")
    late = newest[0] if newest else 0
    with vault.transaction():
        vault.run("INSERT OR IGNORE INTO keyring (day) VALUES (?)", day)
        vault.run_many(
            "INSERT OR IGNORE INTO presence (day, device, late) VALUES (?, ?, ?)",
            [(day, d, 0 if known is None or d in known else late) for d in devices],
        )


def saw_signs(vault: Vault, signs: Mapping[int, int]) -> None:
    """Remember each device's last sign of life, and what it was away too long to open."""
    with vault.transaction():
        for device, day in signs.items():
            row = vault.row("SELECT day FROM alive WHERE device = ?", device)
            last_destroyed = day - DAY_KEY_LIFE_DAYS
            if row is not None and row[0] <= last_destroyed:
                vault.run("INSERT INTO gap VALUES (?, ?, ?)", device, row[0], last_destroyed)
            vault.run(
                "INSERT INTO alive VALUES (?, ?)"
                " ON CONFLICT (device) DO UPDATE SET day = max(day, excluded.day)",
                device,
                day,
            )


def lacks_up_to(vault: Vault, day: int, device: int) -> int:
    """Letters of this day up to this number may be closed to this device: 0 for none, or EVERY.

    Day keys are stated two weeks ahead, so a day whose keyring we did not see is taken to be like
    its neighbours, and where those differ, like the worse of them.
    """
    if vault.row("SELECT 1 FROM gap WHERE device = ? AND ? BETWEEN first AND last", device, day):
        return EVERY
    if vault.row("SELECT 1 FROM keyring WHERE day = ?", day):
        row = vault.row("SELECT late FROM presence WHERE day = ? AND device = ?", day, device)
        return EVERY if row is None else int(row[0])
    neighbours = vault.rows(
        "SELECT max(day) FROM keyring WHERE day < ? UNION ALL"
        " SELECT min(day) FROM keyring WHERE day > ?",
        day,
        day,
    )
    both = all(row[0] is not None and device in _devices(vault, row[0]) for row in neighbours)
    return 0 if both else EVERY


def could_open(vault: Vault, day: int, seq: int, devices: Iterable[int]) -> frozenset[int]:
    """Those of the devices that had a day key when the letter with this number was sealed."""
    return frozenset(d for d in devices if lacks_up_to(vault, day, d) < seq)


def _devices(vault: Vault, day: int) -> frozenset[int]:
    return frozenset(row[0] for row in vault.rows("SELECT device FROM presence WHERE day = ?", day))
