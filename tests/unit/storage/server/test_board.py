"""The board's rows: in the order of tags, gone at their epoch, nothing else about them."""

import os

from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.storage.server.board import (
    BoardState,
    BornCell,
    add_cells,
    read_cells,
    read_state,
    remove_ended,
    store_state,
    stretch,
)
from silent_courier.storage.server.database import Database


def _born(*ends: int) -> list[BornCell]:
    return [BornCell(os.urandom(CELL_LEN), end) for end in ends]


def test_cells_come_in_the_order_of_their_tags(database: Database) -> None:
    born = _born(*range(20, 60))
    with database.write() as connection:
        add_cells(connection, born)
        add_cells(connection, [])

        assert read_cells(connection) == sorted(b.cell for b in born)


def test_cell_is_gone_in_the_epoch_it_ends(database: Database) -> None:
    born = _born(20, 21)
    with database.write() as connection:
        add_cells(connection, born)
        remove_ended(connection, 19)
        assert len(read_cells(connection)) == 2

        remove_ended(connection, 20)

        assert read_cells(connection) == [born[1].cell]


def test_state_is_the_last_one_stored(database: Database) -> None:
    with database.write() as connection:
        assert read_state(connection) is None
        store_state(connection, BoardState(5, 3600))
        store_state(connection, BoardState(6, 3600))

        assert read_state(connection) == BoardState(6, 3600)


def test_ends_keep_their_moment_when_epochs_change_length(database: Database) -> None:
    born = _born(20, 21)
    with database.write() as connection:
        add_cells(connection, born)
        stretch(connection, 3600, 1800)
        remove_ended(connection, 39)
        assert len(read_cells(connection)) == 2
        remove_ended(connection, 40)
        assert read_cells(connection) == [born[1].cell]

        stretch(connection, 1800, 7200)
        remove_ended(connection, 10)
        assert read_cells(connection) == [born[1].cell]
        stretch(connection, 7200, 3600)
        remove_ended(connection, 21)
        assert read_cells(connection) == [born[1].cell]
        remove_ended(connection, 22)
        assert read_cells(connection) == []
