"""What is to be posted: cells for the board and letters to colleagues. Spec §14.8, §14.21.

Everything stands here, durably, before it is posted, and leaves only when the server has
taken it; posting the same bytes again changes nothing there. What is chosen for the next post
stands in the *beat*, covers included, until all of it was taken: were covers made anew when an
answer of the server is lost, what comes twice would be what is real.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from silent_courier.protocol.errors import AlreadyPostedError
from silent_courier.storage.vault.database import Row, Vault

COVER: bytes = b""
"""The entry of a cell that belongs to no reply."""

_CELL = "seq, cell, entry, beat IS NOT NULL FROM outbox_cell"
_LETTER = "seq, payload, sealed, sealed_day, recipients, cover FROM outbox_letter"
# Colleagues learn of an answer when its first cell goes: until then it can be taken back.
_HELD_BACK = (
    " EXISTS (SELECT 1 FROM outbox_cell WHERE entry = outbox_letter.id AND beat IS NULL"
    " AND NOT refused GROUP BY entry HAVING count(*) = max(of))"
)


@dataclass(frozen=True, slots=True)
class QueuedCell:
    """A sealed cell, its place in the queue, and the reply it is of. in_beat: it goes next."""

    seq: int
    cell: bytes = field(repr=False)
    entry: bytes = COVER
    in_beat: bool = False

    @property
    def is_cover(self) -> bool:
        """Whether it says nothing."""
        return self.entry == COVER


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A payload for colleagues; once sealed, also its bytes, on which day, and to which devices."""

    seq: int
    payload: bytes = field(repr=False)
    sealed: bytes | None = field(repr=False)
    sealed_day: int | None
    recipients: tuple[int, ...] = ()
    is_cover: bool = False


def add_cells(
    vault: Vault, entry: bytes, cells: Sequence[bytes], *, acknowledges: bool = False
) -> None:
    """Queue the cells of one reply, or of an acknowledgement."""
    vault.run_many(
        "INSERT INTO outbox_cell (cell, entry, acknowledges, of) VALUES (?, ?, ?, ?)",
        [(cell, entry, acknowledges, len(cells)) for cell in cells],
    )


def add_letter(vault: Vault, payload_id: bytes, payload: bytes, *, bulk: bool = False) -> None:
    """Queue a payload for colleagues; it is sealed when it is posted. bulk: after all others."""
    vault.run(
        "INSERT INTO outbox_letter (id, payload, bulk) VALUES (?, ?, ?)", payload_id, payload, bulk
    )


def cells(vault: Vault) -> list[QueuedCell]:
    """The cells of answers and acknowledgements to post, in order."""
    rows = vault.rows(
        f"SELECT {_CELL} WHERE NOT refused AND entry != x''"
        " ORDER BY beat IS NULL, acknowledges, seq"
    )
    return [_cell(row) for row in rows]


def free_cells(vault: Vault) -> list[QueuedCell]:
    """Those that no beat has yet, in order: answers before acknowledgements."""
    rows = vault.rows(
        f"SELECT {_CELL} WHERE NOT refused AND beat IS NULL ORDER BY acknowledges, seq"
    )
    return [_cell(row) for row in rows]


def beat_cells(vault: Vault) -> list[QueuedCell]:
    """The cells that are posted next, covers among them, in the beat's order."""
    rows = vault.rows(f"SELECT {_CELL} WHERE beat IS NOT NULL ORDER BY beat")
    return [_cell(row) for row in rows]


def put_cells_in_beat(vault: Vault, ordered: Sequence[QueuedCell | bytes]) -> None:
    """Choose these for the next post, after what the beat has; plain bytes are covers."""
    with vault.transaction():
        placed = list(enumerate(ordered, start=_next_place(vault, "outbox_cell")))
        vault.run_many(
            "INSERT INTO outbox_cell (beat, cell, entry) VALUES (?, ?, x'')",
            [(place, cell) for place, cell in placed if isinstance(cell, bytes)],
        )
        vault.run_many(
            "UPDATE outbox_cell SET beat = ? WHERE seq = ?",
            [(place, cell.seq) for place, cell in placed if isinstance(cell, QueuedCell)],
        )


def empty_beat(vault: Vault) -> tuple[int, int]:
    """Let everything in the beat wait again, to be sealed anew, and drop its covers.

    Returns how many cells and letters it had.
    """
    with vault.transaction():
        counts = (len(beat_cells(vault)), len(beat_letters(vault)))
        vault.run("DELETE FROM outbox_cell WHERE entry = x''")
        vault.run("DELETE FROM outbox_letter WHERE cover")
        vault.run("UPDATE outbox_cell SET beat = NULL")
        vault.run("UPDATE outbox_letter SET beat = NULL, sealed = NULL WHERE beat NOT NULL")
    return counts


def remove_cells(vault: Vault, taken: Sequence[QueuedCell]) -> None:
    """The server took these."""
    with vault.transaction():
        vault.run_many("DELETE FROM outbox_cell WHERE seq = ?", [(cell.seq,) for cell in taken])


def refuse_cell(vault: Vault, cell: QueuedCell) -> None:
    """The server will never take this one."""
    vault.run("UPDATE outbox_cell SET refused = 1, beat = NULL WHERE seq = ?", cell.seq)
    vault.run("DELETE FROM outbox_cell WHERE refused AND entry = x''")


def waiting(vault: Vault) -> dict[bytes, bool]:
    """The replies with cells that are not posted; True where one was refused."""
    rows = vault.rows(
        "SELECT entry, max(refused) FROM outbox_cell WHERE entry != x'' GROUP BY entry"
    )
    return {row[0]: bool(row[1]) for row in rows}


def letters(vault: Vault) -> list[QueuedLetter]:
    """The letters to colleagues to post, in order."""
    rows = vault.rows(f"SELECT {_LETTER} WHERE NOT cover ORDER BY beat IS NULL, bulk, seq")
    return [_letter(row) for row in rows]


def free_letters(vault: Vault) -> list[QueuedLetter]:
    """Those that no beat has yet and that may go, in order."""
    rows = vault.rows(
        f"SELECT {_LETTER} WHERE beat IS NULL AND NOT {_HELD_BACK} ORDER BY bulk, seq"
    )
    return [_letter(row) for row in rows]


def beat_letters(vault: Vault) -> list[QueuedLetter]:
    """The letters that are posted next, covers among them, in the beat's order."""
    rows = vault.rows(f"SELECT {_LETTER} WHERE beat IS NOT NULL ORDER BY beat")
    return [_letter(row) for row in rows]


def put_letters_in_beat(
    vault: Vault, ordered: Sequence[QueuedLetter | tuple[bytes, bytes]]
) -> None:
    """Choose these for the next post, after what the beat has; an id and a payload are a cover."""
    with vault.transaction():
        placed = list(enumerate(ordered, start=_next_place(vault, "outbox_letter")))
        vault.run_many(
            "INSERT INTO outbox_letter (beat, cover, id, payload) VALUES (?, 1, ?, ?)",
            [(place, *letter) for place, letter in placed if isinstance(letter, tuple)],
        )
        vault.run_many(
            "UPDATE outbox_letter SET beat = ? WHERE seq = ?",
            [(place, letter.seq) for place, letter in placed if isinstance(letter, QueuedLetter)],
        )


def waiting_letters(vault: Vault) -> frozenset[bytes]:
    """The payload ids of the letters to post."""
    return frozenset(row[0] for row in vault.rows("SELECT id FROM outbox_letter WHERE NOT cover"))


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


def is_untouched(vault: Vault, entry: bytes, *, is_answer: bool) -> bool:
    """Whether nothing of a reply or note was posted, or is in the beat."""
    if vault.row("SELECT 1 FROM outbox_letter WHERE id = ? AND beat IS NULL", entry) is None:
        return False
    cells = vault.row(
        "SELECT count(*), max(of) FROM outbox_cell WHERE entry = ? AND beat IS NULL", entry
    )
    return not is_answer or (cells is not None and cells[0] == cells[1])


def take_back(vault: Vault, entry: bytes, *, is_answer: bool) -> None:
    """Take out a reply or note of which nothing was posted; AlreadyPostedError, and all stays."""
    with vault.transaction():
        if not is_untouched(vault, entry, is_answer=is_answer):
            raise AlreadyPostedError
        vault.run("DELETE FROM outbox_letter WHERE id = ?", entry)
        vault.run("DELETE FROM outbox_cell WHERE entry = ?", entry)


def _cell(row: Row) -> QueuedCell:
    return QueuedCell(row[0], row[1], row[2], bool(row[3]))


def _next_place(vault: Vault, table: str) -> int:
    row = vault.row(f"SELECT coalesce(max(beat) + 1, 0) FROM {table}")  # noqa: S608
    return int(row[0]) if row else 0


def _letter(row: Row) -> QueuedLetter:
    return QueuedLetter(
        row[0], row[1], row[2], row[3], tuple(json.loads(row[4] or "[]")), bool(row[5])
    )
