import dataclasses

import pytest

from silent_courier.desk import Desk, list_alarms, sync
from silent_courier.desk.alarms import AlarmKind, dismiss
from silent_courier.desk.roster import Roster, make_roster
from silent_courier.desk.watching import watch_keyring
from silent_courier.protocol.errors import CharterConflictError, ClockError, TorError
from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.statements import DayStatement
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import Clock, SmallServer, hang_up, seal
from tests.unit.protocol.makers import (
    ANCHOR_DAY,
    TODAY,
    Organisation,
    letter_payload,
    recipient,
)


def kinds(desk: Desk) -> list[str]:
    return [row.kind for row in list_alarms(desk)]


def roster(org: Organisation, *other: int) -> Roster:
    """A keyring in which these devices state another key than they do."""
    statements = tuple(
        org.sign(d, DayStatement(d, TODAY, recipient(d, TODAY + (d in other)).public_key))
        for d in org.devices
    )
    data = org.keyring(day_statements=statements)
    return make_roster(verify_keyring_statements(data, org.org_id, TODAY), data, 0)


def test_keyrings_that_say_the_same_raise_nothing(desk: Desk, org: Organisation) -> None:
    for _ in range(2):
        watch_keyring(desk, roster(org), 0)

    assert kinds(desk) == []


def test_two_day_keys_of_one_device_for_one_day_alarm(desk: Desk, org: Organisation) -> None:
    watch_keyring(desk, roster(org), 0)
    watch_keyring(desk, roster(org, 4), 0)

    (row,) = list_alarms(desk)
    assert (row.kind, row.date, row.details) == ("two-day-keys", "2026-11-23", ("Handler 1",))


def test_a_day_key_in_our_name_that_is_not_ours_alarms(desk: Desk, org: Organisation) -> None:
    watch_keyring(desk, roster(org, 0), 0)

    assert kinds(desk) == [AlarmKind.FOREIGN_DAY_KEY]


async def test_a_keyring_without_us_alarms(
    desk: Desk, server: SmallServer, transport: Transport
) -> None:
    await sync(desk, transport)
    assert kinds(desk) == []
    server.statements.clear()
    await sync(desk, transport)

    assert kinds(desk) == [AlarmKind.NOT_IN_KEYRING]


@pytest.mark.parametrize(("left", "told"), [(61, []), (60, ["60"]), (14, ["14"]), (0, ["14"])])
def test_the_charter_s_end_is_told_in_time(
    desk: Desk, org: Organisation, left: int, told: list[str]
) -> None:
    ending = org.issue(issued=ANCHOR_DAY, expires=TODAY + left)
    watch_keyring(desk, roster(ending), 0)

    assert [detail for row in list_alarms(desk) for detail in row.details] == told


def test_who_has_seen_to_the_first_warning_is_warned_again(desk: Desk, org: Organisation) -> None:
    watch_keyring(desk, roster(org.issue(expires=TODAY + 60)), 0)
    assert dismiss(desk, list_alarms(desk)[0].id)
    assert list_alarms(desk) == ()
    watch_keyring(desk, roster(org.issue(expires=TODAY + 14)), 0)

    assert kinds(desk) == [AlarmKind.CHARTER_ENDS] * len(kinds(desk)) != []


@pytest.mark.parametrize(("late", "told"), [(3, []), (10, ["not-opened"])])
async def test_a_letter_that_is_held_back_for_ten_days_alarms_and_for_three_opens(
    desk: Desk,
    server: SmallServer,
    transport: Transport,
    late: int,
    told: list[str],
) -> None:
    held_back = seal(server.org, letter_payload(server.org))
    for _ in range(late):
        await sync(desk, transport)
        server.clock.turn(1)
    server.put(held_back)
    report = await sync(desk, transport)
    await sync(desk, transport)

    assert (report.letters, report.not_opened) == ((0, 1) if told else (1, 0))
    assert kinds(desk) == told


async def test_a_letter_of_before_we_came_is_no_alarm(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.put(seal(org, letter_payload(org), devices=[4]))
    for _ in range(2):
        await sync(desk, transport)

    assert kinds(desk) == []


async def test_a_charter_that_contradicts_ours_is_refused_and_alarms(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    server.org = org.issue()
    await sync(desk, transport)
    server.org = org.issue(name="Another")
    server.statements.clear()
    server.signs.clear()
    with pytest.raises(CharterConflictError):
        await sync(desk, transport)

    assert kinds(desk) == [AlarmKind.CHARTER_CONFLICT]


async def test_day_keys_that_run_out_alarm_until_a_sync_ends(
    desk: Desk, server: SmallServer, clock: Clock, transport: Transport
) -> None:
    await sync(desk, transport)
    server.overrides["/v1/keyring"] = hang_up
    for days, told in ((10, []), (1, [AlarmKind.DAY_KEYS_END])):
        clock.turn(days)
        with pytest.raises(TorError):
            await sync(desk, transport)
        assert kinds(desk) == told
    del server.overrides["/v1/keyring"]
    server.state_for([4], [clock.day])
    await sync(desk, transport)

    assert AlarmKind.DAY_KEYS_END not in kinds(desk)


async def test_a_clock_that_is_not_the_server_s_alarms_once_until_they_agree(
    desk: Desk, transport: Transport
) -> None:
    await sync(desk, transport)
    own = Clock()
    wrong = dataclasses.replace(desk, clock=own)
    for days in (5, 6, -30):
        own.turn(days)
        with pytest.raises(ClockError):
            await sync(wrong, transport)
    (row,) = [row for row in list_alarms(desk) if row.kind == AlarmKind.CLOCK]
    assert row.date == "2026-11-23"
    await sync(desk, transport)

    assert AlarmKind.CLOCK not in kinds(desk)
