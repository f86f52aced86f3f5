"""What is to be posted: cells for the board and letters to colleagues. Spec §14.8.

Everything stands here, durably, before it is posted, and leaves only when the server has
taken it; posting the same bytes again changes nothing there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class QueuedCell:
    """A sealed cell and its place in the queue."""

    seq: int
    cell: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A payload for colleagues; once sealed, also its bytes, on which day, and to which devices."""

    seq: int
    payload: bytes = field(repr=False)
    sealed: bytes | None = field(repr=False)
    sealed_day: int | None
    recipients: tuple[int, ...] = ()


def add_cells(
    vault: Vault, entry: bytes, cells: Sequence[bytes], *, acknowledges: bool = False
) -> None:
    """Queue the cells of one reply, or of an acknowledgement."""
    vault.run_many(
        "INSERT INTO outbox_cell (cell, entry, acknowledges) VALUES (?, ?, ?)",
        [(cell, entry, acknowledges) for cell in cells],
    )


def add_letter(vault: Vault, payload_id: bytes, payload: bytes) -> None:
    """Queue a payload for colleagues; it is sealed when it is posted."""
    vault.run("INSERT INTO outbox_letter (id, payload) VALUES (?, ?)", payload_id, payload)


def cells(vault: Vault) -> list[QueuedCell]:
    """The cells to post, in order: answers before acknowledgements."""
    rows = vault.rows(
        "SELECT seq, cell FROM outbox_cell WHERE NOT refused ORDER BY acknowledges, seq"
    )
    return [QueuedCell(*row) for row in rows]


def remove_cells(vault: Vault, taken: Sequence[QueuedCell]) -> None:
    """The server took these."""
    with vault.transaction():
        vault.run_many("DELETE FROM outbox_cell WHERE seq = ?", [(cell.seq,) for cell in taken])


def refuse_cell(vault: Vault, cell: QueuedCell) -> None:
    """The server will never take this one."""
    vault.run("UPDATE outbox_cell SET refused = 1 WHERE seq = ?", cell.seq)


def waiting(vault: Vault) -> dict[bytes, bool]:
    """The replies with cells that are not posted; True where one was refused."""
    rows = vault.rows("SELECT entry, max(refused) FROM outbox_cell GROUP BY entry")
    return {row[0]: bool(row[1]) for row in rows}


def letters(vault: Vault) -> list[QueuedLetter]:
    """The letters to post, in order."""
    rows = vault.rows(
        "SELECT seq, payload, sealed, sealed_day, recipients FROM outbox_letter ORDER BY seq"
    )
    return [
        QueuedLetter(row[0], row[1], row[2], row[3], tuple(json.loads(row[4] or "[]")))
        for row in rows
    ]


def waiting_letters(vault: Vault) -> frozenset[bytes]:
    """The payload ids of the letters to post."""
    return frozenset(row[0] for row in vault.rows("SELECT id FROM outbox_letter"))


def keep_sealed(vault: Vault, letter: QueuedLetter) -> None:
    """From now on these are the bytes to post."""
    vault.run(
        "UPDATE outbox_letter SET sealed = ?, sealed_day = ?, recipients = ? WHERE seq = ?",
        letter.sealed,
        letter.sealed_day,
        json.dumps(letter.recipients),
        letter.seq,
    )


def remove_letter(vault: Vault, letter: QueuedLetter) -> None:
    """The server took it."""
    vault.run("DELETE FROM outbox_letter WHERE seq = ?", letter.seq)
