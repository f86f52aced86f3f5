"""Texts to answer with that are this desk's alone, by name."""

from silent_courier.storage.vault.database import Vault


def every(vault: Vault) -> dict[str, str]:
    """Name → text."""
    return {str(row[0]): str(row[1]) for row in vault.rows("SELECT name, text FROM template")}


def keep(vault: Vault, name: str, text: str) -> None:
    """Keep this text in the place of the one before; an empty one is forgotten."""
    if text:
        vault.run("INSERT OR REPLACE INTO template (name, text) VALUES (?, ?)", name, text)
    else:
        vault.run("DELETE FROM template WHERE name = ?", name)
