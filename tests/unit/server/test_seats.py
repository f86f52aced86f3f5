"""Who yields when seats run short: who has the most, quiet ones first, none that is held."""

import os
import random
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field

from silent_courier.server import seats as module
from silent_courier.server.seats import Seat, SeatLimits, Seats
from tests.unit.server.kit import Clock

LIMITS = SeatLimits(seats=20, circuit=12, share=6, held=10)


@dataclass(slots=True)
class _Line:
    """A transport that remembers being hung up on."""

    unsent: int = 0
    aborts: int = 0

    def abort(self) -> None:
        self.aborts += 1

    def get_write_buffer_size(self) -> int:
        return self.unsent


@dataclass(slots=True)
class _Room:
    """Seats, a second between any two connections."""

    clock: Clock = field(default_factory=Clock)
    limits: SeatLimits = LIMITS
    seats: Seats = field(init=False)

    def __post_init__(self) -> None:
        self.seats = Seats(self.limits, self.clock, os.urandom)

    def come(self, circuit: int | None = None, *, busy: bool = False) -> Seat:
        self.clock.turn(seconds=1)
        seat = self.seats.take(_Line(), proxied=circuit is not None)
        if circuit is not None:
            seat.name(circuit)
        if busy:
            seat.be_busy()
        return seat

    def crowd(self, circuits: int, each: int, *, busy: bool = False) -> list[Seat]:
        return [self.come(1000 + n % circuits, busy=busy) for n in range(circuits * each)]


def _gone(seats: list[Seat]) -> list[int]:
    return [number for number, seat in enumerate(seats) if seat.gone]


def _hold(seat: Seat, held: ExitStack) -> bool:
    seat.be_busy()
    held.enter_context(seat.hold())
    return seat.held


def test_while_there_are_seats_nobody_yields() -> None:
    assert _gone(_Room().crowd(20, 1)) == []


def test_the_longest_quiet_one_yields() -> None:
    room = _Room()
    crowd = room.crowd(20, 1)
    crowd[0].be_busy()
    crowd[1].be_busy()
    crowd[1].be_quiet()
    room.come(1)

    assert _gone(crowd) == [2]
    assert crowd[2].line == _Line(aborts=1)


def test_the_circuit_with_the_most_yields_although_others_are_quiet_for_longer() -> None:
    room = _Room()
    patient = room.come(1)
    crowd = [*room.crowd(1, 9), *room.crowd(2, 5)]
    newcomers = [room.come(2), room.come(3)]

    assert _gone([patient, *newcomers]) == []
    assert _gone(crowd) == [0, 1]


def test_busy_ones_of_a_circuit_with_more_than_its_share_go_before_quiet_ones_of_others() -> None:
    room = _Room()
    browser = [room.come(1) for _ in range(6)]
    greedy = [room.come(2, busy=True) for _ in range(12)]
    others = [room.come(3), room.come(4), room.come(5), room.come(6)]

    assert _gone([*browser, *others]) == []
    assert len(_gone(greedy)) == 2


def test_up_to_their_share_all_circuits_are_alike() -> None:
    """Else a browser's six connections would be the first to go, for a thousand who open one."""
    room = _Room()
    crowd = room.crowd(14, 1)
    browser = [room.come(1) for _ in range(6)]
    room.come(2)

    assert _gone([*crowd, *browser]) == [0]


def test_a_circuit_over_its_most_gives_up_its_own_even_while_there_are_seats() -> None:
    room = _Room()
    crowd = [room.come(1) for _ in range(15)]

    assert _gone(crowd) == [0, 1, 2]


def test_a_circuit_that_is_busy_all_over_gets_no_further_seat() -> None:
    room = _Room()
    crowd = [room.come(1, busy=True) for _ in range(14)]

    assert _gone(crowd) == [12, 13]


def test_where_all_are_busy_it_goes_by_lot_and_never_the_newcomer() -> None:
    gone = set()
    for _ in range(60):
        room = _Room()
        crowd = room.crowd(20, 1, busy=True)
        assert not room.come(1).gone
        (one,) = _gone(crowd)
        gone.add(one)

    # Neither who began first nor who began last.
    assert len(gone) > 10


def test_seat_that_is_held_never_yields() -> None:
    room = _Room()
    with ExitStack() as held:
        holders = [room.come(n) for n in range(10)]
        assert all(_hold(seat, held) for seat in holders)
        others = room.crowd(10, 1, busy=True)
        later = [room.come(2000 + n, busy=True) for n in range(500)]

        assert _gone(holders) == []
        assert len(_gone([*others, *later])) == 500
        assert not later[-1].gone


def test_no_more_seats_are_held_than_may_be() -> None:
    room = _Room()
    with ExitStack() as held:
        assert sum(_hold(seat, held) for seat in room.crowd(20, 1)) == 10
    with ExitStack() as held:
        assert _hold(room.come(1), held), "what was held is free again"


def test_one_circuit_holds_its_share_at_most() -> None:
    room = _Room()
    with ExitStack() as held:
        assert sum(_hold(seat, held) for seat in room.crowd(1, 12)) == 6
        assert _hold(room.come(2), held)


def test_what_is_held_ends_with_the_outermost_block() -> None:
    seat = _Room().come(1)
    outer: AbstractContextManager[None] = seat.hold()
    with outer:
        with seat.hold():
            pass
        assert seat.held
    assert not seat.held


def test_an_answer_that_was_not_taken_is_not_quiet() -> None:
    room = _Room()
    crowd = room.crowd(20, 1)
    assert isinstance(crowd[0].line, _Line)
    crowd[0].line.unsent = 1
    room.come(1)

    assert _gone(crowd) == [1]


def test_where_there_is_no_tor_each_connection_stands_for_itself() -> None:
    room = _Room()
    crowd = [room.come() for _ in range(25)]

    assert _gone(crowd) == [0, 1, 2, 3, 4]


def test_who_has_not_shown_a_circuit_takes_nobodys_seat() -> None:
    room = _Room()
    crowd = room.crowd(20, 1)
    unnamed = [room.seats.take(_Line(), proxied=True) for _ in range(module.UNNAMED_MAX + 3)]

    assert _gone(crowd) == []
    assert len(_gone(unnamed)) == 3
    unnamed[0].name(7)
    assert _gone(crowd) == [0]


def test_who_leaves_makes_room() -> None:
    room = _Room()
    crowd = room.crowd(20, 1)
    crowd[7].leave()
    room.come(1)

    assert _gone(crowd) == [7]
    assert isinstance(crowd[7].line, _Line)
    assert crowd[7].line.aborts == 0


def test_whatever_comes_there_are_never_more_than_the_seats_and_no_upload_is_lost() -> None:
    draw = random.Random(7)
    for circuits in (1, 3, 300):
        room = _Room()
        with ExitStack() as held:
            upload = room.come(1)
            assert _hold(upload, held)
            for _ in range(1000):
                seat = room.come(1000 + draw.randrange(circuits), busy=draw.random() < 0.5)
                if draw.random() < 0.2:
                    seat.leave()
                assert len(room.seats.all) <= LIMITS.seats
            assert not upload.gone
