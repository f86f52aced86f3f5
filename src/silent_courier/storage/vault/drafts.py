"""What a handler has begun to write and not sent, one reply and one note for each thread."""

from silent_courier.storage.vault.database import Vault


def keep(vault: Vault, source: bytes, kind: str, text: str) -> None:
    """Keep this draft in the place of the one before; an empty one is forgotten."""
    if not text:
        forget(vault, source, kind)
        return
    vault.run(
        "INSERT OR REPLACE INTO draft (source, kind, text) VALUES (?, ?, ?)", source, kind, text
    )


def forget(vault: Vault, source: bytes, kind: str) -> None:
    """The draft was sent, or is not wanted any more."""
    vault.run("DELETE FROM draft WHERE source = ? AND kind = ?", source, kind)


def of_thread(vault: Vault, source: bytes) -> dict[str, str]:
    """Kind → text."""
    rows = vault.rows("SELECT kind, text FROM draft WHERE source = ?", source)
    return {str(kind): str(text) for kind, text in rows}


def threads_with_drafts(vault: Vault) -> frozenset[bytes]:
    """The sources that somebody has begun to answer here."""
    return frozenset(bytes(row[0]) for row in vault.rows("SELECT DISTINCT source FROM draft"))
