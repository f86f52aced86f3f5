"""Statements: of one device, under one charter, of one kind; and their bytes."""

from dataclasses import replace

import pytest

from silent_courier.protocol.errors import MalformedKeyringError, StatementSignatureError
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.statements import (
    Closure,
    DayStatement,
    SignOfLife,
    Statement,
    Statements,
    encode_statements,
    parse_statements,
    sign_statement,
    verify_statement,
)
from tests.unit.protocol.makers import (
    TODAY,
    device_key,
    draw,
    flip,
    make_organisation,
    recipient,
)

ORG = make_organisation(2)
DAY_KEY = ORG.day_statements()[0]
ALIVE = ORG.signs_of_life()[0]
CLOSED = ORG.closure(0, TODAY, TODAY + 9)
EACH: list[Statement] = [DAY_KEY, ALIVE, CLOSED]
ALL = Statements(ORG.day_statements(), ORG.signs_of_life(), (CLOSED,))
KINDS = ["day key", "sign of life", "closure"]


@pytest.mark.parametrize("statement", EACH, ids=KINDS)
def test_statement_verifies_under_its_charter(statement: Statement) -> None:
    verify_statement(statement, ORG.charter)


@pytest.mark.parametrize("statement", EACH, ids=KINDS)
def test_statement_verifies_under_no_other_charter(statement: Statement) -> None:
    for other in (ORG.issue(), make_organisation(3)):
        with pytest.raises(StatementSignatureError):
            verify_statement(statement, other.charter)


@pytest.mark.parametrize("statement", EACH, ids=KINDS)
def test_statement_of_another_slot_is_refused(statement: Statement) -> None:
    for device in (1, 4, 255, 65_535):
        with pytest.raises(StatementSignatureError):
            verify_statement(replace(statement, device=device), ORG.charter)


@pytest.mark.parametrize("statement", EACH, ids=KINDS)
def test_statement_of_another_day_is_refused(statement: Statement) -> None:
    for day in (TODAY - 1, TODAY + 1):
        with pytest.raises(StatementSignatureError):
            verify_statement(replace(statement, day=day), ORG.charter)


@pytest.mark.parametrize("statement", EACH, ids=KINDS)
def test_unsigned_statement_is_refused(statement: Statement) -> None:
    with pytest.raises(StatementSignatureError):
        verify_statement(replace(statement, signature=b""), ORG.charter)


def test_closure_cannot_be_lengthened() -> None:
    with pytest.raises(StatementSignatureError):
        verify_statement(replace(CLOSED, until=TODAY + 10), ORG.charter)


def test_day_key_cannot_be_exchanged() -> None:
    forged = replace(DAY_KEY, recipient=recipient(1).public_key)

    with pytest.raises(StatementSignatureError):
        verify_statement(forged, ORG.charter)


def test_sign_of_life_is_no_closure() -> None:
    """The contents may be alike in bytes; the labels are not."""
    for day in (TODAY, 0):
        closure = Closure(0, day, 0, ALIVE.signature)
        with pytest.raises(StatementSignatureError):
            verify_statement(closure, ORG.charter)


def test_device_of_a_handler_who_left_states_nothing() -> None:
    after = ORG.without(1)
    late = sign_statement(SignOfLife(4, TODAY), after.charter, device_key(4))

    with pytest.raises(StatementSignatureError):
        verify_statement(late, after.charter)


def test_stranger_with_a_slot_of_ours_states_nothing() -> None:
    forged = sign_statement(SignOfLife(0, TODAY), ORG.charter, DeviceKey(0, draw("stranger")))

    with pytest.raises(StatementSignatureError):
        verify_statement(forged, ORG.charter)


@pytest.mark.parametrize(
    "key", [bytes(1216), b"\xff" * 1216, recipient(0).public_key[:1184] + bytes(32)]
)
def test_day_key_that_nobody_can_seal_to_is_refused(key: bytes) -> None:
    """Else one desk could stop every letter to everybody."""
    bad = ORG.sign(0, DayStatement(0, TODAY, key))

    with pytest.raises(MalformedKeyringError):
        verify_statement(bad, ORG.charter)


def test_statements_come_back() -> None:
    assert parse_statements(encode_statements(ALL)) == ALL
    assert parse_statements(bytes(6)) == Statements()


def test_lengths_of_statements_are_fixed() -> None:
    lengths = [
        len(encode_statements(Statements(day_statements=(DAY_KEY,)))),
        len(encode_statements(Statements(signs_of_life=(ALIVE,)))),
        len(encode_statements(Statements(closures=(CLOSED,)))),
    ]

    assert lengths == [6 + 1286, 6 + 70, 6 + 74]


def test_any_bit_flipped_in_a_statement_is_refused() -> None:
    for statement in EACH:
        content = statement.content + statement.signature
        for bit in range(0, 8 * len(content), 11):
            altered = flip(content, bit)
            forged = type(statement).from_content(0, altered[:-64], altered[-64:])
            with pytest.raises((StatementSignatureError, MalformedKeyringError)):
                verify_statement(forged, ORG.charter)


@pytest.mark.parametrize("length", [0, 1, 2, 4, 5, 100, 1000])
def test_cut_statements_are_refused(length: int) -> None:
    with pytest.raises(MalformedKeyringError):
        parse_statements(encode_statements(ALL)[:length])


@pytest.mark.parametrize("extra", [b"\0", bytes(70)])
def test_bytes_after_the_last_section_are_refused(extra: bytes) -> None:
    with pytest.raises(MalformedKeyringError):
        parse_statements(encode_statements(ALL) + extra)


def test_two_day_keys_of_one_device_for_one_day_are_refused() -> None:
    other = ORG.sign(0, DayStatement(0, TODAY, recipient(0, TODAY + 1).public_key))
    for double in (DAY_KEY, other):
        data = encode_statements(Statements((DAY_KEY, double)))
        with pytest.raises(MalformedKeyringError):
            parse_statements(data)


def test_day_keys_for_two_days_are_no_double() -> None:
    tomorrow = ORG.day_statements(TODAY + 1, [0])

    assert (
        len(parse_statements(encode_statements(Statements((DAY_KEY, *tomorrow)))).everything) == 2
    )
