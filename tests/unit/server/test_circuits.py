"""A circuit has a budget for ten minutes, and then it was never there."""

from silent_courier.server import circuits as module
from silent_courier.server.circuits import PERIOD_SECONDS, Circuits
from tests.unit.server.kit import Clock

BOARD = 1000


def _circuits(clock: Clock, boards: int = 3, least: int = 0) -> Circuits:
    return Circuits(clock, boards, least, forms=3)


def _boards(circuits: Circuits, circuit: int | None, count: int = 10) -> int:
    """How many of so many boards it gets."""
    return sum(circuits.may_read(circuit, BOARD, BOARD) for _ in range(count))


def test_circuit_gets_a_few_boards_and_others_theirs() -> None:
    circuits = _circuits(Clock())

    assert [_boards(circuits, circuit) for circuit in (1, 2, 1)] == [3, 3, 0]


def test_without_a_circuit_there_is_no_budget() -> None:
    assert _boards(_circuits(Clock()), None, 100) == 100


def test_what_fits_is_still_given_when_a_board_does_not() -> None:
    circuits = _circuits(Clock())
    assert circuits.may_read(1, 2500, BOARD)

    assert not circuits.may_read(1, BOARD, BOARD)
    assert circuits.may_read(1, 500, BOARD)


def test_small_boards_leave_room_for_many() -> None:
    assert _boards(_circuits(Clock(), least=20 * BOARD), 1, 30) == 20


def test_all_is_forgotten_after_ten_minutes() -> None:
    clock = Clock()
    circuits = _circuits(clock)
    _boards(circuits, 1)
    _boards(circuits, 2)
    clock.turn(seconds=PERIOD_SECONDS)

    assert _boards(circuits, 1) == 3
    assert list(circuits._read) == [1]


def test_circuit_posts_a_few_forms_and_others_theirs() -> None:
    clock = Clock()
    circuits = _circuits(clock)
    assert [circuits.may_post(1) for _ in range(5)] == [True] * 3 + [False] * 2
    assert circuits.may_post(2)
    assert all(circuits.may_post(None) for _ in range(9))
    clock.turn(seconds=PERIOD_SECONDS)

    assert circuits.may_post(1)
    assert list(circuits._posted) == [1]


def test_no_more_circuits_are_counted_than_fit() -> None:
    circuits = _circuits(Clock())
    for circuit in range(module._CIRCUITS_MAX + 10):
        circuits.may_read(circuit, 1, BOARD)

    assert len(circuits._read) <= module._CIRCUITS_MAX
