"""Taking a letter out of quarantine because a person answers for it. Spec §14.6."""

from dataclasses import replace

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.desk import Desk
from silent_courier.desk.filing import file_opened
from silent_courier.desk.judging import Reading
from silent_courier.desk.merging import rebuild
from silent_courier.desk.reading import only_one
from silent_courier.desk.reasons import RELEASABLE, Reason
from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.storage.vault import charters, identity, letters
from silent_courier.storage.vault.letters import State


def release(desk: Desk, letter: str) -> Reason | None:
    """File a letter that its day or its number kept apart; why it stays in quarantine, if it does.

    Args:
        desk: joined.
        letter: the beginning of its hash.

    Raises:
        UnknownThreadError: there is no such letter, or it stands apart for another reason.
        NotJoinedError
    """
    wanted = only_one(letters.find_quarantined(desk.vault, letter.lower()), letter)
    opened = letters.reopen(desk.vault, wanted)
    if opened is None or letters.reason_of(desk.vault, wanted) not in RELEASABLE:
        raise UnknownThreadError
    outcome = file_opened(make_reading(desk), replace(opened, released=True))
    rebuild(desk.vault)
    record(desk, Act.RELEASED)
    return None if outcome.state is State.FILED else Reason(outcome.reason or "")


def make_reading(desk: Desk) -> Reading:
    """What this desk reads letters against while it is not syncing."""
    charter = charters.current(desk.vault, identity.membership(desk.vault).org_id)
    return Reading(
        vault=desk.vault,
        charter=charter,
        known_charters=charters.known_hashes(desk.vault),
        today=desk.today,
        week=week_of(desk.today, charter.body.anchor_day),
    )
