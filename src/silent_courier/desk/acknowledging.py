"""*Opened on Tuesday*: telling a source, once, that a person has read its letter. Spec §14.10.

One desk does it, the lowest slot that is there; the others tell it what was opened. Answers go
first: acknowledgements take at most a quarter of a day's cells.
"""

from collections.abc import Sequence
from typing import Final

from silent_courier.desk.answering import current_key
from silent_courier.desk.desk import Desk
from silent_courier.desk.roster import Roster
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import NoTagsLeftError, NoThreadKeyError, ThreadDisputedError
from silent_courier.protocol.payload import (
    MARKED_LETTERS_MAX,
    MarkPayload,
    OpenedPayload,
    encode_payload,
)
from silent_courier.protocol.reply import cells_needed, seal_reply
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import ID_LEN, LETTER_PAYLOAD_MAX
from silent_courier.storage.vault import openings, outbox, tags
from silent_courier.storage.vault.openings import Openings

QUOTA_SHARE: Final = 4
"""Acknowledgements take at most one part in so many."""


def acknowledge(desk: Desk, roster: Roster, key: DeviceKey) -> int:
    """Acknowledge what was opened, or tell whose turn it is; how many acknowledgements."""
    if not is_our_turn(roster, key.device):
        for opened in openings.untold(desk.vault):
            _tell(desk, roster.charter, opened)
        return 0
    today = roster.keyring.day
    room = max(1, roster.charter.body.parameters.cells_per_day // QUOTA_SHARE)
    room -= openings.sealed_on(desk.vault, today)
    done = 0
    for opened in openings.unacknowledged(desk.vault):
        if done >= room:
            break
        if openings.is_sealed(desk.vault, opened.source, opened.day):
            _mark_done(desk, roster.charter, opened, today)
            continue
        done += _acknowledge(desk, roster.charter, key, opened, today)
    return done


def is_our_turn(roster: Roster, own_device: int) -> bool:
    """Whether no lower slot is there to do it."""
    return own_device == min(roster.live, default=own_device)


def _acknowledge(
    desk: Desk, charter: Charter, key: DeviceKey, opened: Openings, today: int
) -> bool:
    try:
        thread_key = current_key(desk, charter, opened.source)
        payload = OpenedPayload(
            id=desk.random(ID_LEN).hex(),
            org_id=charter.org_id.hex(),
            charter=charter.hash.hex(),
            day=desk.today,
            generation=thread_key.generation,
            to=opened.source.hex(),
            opened=opened.day,
        )
        numbers = tags.reserve(desk.vault, opened.source, thread_key, cells_needed(payload))
    except (NoThreadKeyError, NoTagsLeftError, ThreadDisputedError):
        return False
    cells = seal_reply(payload, key, thread_key, numbers, desk.random)
    with desk.vault.transaction():
        outbox.add_cells(desk.vault, bytes.fromhex(payload.id), cells, acknowledges=True)
        _mark_done(desk, charter, opened, today)
    return True


def _mark_done(desk: Desk, charter: Charter, opened: Openings, today: int) -> None:
    """Never again, by nobody: one acknowledgement tells a thread of everything of its day."""
    with desk.vault.transaction():
        openings.set_acknowledged(desk.vault, opened.letters, today)
        _queue_marks(desk, charter, opened, acknowledged=True)


def _tell(desk: Desk, charter: Charter, opened: Openings) -> None:
    with desk.vault.transaction():
        _queue_marks(desk, charter, opened, acknowledged=False)
        openings.set_told(desk.vault, opened.letters)


def _queue_marks(desk: Desk, charter: Charter, opened: Openings, *, acknowledged: bool) -> None:
    for start in range(0, len(opened.letters), MARKED_LETTERS_MAX):
        some = opened.letters[start : start + MARKED_LETTERS_MAX]
        payload = _mark(desk, charter, opened, some, acknowledged=acknowledged)
        content = encode_payload(payload, LETTER_PAYLOAD_MAX)
        outbox.add_letter(desk.vault, bytes.fromhex(payload.id), content)


def _mark(
    desk: Desk,
    charter: Charter,
    opened: Openings,
    letters: Sequence[bytes],
    *,
    acknowledged: bool,
) -> MarkPayload:
    return MarkPayload(
        id=desk.random(ID_LEN).hex(),
        org_id=charter.org_id.hex(),
        charter=charter.hash.hex(),
        day=desk.today,
        generation=charter.body.generation,
        source_id=opened.source.hex(),
        letters=tuple(letter.hex() for letter in letters),
        opened=opened.day,
        acknowledged=acknowledged,
    )
