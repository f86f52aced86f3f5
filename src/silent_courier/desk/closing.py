"""*Closed until …*: telling sources that nobody reads here for a while. Spec §9.3, §14.13.

News for people alone: it refuses nothing, and day keys are stated as ever.
"""

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.desk import Desk
from silent_courier.desk.remote import DeskServer
from silent_courier.desk.report import Tally, Trouble
from silent_courier.desk.roster import Roster
from silent_courier.desk.statements import PATH
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.statements import (
    Closure,
    Statements,
    encode_statements,
    sign_statement,
)
from silent_courier.storage.vault import closures
from silent_courier.storage.vault.closures import Absence

_TAKEN = 204


def close_until(desk: Desk, until: int) -> None:
    """From today to the end of this day nobody is here; stated by the next sync.

    Raises:
        ValueError: the day is over.
    """
    if until < desk.today:
        raise ValueError("a desk closes until today or later")
    closures.keep(desk.vault, Absence(desk.today, until))
    record(desk, Act.AWAY, detail="until")


def open_again(desk: Desk) -> None:
    """Take it back; stated by the next sync."""
    closures.keep(desk.vault, Absence(desk.today, desk.today - 1))
    record(desk, Act.AWAY, detail="back")


def closed_until(desk: Desk) -> int | None:
    """The last day of the absence that stands today, if any."""
    absence = closures.current(desk.vault)
    if absence is None or not absence.day <= desk.today <= absence.until:
        return None
    return absence.until


async def state_closure(
    desk: Desk, server: DeskServer, roster: Roster, key: DeviceKey, tally: Tally
) -> None:
    """State it, once under each charter."""
    charter = roster.charter
    absence = closures.unstated(desk.vault, charter.hash)
    if absence is None:
        return
    closure = sign_statement(Closure(key.device, absence.day, absence.until), charter, key)
    status = await server.post(PATH, encode_statements(Statements(closures=(closure,))))
    if status == _TAKEN:
        closures.mark_stated(desk.vault, absence, charter.hash)
    else:
        tally.trouble(Trouble.STATEMENT_REFUSED)
