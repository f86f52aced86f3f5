"""Fetching attachments: a few chunks at a time, each checked before it is kept. Spec §7, §14.9.

All chunks are fetched, padding too: which ones are never asked for would tell the server how
long an attachment really is. Memory holds one chunk a lane, whatever the attachment's size.
"""

import asyncio
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path
from typing import Final

from silent_courier.desk.report import Trouble
from silent_courier.desk.session import Session
from silent_courier.protocol.attachment import AttachmentSeal, derive_chunk_id, open_chunk
from silent_courier.protocol.errors import ProtocolError, UnexpectedAnswerError, VaultFullError
from silent_courier.protocol.sizes import CHUNK_LEN
from silent_courier.storage.vault import attachments
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment
from silent_courier.storage.vault.chunks import write_chunk

LANES: Final = 4
CHUNKS_A_SYNC: Final = 2048
"""As many as the largest attachment has: the same bound for every sync, whatever waits."""
LETTERS_ABSENT_A_SYNC: Final = 64
"""After so many letters whose chunks were not there, a sync leaves the rest to the next one."""


class Chunk(Enum):
    """What became of a question for a chunk."""

    HERE = auto()
    ABSENT = auto()
    REFUSED = auto()
    DAMAGED = auto()
    LATER = auto()  # this sync has asked for as many as it may


async def fetch_chunks(session: Session) -> None:
    """Fetch what is missing of the attachments, as far as the server has it and the disk goes.

    A letter that names chunks which nobody uploaded costs one question in this sync, and fewer
    later, so that strangers cannot make a desk ask for ever.
    """
    vault, today = session.desk.vault, session.desk.today
    attachments.give_up(vault, today)
    todo = attachments.to_fetch(vault, today)
    total = sum(attachment.chunks - attachment.here for attachment in todo)
    absent: set[bytes] = set()
    try:
        for attachment in todo:
            if len(absent) == LETTERS_ABSENT_A_SYNC:
                break
            if attachment.entry in absent:
                continue
            found = await _fetch_attachment(session, attachment, total)
            if found is Chunk.ABSENT:
                attachments.note_miss(vault, attachment, today)
            if found is Chunk.LATER:
                break
            if found in (Chunk.ABSENT, Chunk.REFUSED):
                absent.add(attachment.entry)
    except VaultFullError:
        session.tally.trouble(Trouble.VAULT_FULL)


async def _fetch_attachment(session: Session, attachment: KeptAttachment, total: int) -> Chunk:
    """Fetch all that is missing; what ended it, or HERE."""
    missing = attachments.missing_positions(session.desk.vault, attachment)
    # The first alone: a letter may name thousands of chunks that nobody has uploaded.
    first = await _fetch_one(session, attachment, missing[0], 0, total)
    if first is not Chunk.HERE:
        return first
    positions = iter(missing[1:])
    try:
        async with asyncio.TaskGroup() as group:
            lanes = [
                group.create_task(_run_lane(session, attachment, positions, lane, total))
                for lane in range(LANES)
            ]
    except ExceptionGroup as errors:
        # The others were only stopped by it.
        raise errors.exceptions[0] from None
    found = (lane.result() for lane in lanes)
    return next((chunk for chunk in found if chunk is not Chunk.HERE), Chunk.HERE)


async def _run_lane(
    session: Session,
    attachment: KeptAttachment,
    positions: Iterator[int],
    lane: int,
    total: int,
) -> Chunk:
    """Take one position after the other, until one fails for any lane."""
    for position in positions:
        found = await _fetch_one(session, attachment, position, lane, total)
        if found is not Chunk.HERE:
            # Nothing is left for the other lanes either.
            for _ in positions:
                pass
            return found
    return Chunk.HERE


async def _fetch_one(
    session: Session, attachment: KeptAttachment, position: int, lane: int, total: int
) -> Chunk:
    vault, tally = session.desk.vault, session.tally
    if tally.counts["chunks_asked"] >= CHUNKS_A_SYNC:
        return Chunk.LATER
    tally.counts["chunks_asked"] += 1
    seal = attachment.seal(session.roster.charter.org_id)
    chunk_id = derive_chunk_id(seal, position)
    try:
        sealed = await session.server.read_chunk(chunk_id, lane)
    except UnexpectedAnswerError:
        tally.trouble(Trouble.CHUNK_REFUSED)
        return Chunk.REFUSED
    if sealed is None:
        return Chunk.ABSENT
    padding = position * CHUNK_LEN >= max(1, attachment.size)
    kept_in = None if padding else vault.directory
    if not await asyncio.to_thread(_check_and_keep, kept_in, seal, position, sealed):
        tally.trouble(Trouble.CHUNK_DAMAGED)
        attachments.set_state(vault, attachment, AttachmentState.DAMAGED)
        return Chunk.DAMAGED
    tally.counts["chunks"] += 1
    if attachments.note_chunk(vault, attachment, position):
        tally.counts["attachments"] += 1
    session.progress("attachments", tally.counts["chunks"], total)
    return Chunk.HERE


def _check_and_keep(
    directory: Path | None, seal: AttachmentSeal, position: int, sealed: bytes
) -> bool:
    """Whether this is the chunk that the letter's key made; if so it is written to disk."""
    try:
        open_chunk(seal, position, sealed)
    except ProtocolError:
        return False
    if directory is not None:
        write_chunk(directory, derive_chunk_id(seal, position), sealed)
    return True
