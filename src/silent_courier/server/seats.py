"""Seats: who keeps a connection when there are more than the server can hold. Spec §10.9.

Each connection has a seat. One without a request under way is quiet; one that brings a ticket
holder's letter or chunk holds its seat. When a seat is wanted and none is left, one is taken from
the circuit that has the most, quiet ones first, and never one that is held. What a circuit has is
a budget and never an identity: it is known while its connections last, and written nowhere.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol

from silent_courier.server.draws import Clock, Random, draw_between

# Connections that have not yet shown their circuit; tor shows it at once, before anything else.
UNNAMED_MAX: Final = 512


@dataclass(frozen=True, slots=True)
class SeatLimits:
    """Seats in all; a circuit's most, and its fair share; how many may be held, in all and by one.

    A circuit with its share or less counts as one with the least: to hang up on a browser that
    opens six connections would help nobody.
    """

    seats: int
    circuit: int
    share: int
    held: int


class Line(Protocol):
    """What a seat needs of its connection's transport."""

    def abort(self) -> None:
        """Hang up now."""

    def get_write_buffer_size(self) -> int:
        """Bytes that the other side has yet to take."""


@dataclass(eq=False, slots=True)
class Seat:
    """One connection's; `circuit` is None where there is no tor, or its line has not come."""

    room: "Seats"
    line: Line
    named: bool
    quiet_since: float | None
    circuit: int | None = None
    held: bool = False
    gone: bool = False

    def name(self, circuit: int) -> None:
        """The circuit is known: its own surplus yields, else whoever has the most."""
        self.circuit = circuit
        self.named = True
        self.room.seat_named(self)

    @property
    def is_quiet(self) -> bool:
        """Nothing is asked, and all that was answered is on its way."""
        return self.quiet_since is not None and self.line.get_write_buffer_size() == 0

    def be_busy(self) -> None:
        """A request is under way."""
        self.quiet_since = None

    def be_quiet(self) -> None:
        """No request is under way any more."""
        if self.quiet_since is None:
            self.quiet_since = self.room.clock()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep the seat while a ticket holder's letter or chunk comes in, if one may be held."""
        took = not self.held and self.room.may_hold(self)
        self.held = self.held or took
        try:
            yield
        finally:
            if took:
                self.held = False

    def leave(self) -> None:
        """The connection is over."""
        self.gone = True
        self.room.all.discard(self)


@dataclass(slots=True)
class Seats:
    """The seats at the doors of one app."""

    limits: SeatLimits
    clock: Clock
    random: Random
    all: set[Seat] = field(default_factory=set)

    def take(self, line: Line, *, proxied: bool) -> Seat:
        """A seat for a new connection; `proxied`: it will show its circuit."""
        seat = Seat(self, line, named=not proxied, quiet_since=self.clock())
        self.all.add(seat)
        if not proxied:
            self._make_room(seat)
        elif len(self.all) > self.limits.seats + UNNAMED_MAX:
            self._end(seat)
        return seat

    def seat_named(self, seat: Seat) -> None:
        """Let its circuit's surplus yield, and then whoever has the most."""
        own = [other for other in self.all if other.circuit == seat.circuit]
        if len(own) > self.limits.circuit:
            others = [other for other in own if other is not seat and other.is_quiet]
            self._end(min(others, key=_quiet_since) if others else seat)
        if not seat.gone:
            self._make_room(seat)

    def may_hold(self, seat: Seat) -> bool:
        """Whether one more seat may be held: in all, and by its circuit."""
        held = [other for other in self.all if other.held]
        by_circuit = sum(other.circuit == seat.circuit for other in held)
        within = seat.circuit is None or by_circuit < self.limits.share
        return within and len(held) < self.limits.held

    def _make_room(self, newcomer: Seat) -> None:
        if sum(seat.named for seat in self.all) <= self.limits.seats:
            return
        self._end(self._yielding(newcomer))

    def _yielding(self, newcomer: Seat) -> Seat:
        """Of the circuits with the most: the longest quiet, else one by lot; never one held."""
        counts = Counter(seat.circuit for seat in self.all)
        # Without tor there is no circuit, and nobody has more than another.
        counts[None] = 0

        def surplus(seat: Seat) -> int:
            return max(0, counts[seat.circuit] - self.limits.share)

        free = [seat for seat in self.all if seat.named and not seat.held and seat is not newcomer]
        most = max(map(surplus, [*free, newcomer]))
        first = [seat for seat in free if surplus(seat) == most]
        quiet = [seat for seat in first if seat.is_quiet]
        if quiet:
            return min(quiet, key=_quiet_since)
        # Who began first, or moves least, may be an honest one on a bad line: so it goes by lot.
        return first[draw_between(self.random, 0, len(first) - 1)] if first else newcomer

    def _end(self, seat: Seat) -> None:
        # Now, and not when the socket has noticed: the next newcomer must find the room.
        seat.leave()
        seat.line.abort()


def _quiet_since(seat: Seat) -> float:
    return float("-inf") if seat.quiet_since is None else seat.quiet_since
