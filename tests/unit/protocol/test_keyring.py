"""Every step of the keyring's verification, taken from what is true and seen refused."""

from dataclasses import replace
from typing import Any

import pytest

from silent_courier.protocol.errors import (
    CharterExpiredError,
    CharterSerialError,
    CharterSignatureError,
    ClockError,
    MalformedCharterError,
    MalformedKeyringError,
    NotEmptiedError,
    ProtocolError,
    StatementSignatureError,
    TooFewDayKeysError,
    WrongOrganisationError,
)
from silent_courier.protocol.keyring import (
    Keyring,
    VerifiedKeyring,
    choose_day_statements,
    encode_keyring,
    parse_keyring,
    verify_keyring,
    verify_keyring_statements,
)
from silent_courier.protocol.sizes import KEYRING_LEN_MAX
from silent_courier.protocol.statements import DayStatement, SignOfLife, Statements, sign_statement
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    device_key,
    draw,
    flip,
    make_organisation,
    recipient,
    root_key,
)

ORG = make_organisation(3)


def verify(data: bytes, org: Organisation = ORG, today: int = TODAY) -> VerifiedKeyring:
    return verify_keyring(data, org.org_id, today)


def refuse(data: bytes, kind: type[ProtocolError], today: int = TODAY) -> None:
    with pytest.raises(kind):
        verify(data, today=today)


def test_keyring_in_order_is_believed() -> None:
    keyring = verify(ORG.keyring())

    assert (keyring.charter, keyring.day) == (ORG.charter, TODAY)
    assert [s.device for s in keyring.day_statements] == [0, 4, 8]
    assert keyring.missing == ()
    assert keyring.last_sign_of_life == {0: TODAY, 1: TODAY, 2: TODAY}


# --- Step 1: its form ------------------------------------------------------------------


def test_keyring_comes_back() -> None:
    parsed = parse_keyring(ORG.keyring())

    assert encode_keyring(parsed) == ORG.keyring(charters=parsed.charters)
    assert (parsed.day, parsed.charters) == (TODAY, ORG.files)


@pytest.mark.parametrize("length", [0, 5, 9, 10, 13, 14, 1000, -1, -65])
def test_cut_keyring_is_refused(length: int) -> None:
    refuse(ORG.keyring()[:length], MalformedKeyringError)


def test_longer_keyring_is_refused() -> None:
    refuse(ORG.keyring() + b"\0", MalformedKeyringError)


def test_other_magic_is_refused() -> None:
    refuse(b"X" + ORG.keyring()[1:], MalformedKeyringError)


def test_keyring_beyond_the_bound_is_refused_unread() -> None:
    refuse(ORG.keyring().ljust(KEYRING_LEN_MAX + 1, b"\0"), MalformedKeyringError)


def test_bit_flipped_anywhere_is_refused() -> None:
    data = ORG.keyring()
    for bit in range(0, 8 * len(data), 8 * 37 + 3):
        refuse(flip(data, bit), ProtocolError)


# --- Step 2: the clock -----------------------------------------------------------------


@pytest.mark.parametrize("ahead", [-1, 0, 1])
def test_clocks_may_differ_by_a_day(ahead: int) -> None:
    assert verify(ORG.keyring(), today=TODAY + ahead).day == TODAY


@pytest.mark.parametrize("ahead", [-365, -2, 2, 365])
def test_clocks_may_not_differ_by_two(ahead: int) -> None:
    refuse(ORG.keyring(), ClockError, TODAY + ahead)


# --- Step 3: the chain -----------------------------------------------------------------


def test_keyring_without_charters_is_refused() -> None:
    refuse(ORG.keyring(charters=()), MalformedCharterError)


def test_keyring_of_another_organisation_is_refused() -> None:
    refuse(make_organisation(4).keyring(), WrongOrganisationError)


def test_keyring_whose_charter_nobody_signed_is_refused() -> None:
    forged = ORG.next_file(signers=[root_key("stranger")])

    refuse(ORG.keyring(charters=(*ORG.files, forged)), CharterSignatureError)


def test_keyring_with_a_serial_that_goes_back_is_refused() -> None:
    third = ORG.issue(serial=3)

    refuse(third.keyring(charters=(*third.files, ORG.next_file())), CharterSerialError)


def test_keyring_after_a_root_change_is_believed() -> None:
    changed = ORG.issue(roots=[root_key("second")])

    assert verify(changed.keyring()).charter.body.serial == 2


# --- Step 4: the dates -----------------------------------------------------------------


def test_keyring_under_an_expired_charter_is_refused() -> None:
    last = ORG.charter.body.expires

    assert verify(ORG.keyring(last), today=last)
    refuse(ORG.keyring(last + 1), CharterExpiredError, last + 1)


def test_own_clock_decides_whether_a_charter_has_expired() -> None:
    last = ORG.charter.body.expires

    refuse(ORG.keyring(last), CharterExpiredError, last + 1)


# --- Step 5: the statements ------------------------------------------------------------


@pytest.mark.parametrize("section", ["day_statements", "signs_of_life", "closures"])
def test_one_statement_that_is_not_signed_refuses_all(section: str) -> None:
    statements = Statements(
        ORG.day_statements(), ORG.signs_of_life(), (ORG.closure(0, TODAY, TODAY),)
    )
    *others, last = getattr(statements, section)
    spoiled = (*others, replace(last, signature=flip(last.signature, 7)))

    changes: dict[str, Any] = {section: spoiled}
    refuse(ORG.keyring(**changes), StatementSignatureError)


def test_statements_under_the_charter_before_are_refused() -> None:
    after = ORG.issue()

    refuse(after.keyring(day_statements=ORG.day_statements()), StatementSignatureError)
    refuse(after.keyring(signs_of_life=ORG.signs_of_life()), StatementSignatureError)


def test_server_cannot_put_in_a_day_key_of_its_own() -> None:
    own = replace(ORG.day_statements()[0], recipient=recipient(99).public_key)

    refuse(ORG.keyring(day_statements=(own,)), StatementSignatureError)


def test_handler_who_left_cannot_put_in_a_day_key() -> None:
    after = ORG.without(1)
    key = DayStatement(4, TODAY, recipient(4).public_key)
    late = sign_statement(key, after.charter, device_key(4))

    refuse(after.keyring(day_statements=(*after.day_statements(), late)), StatementSignatureError)


def test_day_key_that_nobody_can_seal_to_refuses_all() -> None:
    bad = ORG.sign(0, DayStatement(0, TODAY, bytes(1216)))

    refuse(ORG.keyring(day_statements=(bad,)), MalformedKeyringError)


# --- Step 6: enough handlers -----------------------------------------------------------


def test_missing_handler_above_the_minimum_is_named() -> None:
    keyring = verify(ORG.keyring(day_statements=ORG.day_statements(devices=[0, 8])))

    assert [handler.label for handler in keyring.missing] == ["Handler 1"]


def test_fewer_handlers_than_the_minimum_are_refused_by_name() -> None:
    data = ORG.keyring(day_statements=ORG.day_statements(devices=[4]))

    with pytest.raises(TooFewDayKeysError) as refusal:
        verify(data)

    assert refusal.value.missing == ("Handler 0", "Handler 2")


def test_handlers_whom_no_stanza_is_left_for_do_not_make_up_the_minimum() -> None:
    org = make_organisation(3, letter_slots=1)

    with pytest.raises(TooFewDayKeysError) as refusal:
        verify(org.keyring(), org)

    assert refusal.value.missing == ("Handler 1", "Handler 2")


@pytest.mark.parametrize("day", [TODAY - 1, TODAY + 1])
def test_day_keys_of_another_day_do_not_count(day: int) -> None:
    statements = (*ORG.day_statements(devices=[0]), *ORG.day_statements(day, [4, 8]))

    refuse(ORG.keyring(day_statements=statements), TooFewDayKeysError)


def test_two_devices_of_one_handler_are_one_handler() -> None:
    org = make_organisation(3, devices_each=4)
    data = org.keyring(day_statements=org.day_statements(devices=[0, 1, 2, 3]))

    with pytest.raises(TooFewDayKeysError):
        verify(data, org)


def test_who_left_is_not_missing() -> None:
    after = ORG.without(1)

    assert verify(after.keyring()).missing == ()


# --- Step 7: emptied -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "fresh"), [(-2, False), (-1, True), (0, True), (7, True), (8, False)]
)
def test_sign_of_life_is_fresh_for_as_long_as_the_charter_says(age: int, fresh: bool) -> None:
    data = ORG.keyring(signs_of_life=ORG.signs_of_life(TODAY - age))
    if fresh:
        assert verify(data)
    else:
        refuse(data, NotEmptiedError)


def test_one_sign_of_life_of_three_handlers_is_not_enough() -> None:
    refuse(ORG.keyring(signs_of_life=ORG.signs_of_life(devices=[0])), NotEmptiedError)
    assert verify(ORG.keyring(signs_of_life=ORG.signs_of_life(devices=[0, 8])))


def test_two_devices_of_one_handler_are_one_sign_of_life() -> None:
    org = make_organisation(2, devices_each=2)
    data = org.keyring(signs_of_life=org.signs_of_life(devices=[0, 1]))

    with pytest.raises(NotEmptiedError):
        verify(data, org)


def test_one_is_enough_where_there_is_one_handler() -> None:
    org = make_organisation(1)

    assert verify(org.keyring(), org)
    with pytest.raises(NotEmptiedError):
        verify(org.keyring(signs_of_life=()), org)


def test_device_whose_clock_ran_ahead_hides_no_other() -> None:
    org = make_organisation(1, devices_each=2)
    future = org.sign(1, SignOfLife(1, TODAY + 1000))
    data = org.keyring(signs_of_life=(*org.signs_of_life(devices=[0]), future))

    assert verify(data, org).last_sign_of_life == {0: TODAY}


# --- What may be relied on ---------------------------------------------------------------


def test_reading_needs_steps_1_to_5_alone() -> None:
    """An answer can be read where no letter may be sealed."""
    data = ORG.keyring(day_statements=(), signs_of_life=())

    keyring = verify_keyring_statements(data, ORG.org_id, TODAY)

    assert len(keyring.missing) == 3
    refuse(data, TooFewDayKeysError)
    with pytest.raises(WrongOrganisationError):
        verify_keyring_statements(data, draw("other"), TODAY)


@pytest.mark.parametrize(
    ("day", "until", "stands"),
    [(0, 0, True), (-5, 5, True), (-5, -1, False), (1, 5, False), (0, -1, False)],
)
def test_closure_stands_from_its_day_to_its_last(day: int, until: int, stands: bool) -> None:
    closure = ORG.closure(4, TODAY + day, TODAY + until)

    assert verify(ORG.keyring(closures=(closure,))).closures == ((closure,) if stands else ())


@pytest.mark.parametrize(
    ("last", "stands"), [(395, True), (396, False), (2**32 - 1 - TODAY, False)]
)
def test_closure_without_a_sensible_end_is_no_news_and_refuses_nothing(
    last: int, stands: bool
) -> None:
    closure = ORG.closure(4, TODAY - 5, TODAY + last)

    assert verify(ORG.keyring(closures=(closure,))).closures == ((closure,) if stands else ())


def test_letter_goes_to_every_handler_before_anyones_second_device() -> None:
    org = make_organisation(3, devices_each=2, letter_slots=4)

    chosen = choose_day_statements(verify(org.keyring(), org))

    assert [s.device for s in chosen] == [0, 4, 8, 1]


def test_first_device_present_counts_as_the_first() -> None:
    org = make_organisation(3, devices_each=3, letter_slots=4)
    present = org.day_statements(devices=[2, 5, 4, 8])

    chosen = choose_day_statements(verify(org.keyring(day_statements=present), org))

    assert [s.device for s in chosen] == [2, 4, 8, 5]


def test_order_of_statements_does_not_change_the_choice() -> None:
    keyring = verify(ORG.keyring())
    turned = replace(keyring, day_statements=keyring.day_statements[::-1])

    assert choose_day_statements(turned) == choose_day_statements(keyring)


def test_largest_organisation_has_a_keyring_within_the_bound() -> None:
    statements = Statements(
        tuple(DayStatement(d, TODAY, bytes(1216), bytes(64)) for d in range(256)),
        tuple(SignOfLife(d, TODAY, bytes(64)) for d in range(256)),
    )
    data = encode_keyring(Keyring(TODAY, (bytes(60_000),) * 20, statements))

    assert parse_keyring(data).statements == statements
