"""Watching what is told to everybody, and our own day keys and clock. Spec §14.12.

Looks at what a sync has fetched and verified anyway, and only raises alarms.
"""

from typing import Final

from silent_courier.desk.alarms import AlarmKind, end_alarm, raise_alarm
from silent_courier.desk.desk import Desk
from silent_courier.desk.roster import Roster
from silent_courier.desk.statements import shows_another
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.sizes import DAY_KEYS_AHEAD_MAX
from silent_courier.storage.vault import day_keys, identity, letters, presence, stated_keys

DAYS_LOOKED_AT: Final = 14
ENDS_SOON_DAYS: Final = (60, 14)
"""From the first on the charter's end is an alarm, from the second on another."""


KEYS_END_SOON_DAYS: Final = 4
"""Statements reach 14 days ahead, so a desk that syncs never comes near."""


def watch_keyring(desk: Desk, roster: Roster, own_device: int) -> None:
    """Hold a verified keyring against those before it, and against our own day key."""
    day = roster.keyring.day
    with desk.vault.transaction():
        for statement in roster.keyring.day_statements:
            digest = sha256(statement.recipient)
            if stated_keys.differs(desk.vault, statement.device, statement.day, digest):
                label = roster.charter.label_of(statement.device)
                _raise(desk, AlarmKind.TWO_DAY_KEYS, day, str(statement.device), label)
        stated_keys.drop_before(desk.vault, day - DAY_KEYS_AHEAD_MAX)
    key = day_keys.of_day(desk.vault, day)
    if key is not None and shows_another(roster, own_device, key):
        _raise(desk, AlarmKind.FOREIGN_DAY_KEY, day)
    _watch_end(desk, roster)


def watch_own_place(desk: Desk, roster: Roster, own_device: int) -> None:
    """Whether the keyring has the day key that we stated; looked at after stating."""
    day = roster.keyring.day
    stated = day_keys.is_stated(desk.vault, day, roster.charter.hash)
    if stated and own_device not in roster.present:
        _raise(desk, AlarmKind.NOT_IN_KEYRING, day)


def watch_unopened(desk: Desk, roster: Roster, own_device: int) -> None:
    """Letters of days on which sources sealed to us, and which none of our keys opens."""
    first = roster.keyring.day - DAYS_LOOKED_AT
    for day, count in letters.unopened_by_day(desk.vault, first).items():
        # A letter may have been sealed the day before it came.
        if all(presence.lacks_up_to(desk.vault, d, own_device) == 0 for d in (day - 1, day)):
            _raise(desk, AlarmKind.NOT_OPENED, day, "", str(count))


def watch_day_keys(desk: Desk) -> None:
    """How long sources will still find a day key of ours; looked at whether a sync ended or not."""
    until = day_keys.stated_until(desk.vault)
    if until == 0 or until - desk.today >= KEYS_END_SOON_DAYS:
        end_alarm(desk, AlarmKind.DAY_KEYS_END)
    else:
        _raise(desk, AlarmKind.DAY_KEYS_END, until)


def watch_clock(desk: Desk, *, agrees: bool) -> None:
    """Whether our clock is the server's, by a keyring that has just come or was refused for it."""
    if agrees:
        end_alarm(desk, AlarmKind.CLOCK)
        return
    agreed, _ = identity.last_alive(desk.vault)
    _raise(desk, AlarmKind.CLOCK, agreed or desk.today)


def _watch_end(desk: Desk, roster: Roster) -> None:
    body = roster.charter.body
    left = body.expires - desk.today
    passed = [days for days in ENDS_SOON_DAYS if left <= days]
    if passed:
        _raise(desk, AlarmKind.CHARTER_ENDS, body.expires, str(body.serial), str(passed[-1]))


def _raise(desk: Desk, kind: AlarmKind, day: int, subject: str = "", *details: str) -> None:
    raise_alarm(desk, kind, day, subject, *details)
