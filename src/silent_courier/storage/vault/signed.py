"""How many letters of each colleague's device this desk has filed on a day. Spec §14.6."""

from silent_courier.storage.vault.database import Vault


def filed_on(vault: Vault, device: int, day: int) -> int:
    """How many were filed on this day, our own."""
    row = vault.row("SELECT letters FROM signed WHERE device = ? AND day = ?", device, day)
    return int(row[0]) if row else 0


def note_filed(vault: Vault, device: int, day: int) -> None:
    """One more; the numbers of other days are forgotten."""
    vault.run(
        "INSERT INTO signed (device, day, letters) VALUES (?, ?, 1) ON CONFLICT (device) DO UPDATE"
        " SET letters = CASE day WHEN excluded.day THEN letters + 1 ELSE 1 END, day = excluded.day",
        device,
        day,
    )
