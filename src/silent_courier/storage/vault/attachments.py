"""Attachments that letters named, and how much of each is here. Spec §14.9."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from silent_courier.protocol.attachment import AttachmentSeal
from silent_courier.protocol.payload import Attachment
from silent_courier.storage.vault.database import Row, Vault


class AttachmentState(StrEnum):
    """How an attachment stands."""

    WAITING = "waiting"
    COMPLETE = "complete"
    DAMAGED = "damaged"  # a chunk that is not what the letter's key made, or another content


@dataclass(frozen=True, slots=True)
class KeptAttachment:
    """One attachment of the letter `entry`; `here` of `chunks` chunks have been fetched."""

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

    def seal(self, org_id: bytes) -> AttachmentSeal:
        """What opens its chunks."""
        return AttachmentSeal(self.key, org_id, self.id, self.chunks)


def add(vault: Vault, entry: bytes, described: Sequence[Attachment]) -> None:
    """Remember a letter's attachments, in its order."""
    vault.run_many(
        "INSERT INTO attachment (entry, position, id, name, size, sha256, key, chunks, state)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
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


def of_thread(vault: Vault, source: bytes) -> list[KeptAttachment]:
    """All attachments of a thread, in order."""
    return _kept(
        vault.rows(
            f"SELECT {_COLUMNS} FROM attachment JOIN entry ON entry.id = attachment.entry"  # noqa: S608
            " WHERE entry.source = ? ORDER BY entry.day, entry.seq, attachment.position",
            source,
        )
    )


def to_fetch(vault: Vault) -> list[KeptAttachment]:
    """Those that are not complete, oldest first."""
    return _kept(
        vault.rows(
            f"SELECT {_COLUMNS} FROM attachment WHERE state = 'waiting' ORDER BY seq"  # noqa: S608
        )
    )


def missing_positions(vault: Vault, attachment: KeptAttachment) -> list[int]:
    """The chunks that were not fetched yet."""
    rows = vault.rows("SELECT position FROM chunk WHERE attachment = ?", attachment.seq)
    here = {row[0] for row in rows}
    return [position for position in range(attachment.chunks) if position not in here]


def note_chunk(vault: Vault, attachment: KeptAttachment, position: int) -> bool:
    """This chunk is here; True when it was the last one missing."""
    with vault.transaction():
        vault.run("INSERT OR IGNORE INTO chunk VALUES (?, ?)", attachment.seq, position)
        row = vault.row("SELECT count(*) FROM chunk WHERE attachment = ?", attachment.seq)
        complete = row is not None and row[0] == attachment.chunks
        if complete:
            set_state(vault, attachment, AttachmentState.COMPLETE)
    return complete


def set_state(vault: Vault, attachment: KeptAttachment, state: AttachmentState) -> None:
    """How it stands from now on."""
    vault.run("UPDATE attachment SET state = ? WHERE seq = ?", state, attachment.seq)


_COLUMNS = (
    "attachment.seq, attachment.entry, attachment.id, name, size, sha256, key, chunks, state,"
    " (SELECT count(*) FROM chunk WHERE chunk.attachment = attachment.seq)"
)


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
        )
        for row in rows
    ]
