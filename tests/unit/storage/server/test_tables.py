"""What the tables must not hold: times finer than a day, order of arrival, requests."""

from sqlalchemy import DateTime, Float, inspect

from silent_courier.storage.server.database import Database
from silent_courier.storage.server.tables import metadata

ALLOWED = {
    "manifest",
    "serial",
    "hash",
    "chain",
    "access",
    "access_hash",
    "charter",
    "device",
    "day",
    "until",
    "recipient",
    "signature",
    "sha256",
    "letter",
    "expires",
    "id",
    "tag",
    "cell",
    "ends",
    "epoch",
    "epoch_seconds",
    "turn",
    "position",
    "posted",
    "name",
    "key",
    "head",
}
IN_ORDER_OF_RANDOM_KEYS = {
    "letters",
    "chunks",
    "cells",
    "staged_letters",
    "staged_chunks",
    "queued_cells",
}


def test_no_column_beyond_the_known_ones() -> None:
    """A new column has to be thought about here first: what does it tell who seizes the disk?"""
    assert {column.name for table in metadata.tables.values() for column in table.columns} == (
        ALLOWED
    )


def test_no_column_is_a_time() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            assert not isinstance(column.type, DateTime | Float)


def test_only_the_board_counts_in_epochs() -> None:
    with_epochs = {
        table.name
        for table in metadata.tables.values()
        if {"epoch", "ends"} & {column.name for column in table.columns}
    }

    assert with_epochs == {"board", "cells"}


def test_rows_have_no_hidden_number_in_order_of_arrival(database: Database) -> None:
    with database.read() as connection:
        for name in inspect(connection).get_table_names():
            if name in IN_ORDER_OF_RANDOM_KEYS:
                options = inspect(connection).get_table_options(name)
                assert options.get("sqlite_with_rowid") is False, name
