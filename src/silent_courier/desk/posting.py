"""Posting a beat: cells for the board, letters for colleagues. Spec §14.8, §14.21.

Everything is durable before it is posted and stays until the server has taken it. The server
takes the same bytes twice without harm, so a crash between any two steps loses and doubles nothing.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from silent_courier.desk.beat import begin_beat, keep_answers_back
from silent_courier.desk.passing_on import passed_letters
from silent_courier.desk.report import Trouble
from silent_courier.desk.session import Session
from silent_courier.protocol.age import HybridRecipient
from silent_courier.protocol.letter import seal_colleague_letter, seal_source_letter
from silent_courier.protocol.payload import COLLEAGUE_KINDS, CoverPayload, parse_letter_payload
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.sizes import TAG_LEN, letter_len
from silent_courier.storage.vault import identity, outbox, passing, posted_cells
from silent_courier.storage.vault.outbox import QueuedCell, QueuedLetter
from silent_courier.storage.vault.posted_cells import PostedCell

_TAKEN: Final = 204
_OVER_QUOTA: Final = 429
_CONFLICT: Final = 409
_LATER: Final = (500, 502, 503, 504, 507)


async def post_outbox(session: Session) -> None:
    """Post what this beat has, cells first: a source waits for them."""
    vault = session.desk.vault
    can_seal = session.key.device in session.roster.recipients
    if identity.is_copied(vault):
        session.tally.trouble(Trouble.COPIED)
        keep_answers_back(session)
    begin_beat(session, can_seal=can_seal)
    await _post_cells(session)
    if can_seal:
        await _post_letters(session)
    elif outbox.letters(vault):
        session.tally.trouble(Trouble.NOT_IN_KEYRING)


async def _post_cells(session: Session) -> None:
    """The whole beat at once, so that how it is cut says nothing either."""
    if batch := outbox.beat_cells(session.desk.vault):
        session.progress("post", 0, len(batch))
        await _post_batch(session, batch)


async def _post_letters(session: Session) -> None:
    batch = outbox.beat_letters(session.desk.vault)
    for number, letter in enumerate(batch):
        session.progress("post", number, len(batch))
        if not await _post_letter(session, letter):
            break


async def _post_batch(session: Session, batch: Sequence[QueuedCell]) -> bool:
    """Post as many of these as the server takes; False when it takes no more today.

    A batch is taken whole or not at all, so one that is refused is tried in halves.
    """
    vault, tally = session.desk.vault, session.tally
    status = await session.server.post("/v1/cells", b"".join(cell.cell for cell in batch))
    if status == _TAKEN:
        at = int(session.desk.clock())
        with vault.transaction():
            outbox.remove_cells(vault, batch)
            posted_cells.note(
                vault, [PostedCell(c.cell[:TAG_LEN], sha256(c.cell), at, c.entry) for c in batch]
            )
        tally.counts["cells_posted"] += sum(not cell.is_cover for cell in batch)
        return True
    if status in _LATER:
        tally.trouble(Trouble.SERVER_FULL)
        return False
    if len(batch) > 1:
        half = len(batch) // 2
        return await _post_batch(session, batch[:half]) and await _post_batch(session, batch[half:])
    if status == _OVER_QUOTA:
        tally.trouble(Trouble.OVER_QUOTA)
        return False
    tally.trouble(Trouble.CELL_REFUSED)
    if status == _CONFLICT:
        # It will never be taken. What else is refused is tried again, be it a cover or not.
        outbox.refuse_cell(vault, batch[0])
    return True


async def _post_letter(session: Session, queued: QueuedLetter) -> bool:
    """Post one letter, sealed to those who are there today; False when the server is full."""
    vault = session.desk.vault
    letter = _sealed(session, queued)
    status = await session.server.post("/v1/letters", letter.sealed or b"")
    if status in _LATER:
        session.tally.trouble(Trouble.SERVER_FULL)
        return False
    if status != _TAKEN:
        session.tally.trouble(Trouble.LETTER_REFUSED)
        return True
    with vault.transaction():
        passed, recipients = passed_letters(letter.payload), letter.recipients
        passing.note_passed(vault, passed, recipients, session.roster.keyring.day)
        outbox.remove_letter(vault, letter)
    session.tally.counts["letters_posted"] += not letter.is_cover
    return True


def _sealed(session: Session, letter: QueuedLetter) -> QueuedLetter:
    """The letter as it is to be posted, on disk before anybody sees it."""
    roster, today = session.roster, session.desk.today
    slots = roster.charter.body.parameters.letter_slots
    fits = letter.sealed is not None and len(letter.sealed) == letter_len(slots)
    if fits and letter.sealed_day == today:
        return letter
    recipients = list(roster.recipients.values())
    sealed = replace(
        letter,
        sealed=_seal(session, letter.payload, recipients, slots),
        sealed_day=today,
        recipients=tuple(roster.recipients),
    )
    outbox.keep_sealed(session.desk.vault, sealed)
    return sealed


def _seal(
    session: Session, content: bytes, recipients: Sequence[HybridRecipient], slots: int
) -> bytes:
    payload, random = parse_letter_payload(content), session.desk.random
    if isinstance(payload, CoverPayload):
        return seal_source_letter(payload, recipients, slots, random)
    if isinstance(payload, COLLEAGUE_KINDS):
        return seal_colleague_letter(payload, session.key, recipients, slots, random)
    raise TypeError("only covers and letters to colleagues are queued")
