import os

import pytest

from silent_courier.desk.app.sessions import Sessions
from silent_courier.desk.app.standing import Standing, parse_standing
from silent_courier.protocol.errors import RequestRefusedError


def test_a_start_token_is_good_for_one_session() -> None:
    sessions = Sessions(os.urandom, Standing())
    start = sessions.new_start()
    session = sessions.begin(start)
    assert sessions.allows(session)
    with pytest.raises(RequestRefusedError):
        sessions.begin(start)
    assert sessions.allows(session)


@pytest.mark.parametrize("token", ["", "0" * 64, "ü" * 64])
def test_a_guess_begins_nothing_and_uses_nothing_up(token: str) -> None:
    sessions = Sessions(os.urandom, Standing())
    assert not sessions.allows(token)
    start = sessions.new_start()
    with pytest.raises(RequestRefusedError):
        sessions.begin(token)
    assert sessions.allows(sessions.begin(start))


def test_a_new_address_ends_the_one_before_and_a_new_session_too() -> None:
    sessions = Sessions(os.urandom, Standing())
    first, second = sessions.new_start(), sessions.new_start()
    with pytest.raises(RequestRefusedError):
        sessions.begin(first)
    old = sessions.begin(second)
    new = sessions.begin(sessions.new_start())
    assert not sessions.allows(old)
    assert sessions.allows(new)


def test_the_next_process_knows_the_session_of_the_one_before() -> None:
    before = Standing()
    session = (sessions := Sessions(os.urandom, before)).begin(sessions.new_start())
    after = parse_standing(before.encode())
    assert Sessions(os.urandom, after).allows(session)
