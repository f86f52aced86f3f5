"""Threads for which two letters speak with different keys, until a person chooses. Spec §14.7.

The column `letter.disputes` names the source: of a letter in quarantine, that it contests the
thread's key; of a filed one, that a person has chosen it.
"""

from silent_courier.storage.vault.database import Vault


def contest(vault: Vault, letter: bytes, source: bytes) -> None:
    """This letter, in quarantine, speaks for the source with another key."""
    vault.run("UPDATE letter SET disputes = ? WHERE hash = ?", source, letter)


def contesting(vault: Vault, source: bytes) -> list[bytes]:
    """The letters that contest this thread's key, oldest first."""
    rows = vault.rows(
        "SELECT hash FROM letter WHERE disputes = ? AND state = 'quarantined' ORDER BY seq", source
    )
    return [row[0] for row in rows]


def disputed(vault: Vault) -> frozenset[bytes]:
    """Every source whose thread waits for a person to choose."""
    rows = vault.rows(
        "SELECT DISTINCT disputes FROM letter WHERE disputes IS NOT NULL AND state = 'quarantined'"
    )
    return frozenset(row[0] for row in rows)


def is_settled(vault: Vault, source: bytes) -> bool:
    """Whether a person has chosen; what contests the key after that is only kept apart."""
    row = vault.row("SELECT 1 FROM letter WHERE disputes = ? AND state != 'quarantined'", source)
    return row is not None


def settle(vault: Vault, source: bytes, chosen: bytes) -> None:
    """A person has chosen this letter; nothing contests the thread any more."""
    with vault.transaction():
        vault.run("UPDATE letter SET disputes = NULL WHERE disputes = ?", source)
        vault.run("UPDATE letter SET disputes = ? WHERE hash = ?", source, chosen)
