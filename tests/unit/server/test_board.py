"""Births: the same number each epoch, the same lives, whether anybody was answered or not."""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from silent_courier.protocol.board_format import Board, parse_board
from silent_courier.protocol.charter import Parameters
from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.server.board import bring_board_to, epoch_of
from silent_courier.storage.server.cells import Posting, queue_cells
from silent_courier.storage.server.database import Database
from silent_courier.storage.staging import Staging, StagingKey
from tests.unit.server.kit import NOON, parameters

START = 1000
KEYS = (StagingKey(10, os.urandom(32)),)
RULES = parameters(
    births_per_epoch=3, cell_life_epochs_min=4, cell_life_epochs_max=6, cells_per_day=1000
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "store.sqlite")
    yield opened
    opened.close()


def _bring(database: Database, epoch: int, rules: Parameters = RULES) -> Board:
    reached, data = bring_board_to(database, lambda: KEYS, epoch, rules, os.urandom)
    board = parse_board(data)
    assert board.epoch == reached
    return board


def _queue(database: Database, count: int, device: int = 0) -> list[bytes]:
    cells = [os.urandom(CELL_LEN) for _ in range(count)]
    with database.write() as connection:
        staging = Staging(KEYS[0], KEYS, os.urandom)
        queue_cells(connection, staging, Posting(device, 10, cells, 1000))
    return cells


def _cells(board: Board) -> set[bytes]:
    return set(board.cells.values())


def test_epoch_is_counted_from_1970() -> None:
    assert epoch_of(NOON, parameters(epoch_seconds=3600)) == NOON // 3600
    assert epoch_of(NOON + 3599.9, parameters(epoch_seconds=3600)) == NOON // 3600


def test_first_board_is_as_full_as_any(database: Database) -> None:
    first = len(_bring(database, START).cells)
    sizes = [len(_bring(database, START + step).cells) for step in range(1, 60)]

    # On average as many as born an epoch times the average life.
    assert 9 <= first <= 18
    assert all(9 <= size <= 18 for size in sizes)


def test_exactly_as_many_are_born_each_epoch_answered_or_not(database: Database) -> None:
    before = _cells(_bring(database, START))
    for step in range(1, 40):
        if step % 3 == 0:
            _queue(database, 7)
        now = _cells(_bring(database, START + step))
        assert len(now - before) == RULES.births_per_epoch
        before = now


def test_queued_cells_are_born_first_and_in_order(database: Database) -> None:
    _bring(database, START)
    queued = _queue(database, 5)

    board = _cells(_bring(database, START + 1))
    assert [cell in board for cell in queued] == [True, True, True, False, False]
    board = _cells(_bring(database, START + 2))
    assert [cell in board for cell in queued[3:]] == [True, True]


def test_queued_and_random_cells_live_as_long(database: Database) -> None:
    """Every life of the range, none outside it, and no more often for one kind than the other."""
    _bring(database, START)
    queued = set[bytes]()
    born: dict[bytes, int] = {}
    lives: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    before = set[bytes]()
    for step in range(1, 400):
        queued.update(_queue(database, 2))
        now = _cells(_bring(database, START + step))
        born.update(dict.fromkeys(now - before, step))
        for cell in before - now:
            if step > 7:
                lives[cell in queued][step - born[cell]] += 1
        before = now

    for counted in lives.values():
        assert set(counted) == {4, 5, 6}
        assert max(counted.values()) < 2 * min(counted.values())


def test_missed_epochs_are_caught_up_one_after_another(database: Database) -> None:
    _bring(database, START)
    queued = _queue(database, 4)

    board = _bring(database, START + 3)

    # Nine were born, three in each epoch, and none has had its time.
    assert board.epoch == START + 3
    assert len([cell for cell in queued if cell in _cells(board)]) == 4
    assert 9 <= len(board.cells) <= 18


def test_long_absence_leaves_a_board_as_full_as_any(database: Database) -> None:
    old = _cells(_bring(database, START))

    board = _cells(_bring(database, START + 500))

    assert not old & board
    assert 9 <= len(board) <= 18


def test_same_epoch_again_changes_nothing(database: Database) -> None:
    board = _bring(database, START)
    _queue(database, 3)

    assert _bring(database, START) == board


def test_clock_that_goes_back_changes_nothing(database: Database) -> None:
    board = _bring(database, START)
    _queue(database, 3)

    assert _bring(database, START - 50) == board


def test_restart_goes_on_where_it_was(tmp_path: Path) -> None:
    first = Database(tmp_path / "store.sqlite")
    board = _bring(first, START)
    first.close()

    again = Database(tmp_path / "store.sqlite")
    assert _bring(again, START) == board
    again.close()


def test_all_is_undone_when_a_birth_fails(database: Database) -> None:
    board = _bring(database, START)
    queued = _queue(database, 2)
    left = iter(range(20))

    def fails(length: int) -> bytes:
        if next(left, None) is None:
            raise RuntimeError
        return os.urandom(length)

    with pytest.raises(RuntimeError):
        bring_board_to(database, lambda: KEYS, START + 50, RULES, fails)

    assert _bring(database, START) == board
    assert set(queued) <= _cells(_bring(database, START + 1))


@pytest.mark.parametrize("seconds", [1800, 7200])
def test_cells_go_at_their_time_when_a_charter_changes_the_epochs(
    database: Database, seconds: int
) -> None:
    before = _cells(_bring(database, START))
    changed = parameters(
        epoch_seconds=seconds,
        births_per_epoch=3,
        cell_life_epochs_min=4,
        cell_life_epochs_max=6,
    )
    now = START * 3600 // seconds

    board = _bring(database, now, changed)
    # Of 3 × (4 to 6) cells none goes within the same hour, all within six.
    assert before <= _cells(board)
    later = _bring(database, (START + 6) * 3600 // seconds, changed)
    assert not before & _cells(later)


def test_change_of_epochs_brings_no_birth_twice(database: Database) -> None:
    _bring(database, START)
    changed = parameters(epoch_seconds=1800, births_per_epoch=3, cell_life_epochs_max=9)
    before = _cells(_bring(database, START * 2, changed))

    assert _cells(_bring(database, START * 2 + 1, changed)) == before
    assert len(_cells(_bring(database, START * 2 + 2, changed)) - before) == 3


def test_board_on_the_disk_does_not_tell_who_made_a_cell(
    database: Database, tmp_path: Path
) -> None:
    _bring(database, START)
    queued = _queue(database, 1)[0]
    _bring(database, START + 1)
    database.checkpoint()

    data = (tmp_path / "store.sqlite").read_bytes()

    # Once in its row; no copy is left where it was queued.
    assert data.count(queued[100:300]) == 1
