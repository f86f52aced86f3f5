"""One beat of the timetable: what is posted now, real first, covers after. Spec §14.21.

Its size follows from the timetable alone. What is chosen is durable before it is posted, in
random order, and is posted again as it is until the server has taken it.
"""

from collections.abc import Sequence
from typing import TypeVar

from silent_courier.desk.desk import Random
from silent_courier.desk.session import Session
from silent_courier.desk.timetable import (
    Beat,
    next_beat,
    timetable_of,
    without_cells,
    without_letters,
)
from silent_courier.protocol.payload import CoverPayload, encode_payload
from silent_courier.protocol.sizes import CELL_LEN, ID_LEN, KEY_LEN, LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import beats, identity, outbox
from silent_courier.storage.vault.outbox import QueuedCell, QueuedLetter

Item = TypeVar("Item")


def begin_beat(session: Session, *, can_seal: bool) -> None:
    """Choose what is posted next, unless this slot had its beat. What was not taken yet stays.

    can_seal: whether letters can be sealed now; if not, theirs comes with the next beat.
    """
    vault = session.desk.vault
    last = beats.last(vault)
    table = timetable_of(session.roster.charter.body.parameters)
    beat = next_beat(table, last, session.desk.clock())
    if beat is None:
        return
    if len(outbox.beat_cells(vault)) >= table.cells.most:
        beat = without_cells(beat, last)
    if not can_seal or len(outbox.beat_letters(vault)) >= table.letters.most:
        beat = without_letters(beat, last)
    with vault.transaction():
        _choose(session, beat)
        beats.set_last(vault, beat.after)


def keep_answers_back(session: Session) -> None:
    """Make the beat anew without answers. All of it: what stayed would be known for a cover."""
    with session.desk.vault.transaction():
        cells, letters = outbox.empty_beat(session.desk.vault)
        _put_cells(session, [], cells)
        _put_letters(session, outbox.free_letters(session.desk.vault)[:letters], letters)


def _choose(session: Session, beat: Beat) -> None:
    vault = session.desk.vault
    cells = [] if identity.is_copied(vault) else outbox.free_cells(vault)
    _put_cells(session, cells[: beat.cells], beat.cells)
    _put_letters(session, outbox.free_letters(vault)[: beat.letters], beat.letters)


def _put_cells(session: Session, real: Sequence[QueuedCell], count: int) -> None:
    random = session.desk.random
    covers = [random(CELL_LEN) for _ in range(count - len(real))]
    outbox.put_cells_in_beat(session.desk.vault, shuffled([*real, *covers], random))


def _put_letters(session: Session, real: Sequence[QueuedLetter], count: int) -> None:
    random = session.desk.random
    payload = encode_payload(CoverPayload(), LETTER_PAYLOAD_MAX)
    covers = [(random(ID_LEN), payload) for _ in range(count - len(real))]
    outbox.put_letters_in_beat(session.desk.vault, shuffled([*real, *covers], random))


def shuffled(items: Sequence[Item], random: Random) -> list[Item]:
    """In random order, so that no place in a beat is more often real than another."""
    keyed = [(random(KEY_LEN), place) for place in range(len(items))]
    return [items[place] for _, place in sorted(keyed)]
