"""The queue: whole batches, no tag twice, no device before its turn, nothing kept of who posted."""

import os
from pathlib import Path

import pytest

from silent_courier.protocol.errors import QuotaError, StoreDamagedError, TagTakenError
from silent_courier.protocol.sizes import CELL_LEN, TAG_LEN
from silent_courier.storage.server.board import BornCell, add_cells
from silent_courier.storage.server.cells import (
    Posting,
    QueueLengths,
    purge_counts,
    queue_cells,
    read_queue_lengths,
    reseal_queue,
    take_queued,
    unseal_queue,
)
from silent_courier.storage.server.database import Database
from silent_courier.storage.staging import Staging, StagingKey


def _cells(count: int) -> list[bytes]:
    return [os.urandom(CELL_LEN) for _ in range(count)]


KEYS = (StagingKey(10, os.urandom(32)), StagingKey(11, os.urandom(32)))


def _staging(key: StagingKey) -> Staging:
    return Staging(key, KEYS, os.urandom)


def _post(
    database: Database, device: int, cells: list[bytes], day: int = 10, quota: int = 100
) -> None:
    with database.write() as connection:
        queue_cells(connection, _staging(KEYS[0]), Posting(device, day, cells, quota))


def _take(database: Database, count: int) -> list[bytes]:
    with database.write() as connection:
        return take_queued(connection, count, KEYS)


def _lengths(database: Database, device: int) -> QueueLengths:
    with database.read() as connection:
        return read_queue_lengths(connection, device)


def test_one_devices_cells_come_in_the_order_posted(database: Database) -> None:
    cells = _cells(5)
    _post(database, 0, cells[:3])
    _post(database, 0, cells[3:])

    assert _take(database, 2) + _take(database, 9) == cells
    assert _take(database, 2) == []


def test_long_queue_holds_nobody_else_up(database: Database) -> None:
    long, late = _cells(50), _cells(2)
    _post(database, 0, long)
    _take(database, 10)
    _post(database, 4, late)

    assert _take(database, 4) == [long[10], late[0], long[11], late[1]]


def test_three_devices_take_turns_whatever_the_number_born(database: Database) -> None:
    queues = {device: _cells(4) for device in (0, 4, 8)}
    for device, cells in queues.items():
        _post(database, device, cells)

    taken = [cell for _ in range(6) for cell in _take(database, 2)]

    assert taken == [queues[device][n] for n in range(4) for device in (0, 4, 8)]


def test_device_that_posts_again_and_again_does_not_pass_the_others(database: Database) -> None:
    waiting = _cells(1)
    _post(database, 4, _cells(1))
    _post(database, 8, waiting)
    _take(database, 1)

    _post(database, 0, _cells(1))

    assert _take(database, 1) == waiting


def test_very_same_cells_again_are_done_and_not_counted(database: Database) -> None:
    cells = _cells(3)
    _post(database, 0, cells, quota=3)
    _post(database, 0, cells, quota=3)

    assert _take(database, 9) == cells


def test_cell_on_the_board_already_is_not_queued_again(database: Database) -> None:
    cell = _cells(1)[0]
    with database.write() as connection:
        add_cells(connection, [BornCell(cell, 50)])

    _post(database, 0, [cell])

    assert _lengths(database, 0) == QueueLengths(0, 0)


@pytest.mark.parametrize("place", ["queued", "on the board", "in the batch"])
def test_tag_known_with_other_bytes_is_refused_with_its_whole_batch(
    database: Database, place: str
) -> None:
    cell, other = _cells(2)
    clash = cell[:TAG_LEN] + other[TAG_LEN:]
    batch = [*_cells(1), clash]
    if place == "queued":
        _post(database, 4, [cell])
    elif place == "on the board":
        with database.write() as connection:
            add_cells(connection, [BornCell(cell, 50)])
    else:
        batch.append(cell)

    with pytest.raises(TagTakenError):
        _post(database, 0, batch)

    assert _lengths(database, 0).own == 0


def test_quota_is_a_devices_and_a_days_and_all_or_nothing(database: Database) -> None:
    _post(database, 0, _cells(3), quota=4)

    with pytest.raises(QuotaError):
        _post(database, 0, _cells(2), quota=4)

    assert _lengths(database, 0) == QueueLengths(3, 3)
    _post(database, 0, _cells(1), quota=4)
    _post(database, 4, _cells(4), quota=4)
    _post(database, 0, _cells(4), day=11, quota=4)
    assert _lengths(database, 0) == QueueLengths(8, 12)


def test_quota_counts_what_was_born_the_same_day(database: Database) -> None:
    _post(database, 0, _cells(4), quota=4)
    _take(database, 4)

    with pytest.raises(QuotaError):
        _post(database, 0, _cells(1), quota=4)


def test_counts_of_days_that_are_over_are_forgotten(database: Database) -> None:
    _post(database, 0, _cells(4), day=10, quota=4)
    _post(database, 0, _cells(4), day=11, quota=4)

    with database.write() as connection:
        purge_counts(connection, 11)

    _post(database, 0, _cells(4), day=10, quota=4)
    with pytest.raises(QuotaError):
        _post(database, 0, _cells(1), day=11, quota=4)


def test_waiting_cell_is_sealed_and_keeps_its_place_when_sealed_anew(
    database: Database, tmp_path: Path
) -> None:
    cells = _cells(20)
    _post(database, 0, cells[:15])
    _post(database, 4, cells[15:])
    expected = _order(database)

    with database.write() as connection:
        reseal_queue(connection, _staging(KEYS[1]))
    database.checkpoint()

    content = (tmp_path / "store.sqlite").read_bytes()
    assert all(cell[:16] not in content and cell[100:116] not in content for cell in cells)
    assert _order(database) == expected
    with database.read() as connection:
        keys = connection.exec_driver_sql("SELECT DISTINCT key FROM queued_cells").all()
    assert [tuple(row) for row in keys] == [(KEYS[1].day,)]


def test_known_cell_is_known_under_whichever_key_it_waits(database: Database) -> None:
    one, two, three = _cells(3)
    _post(database, 0, [one])
    with database.write() as connection:
        unseal_queue(connection, KEYS)
    _post(database, 0, [one, two])
    with database.write() as connection:
        reseal_queue(connection, _staging(KEYS[1]))
    _post(database, 0, [one, two, three])

    assert _take(database, 9) == [one, two, three]
    with pytest.raises(TagTakenError):
        _post(database, 0, [three, three[:-1] + bytes([three[-1] ^ 1])])


def test_cell_whose_key_is_lost_is_not_taken_for_another(database: Database) -> None:
    _post(database, 0, _cells(1))

    with pytest.raises(StoreDamagedError), database.write() as connection:
        take_queued(connection, 1, KEYS[1:])


def _order(database: Database) -> list[bytes]:
    """The order in which they would be born, without taking them."""
    with database.write() as connection:
        taken = take_queued(connection, 99, KEYS)
        connection.get_transaction().rollback()  # type: ignore[union-attr]
    return taken
