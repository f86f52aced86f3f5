"""What devices have stated: day keys, the latest sign of life, the latest closure. Spec §11.3.

All of it is public and signed; verifying is for whoever calls. The one thing refused here is a
second, different key for a day that is already stated.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, delete, insert, select

from silent_courier.protocol.errors import DayKeyTakenError
from silent_courier.protocol.statements import Closure, DayStatement, SignOfLife, Statements
from silent_courier.storage.server.tables import closures, day_statements, signs_of_life


def store_statements(connection: Connection, charter: bytes, statements: Statements) -> None:
    """Keep a verified batch made under the charter with this hash.

    Raises:
        DayKeyTakenError: another key is stated for the day.
    """
    for statement in statements.day_statements:
        _store_day_statement(connection, charter, statement)
    for sign in statements.signs_of_life:
        _store_sign_of_life(connection, charter, sign)
    for closure in statements.closures:
        _replace(connection, closures, charter, closure, until=closure.until)


def read_statements(connection: Connection, charter: bytes, day: int) -> Statements:
    """What belongs into the keyring of this day under the charter with this hash."""
    return Statements(
        tuple(
            DayStatement(row.device, row.day, row.recipient, row.signature)
            for row in _rows(
                connection,
                day_statements,
                and_(day_statements.c.charter == charter, day_statements.c.day == day),
            )
        ),
        tuple(
            SignOfLife(row.device, row.day, row.signature)
            for row in _rows(connection, signs_of_life, signs_of_life.c.charter == charter)
        ),
        tuple(
            Closure(row.device, row.day, row.until, row.signature)
            for row in _rows(connection, closures, closures.c.charter == charter)
        ),
    )


def purge_statements(connection: Connection, today: int) -> None:
    """Forget the day keys of days that are over."""
    connection.execute(delete(day_statements).where(day_statements.c.day < today))


def _rows(connection: Connection, table: Table, which: ColumnElement[bool]) -> Iterable[Row[Any]]:
    return connection.execute(select(table).where(which).order_by(table.c.device))


def _store_day_statement(connection: Connection, charter: bytes, statement: DayStatement) -> None:
    columns = day_statements.c
    key = {"charter": charter, "device": statement.device, "day": statement.day}
    stated = connection.scalar(
        select(columns.recipient).where(*(columns[name] == value for name, value in key.items()))
    )
    if stated is None:
        values = {"recipient": statement.recipient, "signature": statement.signature}
        connection.execute(insert(day_statements).values(key | values))
    elif stated != statement.recipient:
        raise DayKeyTakenError


def _store_sign_of_life(connection: Connection, charter: bytes, sign: SignOfLife) -> None:
    columns = signs_of_life.c
    newer = connection.scalar(
        select(columns.day).where(
            columns.device == sign.device, columns.charter == charter, columns.day > sign.day
        )
    )
    if newer is None:
        _replace(connection, signs_of_life, charter, sign)


def _replace(
    connection: Connection,
    table: Table,
    charter: bytes,
    statement: SignOfLife | Closure,
    **more: int,
) -> None:
    connection.execute(delete(table).where(table.c.device == statement.device))
    connection.execute(
        insert(table).values(
            device=statement.device,
            charter=charter,
            day=statement.day,
            signature=statement.signature,
            **more,
        )
    )
