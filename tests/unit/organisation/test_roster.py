import msgspec
import pytest

from silent_courier.organisation.roster import Roster, enrol, find_handler, revoke
from silent_courier.protocol.access import RequestBody
from silent_courier.protocol.errors import (
    DeviceKnownError,
    LabelTakenError,
    LastHandlerError,
    RosterFullError,
    UnknownHandlerError,
)

EMPTY = Roster(name="Sample", portal="127.0.0.1:1", desk="127.0.0.1:2")


def request(label: str, key: int) -> RequestBody:
    return RequestBody(
        label=label,
        signing_key=f"{key:064x}",
        tor_client_key=f"{key + 1000:064x}",
        token_hash=f"{key + 2000:064x}",
    )


def two() -> Roster:
    return enrol(enrol(EMPTY, request("Anna", 1)), request("Boris", 2))


def test_handlers_get_numbers_and_first_slots_in_order() -> None:
    roster = two()
    assert [h.handler for h in roster.handlers] == [0, 1]
    assert [m.device for m in roster.members] == [0, 4]


def test_the_same_request_twice_changes_nothing() -> None:
    roster = two()
    assert enrol(roster, request("Anna", 1)) == roster


@pytest.mark.parametrize(
    "label",
    ["Anna", "anna", " ANNA", "Ａnna", "An\u200bna", "Anna\u2065", "Anna\ufe0f", "Anna\u3164"],
)
def test_a_taken_label_with_another_key_is_refused(label: str) -> None:
    with pytest.raises(LabelTakenError):
        enrol(two(), request(label, 3))


def test_a_further_device_takes_the_next_slot_of_its_handler() -> None:
    roster = enrol(two(), request("Anna", 3), further_device=True)
    assert [m.device for m in roster.members] == [0, 1, 4]
    assert len(roster.handlers) == 2


def test_a_further_device_of_nobody_is_refused() -> None:
    with pytest.raises(UnknownHandlerError):
        enrol(two(), request("Carla", 3), further_device=True)


def test_a_fifth_device_finds_no_slot() -> None:
    roster = two()
    for key in (3, 4, 5):
        roster = enrol(roster, request("Anna", key), further_device=True)
    with pytest.raises(RosterFullError):
        enrol(roster, request("Anna", 6), further_device=True)


def test_a_key_cannot_be_enrolled_under_a_second_label() -> None:
    with pytest.raises(DeviceKnownError):
        enrol(two(), request("Carla", 1))


def test_a_key_cannot_come_with_another_token() -> None:
    changed = msgspec.structs.replace(request("Anna", 1), token_hash="0" * 64)
    with pytest.raises(DeviceKnownError):
        enrol(two(), changed)


def test_who_leaves_ends_the_generation_and_keeps_the_number() -> None:
    roster = revoke(two(), "anna", known=frozenset({0, 1}), generation=1)
    assert [h.left_generation for h in roster.handlers] == [2, None]
    assert roster.generation == 2
    assert [m.device for m in roster.current_members] == [4]
    assert [d.device for d in roster.devices] == [0, 4]


def test_who_leaves_can_be_named_by_number() -> None:
    assert find_handler(two(), "1").label == "Boris"


def test_a_key_that_left_does_not_come_back() -> None:
    roster = revoke(two(), "Anna", known=frozenset({0, 1}), generation=1)
    with pytest.raises(DeviceKnownError):
        enrol(roster, request("Anna", 1))


def test_who_comes_back_with_a_new_device_gets_a_new_number_under_a_new_label() -> None:
    roster = revoke(two(), "Anna", known=frozenset({0, 1}), generation=1)
    roster = enrol(roster, request("Anna II", 9))
    assert [h.handler for h in roster.handlers] == [0, 1, 2]
    assert find_handler(roster, "Anna II").handler == 2


def test_a_number_is_not_given_again_even_when_no_charter_named_it() -> None:
    roster = revoke(two(), "Boris", known=frozenset(), generation=1)
    assert [h.handler for h in roster.handlers] == [0]
    assert roster.generation == 1
    assert enrol(roster, request("Carla", 3)).handlers[-1].handler == 2


def test_the_last_handler_stays() -> None:
    roster = revoke(two(), "Anna", known=frozenset({0, 1}), generation=1)
    with pytest.raises(LastHandlerError):
        revoke(roster, "Boris", known=frozenset({0, 1}), generation=1)


def test_two_who_leave_before_the_next_charter_leave_together() -> None:
    roster = enrol(two(), request("Carla", 3))
    for who in ("Anna", "Boris"):
        roster = revoke(roster, who, known=frozenset({0, 1, 2}), generation=1)
    assert roster.generation == 2


@pytest.mark.parametrize("who", ["Nobody", "7", "", "-1"])
def test_a_stranger_cannot_be_revoked(who: str) -> None:
    with pytest.raises(UnknownHandlerError):
        revoke(two(), who, known=frozenset(), generation=1)


def test_there_are_at_most_sixty_four_handlers() -> None:
    roster = EMPTY
    for number in range(64):
        roster = enrol(roster, request(f"H{number}", number + 1))
    with pytest.raises(RosterFullError):
        enrol(roster, request("One more", 99))


def test_a_blank_more_is_no_other_label() -> None:
    roster = enrol(two(), request("Anna K", 3))

    with pytest.raises(LabelTakenError):
        enrol(roster, request("Anna\u2003 K", 4))


def test_the_label_of_one_who_left_is_not_given_again() -> None:
    """Their answers are still read under it."""
    gone = revoke(two(), "Anna", known=frozenset({0, 1}), generation=1)

    with pytest.raises(LabelTakenError):
        enrol(gone, request("anna", 3))
    with pytest.raises(UnknownHandlerError):
        enrol(gone, request("Anna", 3), further_device=True)
