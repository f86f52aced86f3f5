"""Attachments that letters named, and how much of each is here. Spec §14.9."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from silent_courier.protocol.attachment import AttachmentSeal
from silent_courier.protocol.payload import Attachment
from silent_courier.protocol.sizes import RETENTION_DAYS_MAX
from silent_courier.storage.vault import search
from silent_courier.storage.vault.database import Row, Vault

GONE_AFTER_DAYS: Final = RETENTION_DAYS_MAX + 1
"""After a letter's arrival; no server keeps its chunks for so long."""
MISSES_AT_ONCE: Final = 3
PAUSE_DAYS_MAX: Final = 8


class AttachmentState(StrEnum):
    """How an attachment stands."""

    WAITING = "waiting"
    COMPLETE = "complete"
    GONE = "gone"  # no server can hold it any more
    DAMAGED = "damaged"  # a chunk that is not what the letter's key made, or another content
    # What is left of it is asked for all the same: no server learns what it spoiled.


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """One attachment of the letter `entry`; `here` of `chunks` chunks have been fetched.

    misses: syncs in which a chunk of it was not there. letters_misses: the same of its letter.
    Both are known of those that are to be fetched.
    """

    seq: int
    entry: bytes
    id: bytes
    name: str
    size: int
    sha256: bytes
    key: bytes = field(repr=False)
    chunks: int
    state: AttachmentState
    here: int
    misses: int = 0
    letters_misses: int = 0

    def seal(self, org_id: bytes) -> AttachmentSeal:
        """What opens its chunks."""
        return AttachmentSeal(self.key, org_id, self.id, self.chunks)


def add(vault: Vault, entry: bytes, described: Sequence[Attachment]) -> None:
    """Remember a letter's attachments, in its order; their names can be searched."""
    with vault.transaction():
        # After what was deleted, too, as long as that is asked for: the oldest goes first.
        row = vault.row(
            "SELECT max(coalesce((SELECT max(seq) FROM attachment), 0),"
            " coalesce((SELECT max(place) FROM debt), 0)) + 1"
        )
        first = int(row[0]) if row else 1
        vault.run_many(
            "INSERT INTO attachment"
            " (seq, entry, position, id, name, size, sha256, key, chunks, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    first + position,
                    entry,
                    position,
                    bytes.fromhex(item.id),
                    item.name,
                    item.size,
                    bytes.fromhex(item.sha256),
                    bytes.fromhex(item.key),
                    item.chunks,
                    AttachmentState.WAITING,
                )
                for position, item in enumerate(described)
            ],
        )
        search.put_names(vault, entry)


def of_thread(vault: Vault, source: bytes) -> list[KeptAttachment]:
    """All attachments of a thread, in order."""
    return _kept(
        vault.rows(
            f"SELECT {_COLUMNS} FROM attachment JOIN entry ON entry.id = attachment.entry"  # noqa: S608
            " WHERE entry.source = ? ORDER BY entry.day, entry.seq, attachment.position",
            source,
        )
    )


def source_of(vault: Vault, attachment: KeptAttachment) -> bytes | None:
    """The thread that this attachment is in."""
    row = vault.row("SELECT source FROM entry WHERE id = ?", attachment.entry)
    return bytes(row[0]) if row else None


def to_fetch(vault: Vault, today: int) -> list[KeptAttachment]:
    """Those to ask for today: of letters whose chunks were there whenever they were asked for
    first, then begun ones, then oldest first.
    """
    return _kept(
        vault.rows(
            f"SELECT {_COLUMNS}, misses, {_LETTERS_MISSES} FROM attachment"  # noqa: S608 - constants
            " WHERE again <= ? AND (state = 'waiting' OR"
            f" (state = 'damaged' AND {_HERE} < chunks AND {ARRIVED} >= ?))"
            f" ORDER BY {_LETTERS_MISSES}, misses, {_HERE} = 0, seq",
            today,
            today - GONE_AFTER_DAYS,
        )
    )


def state_of(vault: Vault, attachment: KeptAttachment) -> AttachmentState | None:
    """How it stands by now; None when it was deleted."""
    row = vault.row(
        "SELECT state FROM attachment WHERE seq = ? AND entry = ?", attachment.seq, attachment.entry
    )
    return AttachmentState(row[0]) if row else None


def kept_where(vault: Vault, condition: str, *values: object) -> list[KeptAttachment]:
    """Those for which this condition, a constant of another module of the vault's, holds."""
    return _kept(
        vault.rows(
            f"SELECT {_COLUMNS} FROM attachment WHERE {condition} ORDER BY seq",  # noqa: S608
            *values,
        )
    )


def give_up(vault: Vault, today: int) -> None:
    """Ask no more for what came so long ago that no server can hold it."""
    vault.run(
        f"UPDATE attachment SET state = 'gone' WHERE state = 'waiting' AND {ARRIVED} < ?",  # noqa: S608
        today - GONE_AFTER_DAYS,
    )


def note_miss(vault: Vault, attachment: KeptAttachment, today: int) -> None:
    """A chunk was not there: its letter waits, each time longer."""
    with vault.transaction():
        vault.run("UPDATE attachment SET misses = misses + 1 WHERE seq = ?", attachment.seq)
        row = vault.row("SELECT sum(misses) FROM attachment WHERE entry = ?", attachment.entry)
        pause = pause_after(int(row[0]) if row else 0)
        vault.run(
            "UPDATE attachment SET again = ? WHERE entry = ?", today + pause, attachment.entry
        )


def missing_positions(vault: Vault, attachment: KeptAttachment) -> list[int]:
    """The chunks that were not fetched yet."""
    rows = vault.rows("SELECT position FROM chunk WHERE attachment = ?", attachment.seq)
    here = {row[0] for row in rows}
    return [position for position in range(attachment.chunks) if position not in here]


def note_chunk(vault: Vault, attachment: KeptAttachment, position: int) -> bool:
    """This chunk was given; True when it was the last one missing and all of them are good."""
    with vault.transaction():
        vault.run("INSERT OR IGNORE INTO chunk VALUES (?, ?)", attachment.seq, position)
        vault.run(
            "UPDATE attachment SET misses = 0, again = 0 WHERE entry = ? AND misses + again > 0",
            attachment.entry,
        )
        row = vault.row("SELECT count(*) FROM chunk WHERE attachment = ?", attachment.seq)
        if row is None or row[0] < attachment.chunks:
            return False
        done = "UPDATE attachment SET state = 'complete' WHERE seq = ? AND state = 'waiting'"
        return vault.run(done, attachment.seq) > 0


def set_state(vault: Vault, attachment: KeptAttachment, state: AttachmentState) -> None:
    """How it stands from now on."""
    vault.run("UPDATE attachment SET state = ? WHERE seq = ?", state, attachment.seq)


def pause_after(misses: int) -> int:
    """Days until what was not there is asked for again: none at first, since a server may have been
    disturbed, then 1, 2, 4 and 8.
    """
    return (
        0 if misses <= MISSES_AT_ONCE else min(2 ** (misses - MISSES_AT_ONCE - 1), PAUSE_DAYS_MAX)
    )


_HERE = "(SELECT count(*) FROM chunk WHERE chunk.attachment = attachment.seq)"
_LETTERS_MISSES = "(SELECT sum(misses) FROM attachment AS o WHERE o.entry = attachment.entry)"
_COLUMNS = (
    "attachment.seq, attachment.entry, attachment.id, name, size, sha256, key, chunks, state,"
    f" {_HERE}"
)
ARRIVED: Final = (
    "coalesce((SELECT max(arrival) FROM letter"
    " WHERE letter.entry = attachment.entry AND letter.state = 'filed'),"
    " (SELECT day FROM entry WHERE entry.id = attachment.entry))"
)
"""When a row of `attachment` came, as far as it is known."""


def _kept(rows: Sequence[Row]) -> list[KeptAttachment]:
    return [
        KeptAttachment(
            seq=row[0],
            entry=row[1],
            id=row[2],
            name=row[3],
            size=row[4],
            sha256=row[5],
            key=row[6],
            chunks=row[7],
            state=AttachmentState(row[8]),
            here=row[9],
            **dict(zip(("misses", "letters_misses"), row[10:], strict=False)),
        )
        for row in rows
    ]
