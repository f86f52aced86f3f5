import os

import pytest

from silent_courier.desk.app.sessions import Sessions
from silent_courier.protocol.errors import RequestRefusedError


def test_a_start_token_is_good_for_one_session() -> None:
    sessions = Sessions(os.urandom)
    start = sessions.new_start()
    session = sessions.begin(start)
    assert sessions.allows(session)
    with pytest.raises(RequestRefusedError):
        sessions.begin(start)
    assert sessions.allows(session)


@pytest.mark.parametrize("token", ["", "0" * 64, "ü" * 64])
def test_a_guess_begins_nothing_and_uses_nothing_up(token: str) -> None:
    sessions = Sessions(os.urandom)
    assert not sessions.allows(token)
    start = sessions.new_start()
    with pytest.raises(RequestRefusedError):
        sessions.begin(token)
    assert sessions.allows(sessions.begin(start))


def test_a_new_address_ends_the_one_before_and_a_new_session_too() -> None:
    sessions = Sessions(os.urandom)
    first, second = sessions.new_start(), sessions.new_start()
    with pytest.raises(RequestRefusedError):
        sessions.begin(first)
    old = sessions.begin(second)
    new = sessions.begin(sessions.new_start())
    assert not sessions.allows(old)
    assert sessions.allows(new)
