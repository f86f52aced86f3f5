"""Folders that something of this vault is written to in the clear, until it is done."""

from silent_courier.storage.vault.database import Vault


def begin(vault: Vault, folder: str) -> None:
    """Something is going to be written there."""
    vault.run("INSERT OR IGNORE INTO unfinished (folder) VALUES (?)", folder)


def end(vault: Vault, folder: str) -> None:
    """It is done, or what was left of it is cleared away."""
    vault.run("DELETE FROM unfinished WHERE folder = ?", folder)


def every(vault: Vault) -> list[str]:
    """All where that was begun and not ended."""
    return [row[0] for row in vault.rows("SELECT folder FROM unfinished ORDER BY 1")]
