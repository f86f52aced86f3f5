from silent_courier.desk.pins import matches, pin_of
from silent_courier.protocol.thread import ThreadKey
from tests.unit.protocol.makers import thread_key


def test_the_same_key_matches_whichever_is_older() -> None:
    assert matches(thread_key(3), thread_key(9))
    assert matches(thread_key(9), thread_key(3))
    assert matches(thread_key(9), thread_key(9))


def test_another_key_never_matches() -> None:
    other = ThreadKey(b"x" * 32, 1, 9)

    assert not matches(thread_key(9), other)
    assert not matches(thread_key(3), other)
    assert not matches(other, thread_key(3))


def test_a_key_of_another_week_does_not_match_as_it_stands() -> None:
    early = thread_key(3)

    assert not matches(thread_key(9), ThreadKey(early.key, 1, 9))


def test_a_pin_is_of_this_week_or_of_the_letter_s_own_if_later() -> None:
    assert pin_of(thread_key(3), 9) == thread_key(9)
    assert pin_of(thread_key(10), 9) == thread_key(10)
