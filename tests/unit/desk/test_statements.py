import pytest

from silent_courier.desk import Desk
from silent_courier.desk.remote import DeskServer
from silent_courier.desk.report import Tally, Trouble
from silent_courier.desk.roster import Roster, make_roster
from silent_courier.desk.statements import sign_life, state_day_keys
from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.sizes import DAY_KEYS_AHEAD_MAX
from silent_courier.protocol.statements import DayStatement, parse_statements, verify_statement
from silent_courier.storage.vault import day_keys
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import SmallServer, status, token
from tests.unit.protocol.makers import TODAY, Organisation, device_key, recipient

PATH = "/v1/statements"
AHEAD = DAY_KEYS_AHEAD_MAX + 1


@pytest.fixture
def remote(transport: Transport) -> DeskServer:
    return DeskServer(transport, token(0))


@pytest.fixture
def tally() -> Tally:
    return Tally()


def roster(org: Organisation, day: int = TODAY) -> Roster:
    data = org.keyring(day)
    return make_roster(verify_keyring_statements(data, org.org_id, day), data, 0)


def troubles(tally: Tally) -> tuple[str, ...]:
    return tally.report(waiting=0, expires_in_days=0).troubles


async def test_two_weeks_of_day_keys_are_stated_once(
    desk: Desk, org: Organisation, server: SmallServer, remote: DeskServer, tally: Tally
) -> None:
    for _ in range(2):
        await state_day_keys(desk, remote, roster(org), device_key(0), tally)

    (batch,) = server.posted(PATH)
    statements = parse_statements(batch).day_statements
    assert [s.day for s in statements] == list(range(TODAY, TODAY + AHEAD))
    assert statements[3].recipient == recipient(0, TODAY + 3).public_key
    for statement in statements:
        verify_statement(statement, org.charter)


async def test_the_next_day_adds_one_day_key(
    desk: Desk, org: Organisation, server: SmallServer, remote: DeskServer, tally: Tally
) -> None:
    await state_day_keys(desk, remote, roster(org), device_key(0), tally)
    await state_day_keys(desk, remote, roster(org, TODAY + 1), device_key(0), tally)

    second = parse_statements(server.posted(PATH)[1]).day_statements
    assert [s.day for s in second] == [TODAY + AHEAD]


async def test_under_a_new_charter_the_same_keys_are_stated_again(
    desk: Desk, org: Organisation, server: SmallServer, remote: DeskServer, tally: Tally
) -> None:
    await state_day_keys(desk, remote, roster(org), device_key(0), tally)
    newer = org.issue()
    await state_day_keys(desk, remote, roster(newer), device_key(0), tally)

    first, second = (parse_statements(batch).day_statements for batch in server.posted(PATH))
    assert [s.recipient for s in first] == [s.recipient for s in second]
    for statement in second:
        verify_statement(statement, newer.charter)
    assert troubles(tally) == ()


async def test_keys_are_kept_before_they_are_stated(
    desk: Desk, org: Organisation, server: SmallServer, remote: DeskServer, tally: Tally
) -> None:
    desk.vault.run("DELETE FROM day_key")
    server.overrides[PATH] = status(500)
    await state_day_keys(desk, remote, roster(org), device_key(0), tally)
    del server.overrides[PATH]
    await state_day_keys(desk, remote, roster(org), device_key(0), tally)

    stated = {s.day: s.recipient for s in server.statements.values()}
    kept = {k.day: k.identity.recipient().public_key for k in day_keys.living(desk.vault)}
    assert stated == kept


async def test_a_day_with_another_key_of_ours_stops_no_other(
    desk: Desk, org: Organisation, server: SmallServer, remote: DeskServer, tally: Tally
) -> None:
    other = org.sign(0, DayStatement(0, TODAY, recipient(4).public_key))
    server.statements[0, TODAY] = other
    data = org.keyring(day_statements=(other,))
    shown = make_roster(verify_keyring_statements(data, org.org_id, TODAY), data, 0)
    await state_day_keys(desk, remote, shown, device_key(0), tally)
    assert len(server.statements) == AHEAD
    assert server.statements[0, TODAY].recipient == recipient(4).public_key
    assert troubles(tally) == (Trouble.DAY_KEY_REFUSED.value,)

    posted = len(server.posted(PATH))
    await state_day_keys(desk, remote, shown, device_key(0), tally)
    assert len(server.posted(PATH)) == posted


async def test_one_dishonest_minute_keeps_no_day_key_from_being_stated_later(
    desk: Desk, org: Organisation, server: SmallServer, remote: DeskServer, tally: Tally
) -> None:
    server.overrides[PATH] = status(409)
    await state_day_keys(desk, remote, roster(org), device_key(0), tally)
    assert troubles(tally) == (Trouble.DAY_KEY_REFUSED.value,)
    server.overrides.clear()
    await state_day_keys(desk, remote, roster(org), device_key(0), tally)

    assert sorted(day for _, day in server.statements) == list(range(TODAY, TODAY + AHEAD))


async def test_a_sign_of_life_is_given_once_a_day_and_charter(
    desk: Desk, org: Organisation, server: SmallServer, remote: DeskServer, tally: Tally
) -> None:
    for when in (roster(org), roster(org), roster(org.issue()), roster(org, TODAY + 1)):
        await sign_life(desk, remote, when, device_key(0), tally)

    signs = [parse_statements(batch).signs_of_life for batch in server.posted(PATH)]
    assert [sign.day for (sign,) in signs] == [TODAY, TODAY, TODAY + 1]
    verify_statement(signs[0][0], org.charter)


async def test_a_refused_sign_of_life_is_given_again_later(
    desk: Desk, org: Organisation, server: SmallServer, remote: DeskServer, tally: Tally
) -> None:
    server.overrides[PATH] = status(400)
    await sign_life(desk, remote, roster(org), device_key(0), tally)
    assert troubles(tally) == (Trouble.STATEMENT_REFUSED.value,)
    del server.overrides[PATH]
    await sign_life(desk, remote, roster(org), device_key(0), tally)

    assert 0 in server.signs
