"""Which day key each device stated for each day, as keyrings showed it. Spec §14.12."""

from silent_courier.storage.vault.database import Vault


def differs(vault: Vault, device: int, day: int, recipient: bytes) -> bool:
    """Whether an earlier keyring showed another one; else this one is remembered.

    recipient: SHA-256 of the public key.
    """
    row = vault.row("SELECT recipient FROM stated_key WHERE device = ? AND day = ?", device, day)
    if row is None:
        vault.run("INSERT INTO stated_key VALUES (?, ?, ?)", device, day, recipient)
        return False
    return bool(row[0] != recipient)


def drop_before(vault: Vault, day: int) -> None:
    """Forget those of earlier days."""
    vault.run("DELETE FROM stated_key WHERE day < ?", day)
