"""Statements: one key a day, the latest of the rest, under the charter they were made for."""

import pytest

from silent_courier.protocol.errors import DayKeyTakenError
from silent_courier.protocol.sizes import ED25519_SIGNATURE_LEN, RECIPIENT_LEN
from silent_courier.protocol.statements import Closure, DayStatement, SignOfLife, Statements
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.statements import (
    purge_statements,
    read_statements,
    store_statements,
)

CHARTER, NEXT_CHARTER = b"c" * 32, b"d" * 32
SIGNATURE = b"s" * ED25519_SIGNATURE_LEN


def _day(device: int, day: int, fill: bytes = b"r") -> DayStatement:
    return DayStatement(device, day, fill * RECIPIENT_LEN, SIGNATURE)


def _store(database: Database, *batches: Statements, charter: bytes = CHARTER) -> None:
    for batch in batches:
        with database.write() as connection:
            store_statements(connection, charter, batch)


def _read(database: Database, day: int, charter: bytes = CHARTER) -> Statements:
    with database.read() as connection:
        return read_statements(connection, charter, day)


def test_keyring_gets_the_days_statements_by_device(database: Database) -> None:
    _store(database, Statements((_day(4, 10), _day(4, 11))), Statements((_day(0, 10),)))

    assert _read(database, 10) == Statements((_day(0, 10), _day(4, 10)))


def test_second_key_for_a_day_is_refused_and_nothing_of_its_batch_kept(
    database: Database,
) -> None:
    _store(database, Statements((_day(0, 10),)))

    with pytest.raises(DayKeyTakenError):
        _store(database, Statements((_day(0, 9), _day(0, 10, b"x"))))

    assert _read(database, 10) == Statements((_day(0, 10),))
    assert _read(database, 9) == Statements()


def test_same_statement_again_is_no_conflict(database: Database) -> None:
    _store(database, Statements((_day(0, 10),)), Statements((_day(0, 10),)))

    assert _read(database, 10) == Statements((_day(0, 10),))


def test_statement_holds_for_its_charter_alone(database: Database) -> None:
    sign = SignOfLife(0, 10, SIGNATURE)
    closure = Closure(0, 10, 12, SIGNATURE)
    _store(database, Statements((_day(0, 10),), (sign,), (closure,)))

    assert _read(database, 10, NEXT_CHARTER) == Statements()

    _store(database, Statements((_day(0, 10, b"x"),)), charter=NEXT_CHARTER)

    assert _read(database, 10, NEXT_CHARTER) == Statements((_day(0, 10, b"x"),))


def test_older_sign_of_life_does_not_replace_a_newer(database: Database) -> None:
    newer, older = SignOfLife(0, 10, SIGNATURE), SignOfLife(0, 9, SIGNATURE)

    _store(database, Statements((), (newer,)), Statements((), (older,)))

    assert _read(database, 10).signs_of_life == (newer,)


def test_sign_of_life_under_a_new_charter_counts_whatever_was_before(database: Database) -> None:
    _store(database, Statements((), (SignOfLife(0, 10, SIGNATURE),)))
    _store(database, Statements((), (SignOfLife(0, 9, SIGNATURE),)), charter=NEXT_CHARTER)

    assert _read(database, 10, NEXT_CHARTER).signs_of_life == (SignOfLife(0, 9, SIGNATURE),)


def test_last_closure_holds_so_that_one_can_be_taken_back(database: Database) -> None:
    away, back = Closure(0, 20, 30, SIGNATURE), Closure(0, 10, 9, SIGNATURE)

    _store(database, Statements((), (), (away,)), Statements((), (), (back,)))

    assert _read(database, 10).closures == (back,)


def test_day_keys_of_days_that_are_over_are_forgotten(database: Database) -> None:
    _store(database, Statements((_day(0, 9), _day(0, 10))))

    with database.write() as connection:
        purge_statements(connection, 10)

    assert _read(database, 9) == Statements()
    assert _read(database, 10) == Statements((_day(0, 10),))
