"""The keyring verifies as a source verifies it, and what would spoil it is refused."""

from dataclasses import replace

import pytest

from silent_courier.protocol.errors import (
    MalformedKeyringError,
    RequestRefusedError,
    StatementSignatureError,
)
from silent_courier.protocol.keyring import verify_keyring
from silent_courier.protocol.sizes import RECIPIENT_LEN
from silent_courier.protocol.statements import (
    Closure,
    DayStatement,
    SignOfLife,
    Statements,
    sign_statement,
)
from silent_courier.server.keyring import assemble_keyring, check_statements
from silent_courier.server.standing import verify_standing
from tests.unit.server.kit import DAY, NOON, day_statement, make_organisation

ORGANISATION = make_organisation()
DESK, COLLEAGUE = ORGANISATION.desks
SLOT = DESK.key.device


def _sign(day: int) -> SignOfLife:
    return sign_statement(SignOfLife(SLOT, day), ORGANISATION.charter, DESK.key)


def _check(*, days: tuple[int, ...] = (), signs: tuple[int, ...] = ()) -> None:
    statements = Statements(
        tuple(day_statement(ORGANISATION, DESK, day) for day in days),
        tuple(_sign(day) for day in signs),
    )
    check_statements(statements, SLOT, ORGANISATION.charter, NOON)


def test_source_can_verify_the_keyring() -> None:
    standing = verify_standing(ORGANISATION.chain, ORGANISATION.access)
    days = tuple(day_statement(ORGANISATION, desk, DAY) for desk in ORGANISATION.desks)
    signs = tuple(
        sign_statement(SignOfLife(desk.key.device, DAY), ORGANISATION.charter, desk.key)
        for desk in ORGANISATION.desks
    )

    keyring = assemble_keyring(standing, Statements(days, signs), DAY)

    assert verify_keyring(keyring, ORGANISATION.charter.org_id, DAY).day_statements == days


def test_a_fortnight_ahead_is_taken() -> None:
    _check(days=tuple(range(DAY, DAY + 15)), signs=(DAY,))


@pytest.mark.parametrize("day", [DAY - 1, DAY + 15])
def test_day_key_for_a_day_out_of_range_is_refused(day: int) -> None:
    with pytest.raises(MalformedKeyringError):
        _check(days=(DAY, day))


@pytest.mark.parametrize("day", [DAY - 2, DAY + 2])
def test_sign_of_life_for_another_time_is_refused(day: int) -> None:
    with pytest.raises(MalformedKeyringError):
        _check(signs=(day,))


def test_statement_of_a_colleague_is_refused() -> None:
    statements = Statements((day_statement(ORGANISATION, COLLEAGUE, DAY),))

    with pytest.raises(RequestRefusedError) as caught:
        check_statements(statements, SLOT, ORGANISATION.charter, NOON)

    assert caught.value.status == 403


def test_statement_under_the_charter_before_is_refused() -> None:
    statements = Statements((day_statement(ORGANISATION, DESK, DAY),))

    with pytest.raises(StatementSignatureError):
        check_statements(statements, SLOT, ORGANISATION.next().charter, NOON)


def test_altered_statement_is_refused() -> None:
    statement = day_statement(ORGANISATION, DESK, DAY)
    other = day_statement(ORGANISATION, DESK, DAY)
    altered = replace(statement, recipient=other.recipient)

    with pytest.raises(StatementSignatureError):
        check_statements(Statements((altered,)), SLOT, ORGANISATION.charter, NOON)


def test_day_key_that_nobody_can_seal_to_is_refused() -> None:
    useless = DayStatement(SLOT, DAY, b"\xff" * RECIPIENT_LEN)
    statement = sign_statement(useless, ORGANISATION.charter, DESK.key)

    with pytest.raises(MalformedKeyringError):
        check_statements(Statements((statement,)), SLOT, ORGANISATION.charter, NOON)


def test_closure_is_taken_for_days_far_ahead() -> None:
    closure = sign_statement(Closure(SLOT, DAY + 30, DAY + 60), ORGANISATION.charter, DESK.key)

    check_statements(Statements((), (), (closure,)), SLOT, ORGANISATION.charter, NOON)


@pytest.mark.parametrize("until", [DAY + 401, 2**32 - 1])
def test_endless_closure_is_refused_before_it_is_in_anyones_keyring(until: int) -> None:
    closure = sign_statement(Closure(SLOT, DAY, until), ORGANISATION.charter, DESK.key)

    with pytest.raises(MalformedKeyringError):
        check_statements(Statements((), (), (closure,)), SLOT, ORGANISATION.charter, NOON)
