"""Births on the board: as many each epoch, whether anybody was answered or not. Spec §6.5.

Whoever takes every board learns nothing: the number born, the length of their lives and the order
of their bytes do not depend on what desks have posted. Nothing else adds or removes a cell.
"""

from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import Connection

from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.charter import Parameters
from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.server.draws import Random, draw_between
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
from silent_courier.storage.server.cells import take_queued
from silent_courier.storage.server.database import Database
from silent_courier.storage.staging import StagingKey


def epoch_of(now: float, parameters: Parameters) -> int:
    """The epoch that holds this moment (seconds since 1970-01-01 UTC)."""
    return int(now // parameters.epoch_seconds)


def bring_board_to(
    database: Database,
    live: Callable[[], Sequence[StagingKey]],
    epoch: int,
    parameters: Parameters,
    random: Random,
) -> tuple[int, bytes]:
    """Do every birth that is due, and give the epoch and the bytes of the board. Blocks.

    Missed epochs are caught up one after another, all or nothing. A clock that went back
    changes nothing: the board stays where it was.
    """
    with database.write() as connection:
        before = _state_in_epochs_of(connection, parameters)
        if before is None:
            add_cells(connection, _prefill(epoch, parameters, random))
            reached = epoch
        else:
            reached = max(epoch, before.epoch)
            for due in range(before.epoch + 1, reached + 1):
                queued = take_queued(connection, parameters.births_per_epoch, live())
                add_cells(connection, _births(queued, due, parameters, random))
        remove_ended(connection, reached)
        store_state(connection, BoardState(reached, parameters.epoch_seconds))
        return reached, encode_board(reached, read_cells(connection))


def _prefill(epoch: int, parameters: Parameters, random: Random) -> Iterator[BornCell]:
    """The board as it would be, had it always been there."""
    for birth in range(epoch - parameters.cell_life_epochs_max + 1, epoch + 1):
        for _ in range(parameters.births_per_epoch):
            ends = birth + _draw_life(parameters, random)
            if ends > epoch:
                yield BornCell(random(CELL_LEN), ends)


def _births(
    queued: list[bytes], epoch: int, parameters: Parameters, random: Random
) -> Iterator[BornCell]:
    more = parameters.births_per_epoch - len(queued)
    for cell in (*queued, *(random(CELL_LEN) for _ in range(more))):
        yield BornCell(cell, epoch + _draw_life(parameters, random))


def _draw_life(parameters: Parameters, random: Random) -> int:
    return draw_between(random, parameters.cell_life_epochs_min, parameters.cell_life_epochs_max)


def _state_in_epochs_of(connection: Connection, parameters: Parameters) -> BoardState | None:
    """Where the board stands, counted in this charter's epochs even if another's were different."""
    state = read_state(connection)
    if state is None or state.epoch_seconds == parameters.epoch_seconds:
        return state
    before, now = state.epoch_seconds, parameters.epoch_seconds
    stretch(connection, before, now)
    # The old epoch's last moment: its births are done, and none is done twice.
    return BoardState(((state.epoch + 1) * before - 1) // now, now)
