"""How the handler likes the desk: short values by name, kept here and in no browser."""

from silent_courier.storage.vault.database import Vault


def keep(vault: Vault, name: str, value: str) -> None:
    """Keep this value in the place of the one before."""
    vault.run("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", name, value)


def value_of(vault: Vault, name: str, default: str = "") -> str:
    """The value, or what stands for none."""
    row = vault.row("SELECT value FROM setting WHERE name = ?", name)
    return str(row[0]) if row else default


def forget(vault: Vault, name: str) -> None:
    """There is no such value any more."""
    vault.run("DELETE FROM setting WHERE name = ?", name)
