"""Fetching attachments: a few chunks at a time, each checked before it is kept. Spec §7, §14.9.

All chunks are fetched, padding too: which ones are never asked for would tell the server how
long an attachment really is. Memory holds one chunk a lane, whatever the attachment's size.
"""

import asyncio
from collections.abc import Iterator
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


async def fetch_chunks(session: Session) -> None:
    """Fetch what is missing of every attachment, as far as the server has it and the disk goes."""
    todo = attachments.to_fetch(session.desk.vault)
    total = sum(attachment.chunks - attachment.here for attachment in todo)
    try:
        for attachment in todo:
            await _fetch_attachment(session, attachment, total)
    except VaultFullError:
        session.tally.trouble(Trouble.VAULT_FULL)


async def _fetch_attachment(session: Session, attachment: KeptAttachment, total: int) -> None:
    missing = attachments.missing_positions(session.desk.vault, attachment)
    # The first alone: a letter may name thousands of chunks that nobody has uploaded.
    if not await _fetch_one(session, attachment, missing[0], 0, total):
        return
    positions = iter(missing[1:])
    try:
        async with asyncio.TaskGroup() as group:
            for lane in range(LANES):
                group.create_task(_run_lane(session, attachment, positions, lane, total))
    except ExceptionGroup as errors:
        # The others were only stopped by it.
        raise errors.exceptions[0] from None


async def _run_lane(
    session: Session,
    attachment: KeptAttachment,
    positions: Iterator[int],
    lane: int,
    total: int,
) -> None:
    """Take one position after the other, until one fails for any lane."""
    for position in positions:
        if not await _fetch_one(session, attachment, position, lane, total):
            # Nothing is left for the other lanes either.
            for _ in positions:
                pass


async def _fetch_one(
    session: Session, attachment: KeptAttachment, position: int, lane: int, total: int
) -> bool:
    vault, tally = session.desk.vault, session.tally
    seal = attachment.seal(session.roster.charter.org_id)
    chunk_id = derive_chunk_id(seal, position)
    try:
        sealed = await session.server.read_chunk(chunk_id, lane)
    except UnexpectedAnswerError:
        tally.trouble(Trouble.CHUNK_REFUSED)
        return False
    if sealed is None:
        return False
    padding = position * CHUNK_LEN >= max(1, attachment.size)
    kept_in = None if padding else vault.directory
    if not await asyncio.to_thread(_check_and_keep, kept_in, seal, position, sealed):
        tally.trouble(Trouble.CHUNK_DAMAGED)
        attachments.set_state(vault, attachment, AttachmentState.DAMAGED)
        return False
    tally.counts["chunks"] += 1
    if attachments.note_chunk(vault, attachment, position):
        tally.counts["attachments"] += 1
    session.progress("attachments", tally.counts["chunks"], total)
    return True


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
