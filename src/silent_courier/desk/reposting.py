"""Posting an answer again that will leave the board: new cells, the same text. Spec §14.17."""

from silent_courier.desk.answering import reply
from silent_courier.desk.auditing import Act
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Desk
from silent_courier.desk.merging import POSTED_AGAIN
from silent_courier.desk.reading import find_thread, only_one
from silent_courier.desk.team import set_field
from silent_courier.desk.views import Queued
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.protocol.kept import parse_kept
from silent_courier.protocol.payload import ReplyCopyPayload
from silent_courier.storage.vault import threads


def post_again(desk: Desk, thread: str, entry: str) -> Queued:
    """Seal an answer of anybody's once more, and mark it for colleagues as a repetition.

    Args:
        desk: joined.
        thread: the beginning of its id.
        entry: the beginning of the answer's id.

    Raises:
        UnknownThreadError: no such thread, or no such answer in it; and as `reply`.
    """
    source = bytes.fromhex(find_thread(desk, thread))
    answers = [e for e in threads.entries(desk.vault, source) if e.kind == "reply"]
    wanted = only_one([e.id for e in answers if e.id.hex().startswith(entry.lower())], entry)
    found = next(e for e in answers if e.id == wanted)
    copy = parse_kept(found.payload)
    if not isinstance(copy, ReplyCopyPayload):
        raise UnknownThreadError
    with desk.vault.transaction():
        queued = reply(desk, thread, copy.text, copy.language)
        set_field(
            desk, source, POSTED_AGAIN, iso_date(found.day), item=queued.id, act=Act.POSTED_AGAIN
        )
    return queued
