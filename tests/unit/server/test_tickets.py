"""Tickets: work first, once each, late and foreign ones refused, nothing lost by a failed write."""

import asyncio
import os
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from silent_courier.protocol.errors import DiskFullError, RequestRefusedError
from silent_courier.server.limits import Limits
from silent_courier.server.tickets import Tickets, has_zero_bits
from tests.unit.server.kit import Clock, solve


def _tickets(clock: Clock, bits: int = 4, most: int = 100) -> Tickets:
    return Tickets(clock, os.urandom, replace(Limits(), ticket_bits=bits, tickets=most))


async def _ticket(tickets: Tickets) -> bytes:
    return await tickets.redeem(solve(tickets.offer()))


def _use(block: AbstractContextManager[None]) -> None:
    with block:
        pass


def _refused(status: int) -> "pytest.RaisesExc[RequestRefusedError]":
    return pytest.RaisesExc(RequestRefusedError, check=lambda error: error.status == status)


def test_example_of_the_specification_has_its_zero_bits() -> None:
    digest = bytes.fromhex("0001d039f0af804c278f4fbf71962f952ba6e12afa49351cb791ecdcbc8b09b3")

    assert has_zero_bits(digest, 15)
    assert not has_zero_bits(digest, 16)
    assert has_zero_bits(bytes(32), 256)


def test_offer_is_the_same_for_all_and_changes_every_ten_minutes() -> None:
    clock = Clock()
    tickets = _tickets(clock)
    first = tickets.offer()

    assert tickets.offer() == first
    clock.turn(seconds=600)
    assert tickets.offer() != first
    assert (len(first), first[0]) == (17, 4)


def test_other_server_offers_another_challenge() -> None:
    clock = Clock()

    assert _tickets(clock).offer() != _tickets(clock).offer()


async def test_challenge_of_before_still_counts_and_older_ones_do_not() -> None:
    clock = Clock()
    tickets = _tickets(clock)
    proofs = [solve(tickets.offer()) for _ in range(2)]
    clock.turn(seconds=600)
    await tickets.redeem(proofs[0])
    clock.turn(seconds=600)

    with _refused(403):
        await tickets.redeem(proofs[1])


async def test_proof_is_good_once_even_for_the_challenge_of_before() -> None:
    clock = Clock()
    tickets = _tickets(clock)
    proof = solve(tickets.offer())
    await tickets.redeem(proof)

    for _ in range(2):
        with _refused(403):
            await tickets.redeem(proof)
        clock.turn(seconds=600)


async def test_too_little_work_is_refused() -> None:
    tickets = _tickets(Clock(), bits=40)

    with _refused(403):
        await tickets.redeem(tickets.offer()[1:] + os.urandom(16))


async def test_work_for_a_challenge_of_ones_own_is_refused() -> None:
    tickets = _tickets(Clock())

    with _refused(403):
        await tickets.redeem(solve(b"\x04" + os.urandom(16)))


async def test_one_letter_a_ticket() -> None:
    tickets = _tickets(Clock())
    ticket = await _ticket(tickets)
    _use(tickets.letter(ticket))

    with _refused(401):
        _use(tickets.letter(ticket))


async def test_64_chunks_a_ticket_beside_its_letter() -> None:
    tickets = _tickets(Clock())
    ticket = await _ticket(tickets)
    for _ in range(64):
        _use(tickets.chunk(ticket))

    with _refused(401):
        _use(tickets.chunk(ticket))
    _use(tickets.letter(ticket))


@pytest.mark.parametrize("kind", ["letter", "chunk"])
async def test_failed_write_costs_nothing(kind: str) -> None:
    tickets = _tickets(Clock())
    ticket = await _ticket(tickets)
    use = tickets.letter if kind == "letter" else tickets.chunk

    def fail() -> None:
        with use(ticket):
            raise DiskFullError

    for _ in range(65):
        with pytest.raises(DiskFullError):
            fail()
    _use(use(ticket))


async def test_letter_under_way_holds_its_ticket() -> None:
    tickets = _tickets(Clock())
    ticket = await _ticket(tickets)

    with tickets.letter(ticket), _refused(401):
        _use(tickets.letter(ticket))


async def test_late_ticket_is_refused() -> None:
    clock = Clock()
    tickets = _tickets(clock)
    ticket = await _ticket(tickets)
    clock.turn(seconds=30 * 60 - 1)
    _use(tickets.chunk(ticket))
    clock.turn(seconds=1)

    with _refused(401):
        _use(tickets.letter(ticket))


async def test_foreign_ticket_is_refused() -> None:
    clock = Clock()
    tickets, other = _tickets(clock), _tickets(clock)

    with _refused(401):
        _use(tickets.letter(await _ticket(other)))


async def test_tickets_are_bounded_and_late_ones_make_room() -> None:
    clock = Clock()
    tickets = _tickets(clock, most=3)
    good = [await _ticket(tickets) for _ in range(3)]
    proof = solve(tickets.offer())

    with _refused(503):
        await tickets.redeem(proof)
    _use(tickets.letter(good[0]))

    clock.turn(seconds=30 * 60)
    fresh = await _ticket(tickets)
    _use(tickets.letter(fresh))


async def test_ticket_itself_is_not_kept() -> None:
    tickets = _tickets(Clock())
    ticket = await _ticket(tickets)

    assert ticket not in tickets._tickets
    assert all(ticket != name for name in tickets._tickets)


async def test_lanes_do_not_use_each_other_up() -> None:
    few = replace(Limits(), ticket_bits=4, lane_places=2, assisted_places=3, lane_wait_s=0.02)
    tickets = Tickets(Clock(), os.urandom, few)
    for _ in range(2):
        await _ticket(tickets)
    with _refused(503):
        await _ticket(tickets)

    assisted = [await tickets.assist() for _ in range(3)]
    with _refused(503):
        await tickets.assist()

    for ticket in assisted:
        _use(tickets.letter(ticket))


async def test_work_is_not_lost_by_who_is_not_drawn_and_counts_once_while_they_wait() -> None:
    clock = Clock()
    few = replace(Limits(), ticket_bits=4, lane_places=1, lane_wait_s=0.05)
    tickets = Tickets(clock, os.urandom, few)
    await _ticket(tickets)
    proof = solve(tickets.offer())
    waiting = asyncio.create_task(tickets.redeem(proof))
    await asyncio.sleep(0)
    with _refused(403):
        await tickets.redeem(proof)
    with _refused(503):
        await waiting

    clock.turn(seconds=10)
    tickets.draw()

    _use(tickets.letter(await tickets.redeem(proof)))


async def test_ticket_that_was_given_stays_good_when_the_lane_is_full() -> None:
    few = replace(Limits(), ticket_bits=4, lane_places=1, lane_waiting=0)
    tickets = Tickets(Clock(), os.urandom, few)
    ticket = await _ticket(tickets)
    for _ in range(50):
        with _refused(503):
            await _ticket(tickets)

    _use(tickets.letter(ticket))
