"""Which devices had a day key on which day, by the keyrings that this desk saw. Spec §14.5.

It says who could open a letter when it was sealed, and so who needs a colleague for it.
"""

from collections.abc import Iterable

from silent_courier.storage.vault.database import Vault

KEPT_DAYS = 400
"""Older letters count as if nobody else had been there."""


def saw_keyring(vault: Vault, day: int, devices: Iterable[int]) -> None:
    """Remember a keyring; one day's keyring grows, so what was seen is added up."""
    with vault.transaction():
        vault.run("INSERT OR IGNORE INTO keyring (day) VALUES (?)", day)
        vault.run_many(
            "INSERT OR IGNORE INTO presence (day, device) VALUES (?, ?)",
            [(day, device) for device in devices],
        )
        vault.run("DELETE FROM keyring WHERE day < ?", day - KEPT_DAYS)
        vault.run("DELETE FROM presence WHERE day < ?", day - KEPT_DAYS)


def devices_on(vault: Vault, day: int) -> frozenset[int]:
    """Who had a day key then. For a day without a keyring: whoever had one both before and after.

    Day keys are stated two weeks ahead, so a day that we slept through is like its neighbours;
    where they differ, somebody is called absent who may not have been, which costs a letter.
    """
    before = vault.row("SELECT max(day) FROM keyring WHERE day <= ?", day)
    after = vault.row("SELECT min(day) FROM keyring WHERE day >= ?", day)
    if before is None or after is None or None in (before[0], after[0]):
        return frozenset()
    return _devices(vault, before[0]) & _devices(vault, after[0])


def _devices(vault: Vault, day: int) -> frozenset[int]:
    return frozenset(row[0] for row in vault.rows("SELECT device FROM presence WHERE day = ?", day))
