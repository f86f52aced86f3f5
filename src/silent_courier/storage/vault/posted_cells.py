"""Cells that the server took, until a stranger has seen them on the board. Spec §14.12."""

from collections.abc import Iterable
from dataclasses import dataclass

from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class PostedCell:
    """A cell by its tag and SHA-256; `at`: when the server took it, seconds since 1970.

    entry: the answer that it is a part of; empty for a cover.
    """

    tag: bytes
    digest: bytes
    at: int
    entry: bytes = b""


def note(vault: Vault, cells: Iterable[PostedCell]) -> None:
    """The server took these."""
    vault.run_many(
        "INSERT OR IGNORE INTO posted_cell (tag, digest, at, entry) VALUES (?, ?, ?, ?)",
        [(cell.tag, cell.digest, cell.at, cell.entry) for cell in cells],
    )


def unseen(vault: Vault) -> list[PostedCell]:
    """Those that nobody has seen on the board, oldest first."""
    rows = vault.rows("SELECT tag, digest, at, entry FROM posted_cell ORDER BY at, tag")
    return [PostedCell(*row) for row in rows]


def forget(vault: Vault, cells: Iterable[PostedCell]) -> None:
    """These were seen, or nobody can expect to see them any more."""
    vault.run_many("DELETE FROM posted_cell WHERE tag = ?", [(cell.tag,) for cell in cells])


def note_shown(vault: Vault, entries: Iterable[bytes], day: int) -> None:
    """Of these answers a cell was just seen; shown is one of which none is still to be seen."""
    vault.run_many(
        "INSERT OR IGNORE INTO shown (entry, day) SELECT id, ? FROM entry WHERE id = ?"
        " AND NOT EXISTS (SELECT 1 FROM posted_cell WHERE posted_cell.entry = entry.id)"
        " AND NOT EXISTS (SELECT 1 FROM outbox_cell WHERE outbox_cell.entry = entry.id)",
        [(day, entry) for entry in entries],
    )


def shown(vault: Vault, source: bytes) -> dict[bytes, int]:
    """The answers to this source that were seen on the board, and on which day."""
    rows = vault.rows(
        "SELECT shown.entry, shown.day FROM shown JOIN entry ON entry.id = shown.entry"
        " WHERE entry.source = ?",
        source,
    )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class BoardSeen:
    """The last board that was looked at: its epoch, SHA-256 of its cells, and when."""

    epoch: int
    digest: bytes
    at: int


def last_board(vault: Vault) -> BoardSeen | None:
    """The last board that was looked at."""
    row = vault.row("SELECT epoch, digest, at FROM board_seen")
    return BoardSeen(*row) if row else None


def set_last_board(vault: Vault, seen: BoardSeen) -> None:
    """Remember the board that was just looked at."""
    vault.run(
        "INSERT OR REPLACE INTO board_seen (id, epoch, digest, at) VALUES (1, ?, ?, ?)",
        seen.epoch,
        seen.digest,
        seen.at,
    )
