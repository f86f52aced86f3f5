"""Fetching attachments: a few chunks at a time, each checked before it is kept. Spec §7, §14.9.

All chunks are fetched, padding too: which ones are never asked for would tell the server how
long an attachment really is. What is damaged or was deleted is fetched like the rest, and not kept:
neither what a person deletes nor what a server spoils changes what is asked for. Memory holds one
chunk a lane, whatever the attachment's size.
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
from silent_courier.storage.vault import Vault, attachments, debts
from silent_courier.storage.vault.attachments import AttachmentState, KeptAttachment
from silent_courier.storage.vault.chunks import remove_chunk, write_chunk
from silent_courier.storage.vault.debts import Debt

LANES: Final = 4
CHUNKS_A_SYNC: Final = 2048
"""As many as the largest attachment has: the same bound for every sync, whatever waits."""
LETTERS_ABSENT_A_SYNC: Final = 64
"""After so many letters whose chunks were not there, a sync leaves the rest to the next one."""


Wanted = KeptAttachment | Debt
"""Whose chunks are asked for: an attachment's, or those of one that was deleted."""

Piece = tuple[int, bytes]
"""A chunk's position and name."""


class Chunk(Enum):
    """What became of a question for a chunk."""

    HERE = auto()
    ABSENT = auto()
    REFUSED = auto()
    LATER = auto()  # this sync has asked for as many as it may


async def fetch_chunks(session: Session) -> None:
    """Fetch what is missing of the attachments, as far as the server has it and the disk goes.

    A letter that names chunks which nobody uploaded costs one question in this sync, and fewer
    later, so that strangers cannot make a desk ask for ever.
    """
    vault, today = session.desk.vault, session.desk.today
    attachments.give_up(vault, today)
    debts.give_up(vault, today)
    kept, owed = attachments.to_fetch(vault, today), debts.to_fetch(vault, today)
    total = sum(each.chunks - each.here for each in kept) + sum(each.chunks for each in owed)
    absent: set[bytes | int] = set()
    try:
        todo: list[Wanted] = [*kept, *owed]
        for wanted in sorted(todo, key=_order):
            letter = wanted.letter if isinstance(wanted, Debt) else wanted.entry
            if len(absent) == LETTERS_ABSENT_A_SYNC:
                break
            if letter in absent:
                continue
            found = await _fetch_all(session, wanted, total)
            if found is Chunk.ABSENT:
                _note_miss(vault, wanted, today)
            if found is Chunk.LATER:
                break
            if found in (Chunk.ABSENT, Chunk.REFUSED):
                absent.add(letter)
    except VaultFullError:
        session.tally.trouble(Trouble.VAULT_FULL)


def _order(wanted: Wanted) -> tuple[int, int, bool, int]:
    """Of letters whose chunks were there whenever they were asked for first, then begun ones."""
    if isinstance(wanted, Debt):
        return wanted.letters_misses, wanted.misses, not wanted.is_begun, wanted.place
    return wanted.letters_misses, wanted.misses, wanted.here == 0, wanted.seq


def _by_now(vault: Vault, wanted: Wanted) -> Wanted | None:
    """The same, or what stands for it: while a sync runs, a person may delete its thread."""
    if isinstance(wanted, Debt) or attachments.state_of(vault, wanted) is not None:
        return wanted
    return debts.in_place_of(vault, wanted.seq)


def _note_miss(vault: Vault, wanted: Wanted, today: int) -> None:
    now = _by_now(vault, wanted)
    if isinstance(now, Debt):
        debts.note_miss(vault, now, today)
    elif now is not None:
        attachments.note_miss(vault, now, today)


def _missing(session: Session, wanted: Wanted) -> list[Piece]:
    vault, now = session.desk.vault, _by_now(session.desk.vault, wanted)
    if now is None:
        return []
    if isinstance(now, Debt):
        return debts.chunks_of(vault, now)
    seal = now.seal(session.roster.charter.org_id)
    positions = attachments.missing_positions(vault, now)
    return [(position, derive_chunk_id(seal, position)) for position in positions]


async def _fetch_all(session: Session, wanted: Wanted, total: int) -> Chunk:
    """Fetch all that is missing; what ended it, or HERE."""
    missing = _missing(session, wanted)
    if not missing:
        return Chunk.HERE
    # The first alone: a letter may name thousands of chunks that nobody has uploaded.
    first = await _fetch_one(session, wanted, missing[0], 0, total)
    if first is not Chunk.HERE:
        return first
    pieces = iter(missing[1:])
    try:
        async with asyncio.TaskGroup() as group:
            lanes = [
                group.create_task(_run_lane(session, wanted, pieces, lane, total))
                for lane in range(LANES)
            ]
    except ExceptionGroup as errors:
        # The others were only stopped by it.
        raise errors.exceptions[0] from None
    found = (lane.result() for lane in lanes)
    return next((chunk for chunk in found if chunk is not Chunk.HERE), Chunk.HERE)


async def _run_lane(
    session: Session, wanted: Wanted, pieces: Iterator[Piece], lane: int, total: int
) -> Chunk:
    """Take one piece after the other, until one fails for any lane."""
    for piece in pieces:
        found = await _fetch_one(session, wanted, piece, lane, total)
        if found is not Chunk.HERE:
            # Nothing is left for the other lanes either.
            for _ in pieces:
                pass
            return found
    return Chunk.HERE


async def _fetch_one(
    session: Session, wanted: Wanted, piece: Piece, lane: int, total: int
) -> Chunk:
    tally = session.tally
    if tally.counts["chunks_asked"] >= CHUNKS_A_SYNC:
        return Chunk.LATER
    tally.counts["chunks_asked"] += 1
    try:
        sealed = await session.server.read_chunk(piece[1], lane)
    except UnexpectedAnswerError:
        tally.trouble(Trouble.CHUNK_REFUSED)
        return Chunk.REFUSED
    if sealed is None:
        return Chunk.ABSENT
    await _take(session, wanted, piece, sealed)
    tally.counts["chunks"] += 1
    session.progress("attachments", tally.counts["chunks"], total)
    return Chunk.HERE


async def _take(session: Session, wanted: Wanted, piece: Piece, sealed: bytes) -> None:
    """Check and keep a chunk, unless its attachment is damaged or deleted by now."""
    vault, (position, name) = session.desk.vault, piece
    now = _by_now(vault, wanted)
    if isinstance(now, KeptAttachment) and attachments.state_of(vault, now) is _WAITING:
        seal = now.seal(session.roster.charter.org_id)
        padding = position * CHUNK_LEN >= max(1, now.size)
        kept_in = None if padding else vault.directory
        is_good = await asyncio.to_thread(_check_and_keep, kept_in, seal, piece, sealed)
        now = _by_now(vault, wanted)
        if isinstance(now, KeptAttachment) and not is_good:
            session.tally.trouble(Trouble.CHUNK_DAMAGED)
            attachments.set_state(vault, now, AttachmentState.DAMAGED)
        elif not isinstance(now, KeptAttachment):
            # Deleted while it was written.
            remove_chunk(vault.directory, name)
    if isinstance(now, Debt):
        debts.pay(vault, now, position)
    elif now is not None and attachments.note_chunk(vault, now, position):
        session.tally.counts["attachments"] += 1


_WAITING: Final = AttachmentState.WAITING


def _check_and_keep(
    directory: Path | None, seal: AttachmentSeal, piece: Piece, sealed: bytes
) -> bool:
    """Whether this is the chunk that the letter's key made; if so it is written to disk."""
    position, name = piece
    try:
        open_chunk(seal, position, sealed)
    except ProtocolError:
        return False
    if directory is not None:
        write_chunk(directory, name, sealed)
    return True
