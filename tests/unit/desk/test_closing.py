import pytest

from silent_courier.desk import Desk, close_until, closed_until, open_again, sync
from silent_courier.desk.closing import state_closure
from silent_courier.desk.remote import DeskServer
from silent_courier.desk.report import Tally, Trouble
from silent_courier.desk.roster import make_roster
from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.statements import Closure, parse_statements, verify_statement
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import SmallServer, status, token
from tests.unit.protocol.makers import TODAY, Organisation, device_key

PATH = "/v1/statements"


def stated(server: SmallServer) -> list[Closure]:
    return [c for body in server.posted(PATH) for c in parse_statements(body).closures]


async def test_a_desk_says_until_when_it_is_closed_once(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    close_until(desk, TODAY + 7)
    for _ in range(2):
        await sync(desk, transport)

    (closure,) = stated(server)
    verify_statement(closure, org.charter)
    assert (closure.device, closure.day, closure.until) == (0, TODAY, TODAY + 7)
    assert closed_until(desk) == TODAY + 7


async def test_it_can_be_taken_back(desk: Desk, server: SmallServer, transport: Transport) -> None:
    close_until(desk, TODAY + 7)
    await sync(desk, transport)
    open_again(desk)
    await sync(desk, transport)

    assert [(c.day, c.until) for c in stated(server)] == [(TODAY, TODAY + 7), (TODAY, TODAY - 1)]
    assert closed_until(desk) is None


async def test_under_a_new_charter_it_is_stated_again(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    close_until(desk, TODAY)
    await sync(desk, transport)
    server.org = org.issue()
    server.statements.clear()
    server.signs.clear()
    await sync(desk, transport)

    first, second = stated(server)
    verify_statement(first, org.charter)
    verify_statement(second, server.org.charter)


async def test_what_the_server_refuses_is_stated_next_time(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    close_until(desk, TODAY)
    data = org.keyring()
    roster = make_roster(verify_keyring_statements(data, org.org_id, TODAY), data, 0)
    remote, tally = DeskServer(transport, token(0)), Tally()
    server.overrides[PATH] = status(503)
    await state_closure(desk, remote, roster, device_key(0), tally)
    assert tally.report(waiting=0, expires_in_days=0).troubles == (Trouble.STATEMENT_REFUSED,)
    server.overrides.clear()
    await state_closure(desk, remote, roster, device_key(0), tally)

    assert len(stated(server)) == 2


def test_nobody_closes_until_a_day_that_is_over(desk: Desk) -> None:
    with pytest.raises(ValueError, match="today or later"):
        close_until(desk, TODAY - 1)
