"""Chunks of deleted attachments that are still asked for. Spec §14.9, §14.18.

By what is asked for no server may see that something was deleted, or which uploads belonged to it.
So the names of the chunks that were missing stay until they are given, or no server can hold them
any more: no key, no thread, no letter, and no name, size or hash of a file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from silent_courier.storage.vault.attachments import (
    ARRIVED,
    GONE_AFTER_DAYS,
    KeptAttachment,
    pause_after,
)
from silent_courier.storage.vault.database import Vault


@dataclass(frozen=True, slots=True)
class Debt:
    """What is left to ask for of one attachment that is not here any more.

    letter: a number that those of one letter share. place: the attachment's among all that are
    fetched. chunks: how many are missing.
    """

    seq: int
    letter: int
    place: int
    is_begun: bool
    misses: int
    letters_misses: int
    chunks: int


def owe(vault: Vault, missing: Iterable[tuple[KeptAttachment, Mapping[int, bytes]]]) -> None:
    """Go on asking for these chunks, by position; the rows of their attachments are still here."""
    row = vault.row("SELECT coalesce(max(letter), 0) + 1 FROM debt")
    first = int(row[0]) if row else 1
    numbers: dict[bytes, int] = {}
    with vault.transaction():
        for attachment, names in missing:
            vault.run(
                "INSERT INTO debt (letter, place, begun, misses, again, until)"  # noqa: S608 - constants
                f" SELECT ?, seq, ?, misses, again, {ARRIVED} + ? FROM attachment WHERE seq = ?",
                numbers.setdefault(attachment.entry, first + len(numbers)),
                attachment.here > 0,
                GONE_AFTER_DAYS,
                attachment.seq,
            )
            newest = vault.row("SELECT max(seq) FROM debt")
            assert newest is not None
            vault.run_many(
                "INSERT INTO debt_chunk (debt, position, id) VALUES (?, ?, ?)",
                [(newest[0], position, name) for position, name in names.items()],
            )


def to_fetch(vault: Vault, today: int) -> list[Debt]:
    """Those to ask for today."""
    return _debts(vault, "again <= ?", today)


def in_place_of(vault: Vault, attachment: int) -> Debt | None:
    """What is asked for in the place of an attachment that was deleted a moment ago."""
    return next(iter(_debts(vault, "place = ? ORDER BY seq DESC", attachment)), None)


def chunks_of(vault: Vault, debt: Debt) -> list[tuple[int, bytes]]:
    """Positions and names of what is missing, in order."""
    rows = vault.rows("SELECT position, id FROM debt_chunk WHERE debt = ? ORDER BY 1", debt.seq)
    return [(row[0], row[1]) for row in rows]


def pay(vault: Vault, debt: Debt, position: int) -> None:
    """The server has given this chunk: nothing of it is kept."""
    with vault.transaction():
        vault.run("DELETE FROM debt_chunk WHERE debt = ? AND position = ?", debt.seq, position)
        vault.run("UPDATE debt SET begun = 1 WHERE seq = ?", debt.seq)
        vault.run("UPDATE debt SET misses = 0, again = 0 WHERE letter = ?", debt.letter)
        vault.run(f"DELETE FROM debt WHERE seq = ? AND {_PAID}", debt.seq)  # noqa: S608 - constants


def note_miss(vault: Vault, debt: Debt, today: int) -> None:
    """A chunk was not there: what was of its letter waits, each time longer."""
    with vault.transaction():
        vault.run("UPDATE debt SET misses = misses + 1 WHERE seq = ?", debt.seq)
        row = vault.row("SELECT sum(misses) FROM debt WHERE letter = ?", debt.letter)
        pause = pause_after(int(row[0] or 0) if row else 0)
        vault.run("UPDATE debt SET again = ? WHERE letter = ?", today + pause, debt.letter)


def give_up(vault: Vault, today: int) -> None:
    """Ask no more for what no server can hold."""
    with vault.transaction():
        vault.run("DELETE FROM debt WHERE until < ?", today)
        vault.run("DELETE FROM debt_chunk WHERE debt NOT IN (SELECT seq FROM debt)")


_PAID = "NOT EXISTS (SELECT 1 FROM debt_chunk WHERE debt_chunk.debt = debt.seq)"


def _debts(vault: Vault, condition: str, value: int) -> list[Debt]:
    rows = vault.rows(
        "SELECT seq, letter, place, begun, misses,"  # noqa: S608 - constants
        " (SELECT sum(misses) FROM debt AS o WHERE o.letter = debt.letter),"
        " (SELECT count(*) FROM debt_chunk WHERE debt_chunk.debt = debt.seq)"
        f" FROM debt WHERE {condition}",
        value,
    )
    return [Debt(row[0], row[1], row[2], bool(row[3]), *row[4:]) for row in rows]
