"""What this desk states about itself: day keys two weeks ahead, and signs of life. Spec §9.1, §9.2.

The same key is stated again under each new charter; never a second key for one day. A sign of
life is given only when the letterbox was emptied. Days are the server's, which the keyring
named and our clock confirmed to within one.
"""

from collections.abc import Sequence
from typing import Final

from silent_courier.desk.desk import Desk
from silent_courier.desk.remote import DeskServer
from silent_courier.desk.report import Tally, Trouble
from silent_courier.desk.roster import Roster
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import DAY_KEYS_AHEAD_MAX
from silent_courier.protocol.statements import (
    DayStatement,
    SignOfLife,
    Statements,
    encode_statements,
    sign_statement,
)
from silent_courier.storage.vault import day_keys, identity
from silent_courier.storage.vault.day_keys import DayKey

PATH: Final = "/v1/statements"
_TAKEN: Final = 204
_CONFLICT: Final = 409


async def state_day_keys(
    desk: Desk, server: DeskServer, roster: Roster, key: DeviceKey, tally: Tally
) -> None:
    """State every day key up to two weeks ahead. Keys are kept before they are stated."""
    charter = roster.charter
    days = range(roster.keyring.day, roster.keyring.day + DAY_KEYS_AHEAD_MAX + 1)
    day_keys.make_missing(desk.vault, days, desk.random)
    unstated = day_keys.unstated(desk.vault, charter.hash, days)
    if not unstated:
        return
    status = await _post(server, [_state(day_key, charter, key) for day_key in unstated])
    if status == _TAKEN:
        day_keys.mark_stated(desk.vault, [day_key.day for day_key in unstated], charter.hash)
        return
    # One by one, so that a day with another key of ours (of an older vault) stops no other.
    for day_key in unstated:
        status = await _post(server, [_state(day_key, charter, key)])
        if status == _TAKEN:
            day_keys.mark_stated(desk.vault, [day_key.day], charter.hash)
        elif status == _CONFLICT:
            tally.trouble(Trouble.DAY_KEY_REFUSED)
            # Its word alone is not enough: it could keep us out of every keyring for ever.
            if shows_another(roster, key.device, day_key):
                day_keys.mark_refused(desk.vault, day_key.day, charter.hash)
        else:
            tally.trouble(Trouble.STATEMENT_REFUSED)


def shows_another(roster: Roster, device: int, day_key: DayKey) -> bool:
    """Whether the keyring has a statement of ours for this day with another key."""
    recipient = day_key.identity.recipient().public_key
    return any(
        (statement.device, statement.day) == (device, day_key.day)
        and statement.recipient != recipient
        for statement in roster.keyring.day_statements
    )


async def sign_life(
    desk: Desk, server: DeskServer, roster: Roster, key: DeviceKey, tally: Tally
) -> None:
    """Say that the letterbox was emptied today, once a day and charter."""
    day, charter = roster.keyring.day, roster.charter
    if identity.last_alive(desk.vault) == (day, charter.hash):
        return
    identity.begin_alive(desk.vault, day)
    sign = sign_statement(SignOfLife(key.device, day), charter, key)
    status = await server.post(PATH, encode_statements(Statements(signs_of_life=(sign,))))
    if status == _TAKEN:
        identity.set_last_alive(desk.vault, day, charter.hash)
    else:
        tally.trouble(Trouble.STATEMENT_REFUSED)


def _state(day_key: DayKey, charter: Charter, key: DeviceKey) -> DayStatement:
    recipient = day_key.identity.recipient().public_key
    return sign_statement(DayStatement(key.device, day_key.day, recipient), charter, key)


async def _post(server: DeskServer, statements: Sequence[DayStatement]) -> int:
    return await server.post(PATH, encode_statements(Statements(tuple(statements))))
