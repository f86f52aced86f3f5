"""Tickets: a little work buys one letter and some chunks. Spec §10.4.

Two lanes lead to them: one for work, one for the form that the server seals itself for visitors
without script, who cannot work. Neither can use the other's up.

In memory only, and only as hashes: a restart costs a new one, and nothing can be looked up later.
A letter or a chunk counts when it is durable; while one is under way nobody else can use its place.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import takewhile
from typing import Final

from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.protocol.sizes import HASH_LEN, TICKET_CHUNKS, TICKET_LEN, TICKET_MINUTES
from silent_courier.server.draws import Clock, Random
from silent_courier.server.lanes import Lane, LaneSize
from silent_courier.server.limits import Limits

CHALLENGE_LEN: Final = 16
NONCE_LEN: Final = 16
PROOF_LEN: Final = CHALLENGE_LEN + NONCE_LEN
CHALLENGE_SECONDS: Final = 600
_PROOF_LABEL: Final = b"courier/ticket\0"
_REFUSED: Final = 403
_UNKNOWN: Final = 401
_TOO_MANY: Final = 503


@dataclass(slots=True)
class _Ticket:
    expires: float
    letters: int = 1
    chunks: int = TICKET_CHUNKS


class Tickets:
    """The tickets that are good now, and the challenges they are given for."""

    def __init__(self, clock: Clock, random: Random, limits: Limits) -> None:
        self._clock = clock
        self._random = random
        self._bits = limits.ticket_bits
        self._most = limits.tickets
        self._working = _lane(limits.lane_places, clock, random, limits)
        self._assisted = _lane(limits.assisted_places, clock, random, limits)
        self._secret = random(HASH_LEN)
        self._tickets: dict[bytes, _Ticket] = {}
        self._proofs: dict[int, set[bytes]] = {}

    def offer(self) -> bytes:
        """How many zero bits are asked for, and the challenge of these ten minutes; 17 bytes."""
        return bytes([self._bits]) + self._challenge(self._period())

    async def redeem(self, proof: bytes) -> bytes:
        """A ticket for a challenge and a nonce that solves it, when its turn has come.

        Raises:
            RequestRefusedError: not solved, not a challenge of now, or used before (403); too
                many tickets are good now, or too many want one (503), and the proof stays good.
        """
        period = self._period_of(proof[:CHALLENGE_LEN])
        used = self._proofs.setdefault(period, set())
        if not has_zero_bits(sha256(_PROOF_LABEL + proof).digest(), self._bits) or proof in used:
            raise RequestRefusedError(_REFUSED)
        used.add(proof)
        try:
            await self._working.enter()
            return self._issue()
        except BaseException:
            used.discard(proof)
            raise

    async def assist(self) -> bytes:
        """A ticket for the form that the server seals; RequestRefusedError (503)."""
        await self._assisted.enter()
        return self._issue()

    def draw(self) -> None:
        """Let those in whose turn has come; to be called every few seconds."""
        self._working.fill()
        self._assisted.fill()

    def _issue(self) -> bytes:
        self._forget_old()
        if len(self._tickets) >= self._most:
            raise RequestRefusedError(_TOO_MANY)
        ticket = self._random(TICKET_LEN)
        expires = self._clock() + TICKET_MINUTES * 60
        self._tickets[sha256(ticket).digest()] = _Ticket(expires)
        return ticket

    @contextmanager
    def letter(self, ticket: bytes) -> Iterator[None]:
        """Use the ticket's letter up, unless the block fails; RequestRefusedError (401)."""
        entry = self._find(ticket)
        if entry.letters == 0:
            raise RequestRefusedError(_UNKNOWN)
        entry.letters -= 1
        try:
            yield
        except BaseException:
            entry.letters += 1
            raise

    @contextmanager
    def chunk(self, ticket: bytes) -> Iterator[None]:
        """Use one of the ticket's chunks up, unless the block fails; RequestRefusedError (401)."""
        entry = self._find(ticket)
        if entry.chunks == 0:
            raise RequestRefusedError(_UNKNOWN)
        entry.chunks -= 1
        try:
            yield
        except BaseException:
            entry.chunks += 1
            raise

    def _find(self, ticket: bytes) -> _Ticket:
        entry = self._tickets.get(sha256(ticket).digest())
        if entry is None or entry.expires <= self._clock():
            raise RequestRefusedError(_UNKNOWN)
        return entry

    def _period(self) -> int:
        return int(self._clock() // CHALLENGE_SECONDS)

    def _challenge(self, period: int) -> bytes:
        return hmac.digest(self._secret, period.to_bytes(8, "big"), "sha256")[:CHALLENGE_LEN]

    def _period_of(self, challenge: bytes) -> int:
        now = self._period()
        for period in (now, now - 1):
            if hmac.compare_digest(challenge, self._challenge(period)):
                return period
        raise RequestRefusedError(_REFUSED)

    def _forget_old(self) -> None:
        now = self._period()
        for period in [p for p in self._proofs if p < now - 1]:
            del self._proofs[period]
        # Tickets are given out in the order in which they expire: the oldest stand first.
        late = self._clock()
        for name in list(takewhile(lambda n: self._tickets[n].expires <= late, self._tickets)):
            del self._tickets[name]


def _lane(places: int, clock: Clock, random: Random, limits: Limits) -> Lane:
    return Lane(LaneSize(places, limits.lane_waiting, limits.lane_wait_s), clock, random)


def has_zero_bits(digest: bytes, bits: int) -> bool:
    """Whether the first `bits` bits are zero."""
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - bits) == 0
