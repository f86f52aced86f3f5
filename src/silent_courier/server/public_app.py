"""What anybody may ask at the portal's onion. Spec §10.

No cookies, no ids, no accounts; what is the same for everyone is the same bytes for everyone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Final

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.protocol.sizes import SEALED_CHUNK_LEN, letter_len
from silent_courier.server.answers import Answer
from silent_courier.server.circuits import Circuits
from silent_courier.server.draws import Clock, Random, draw_expiry
from silent_courier.server.publisher import Publisher
from silent_courier.server.routes import HEX_32, Handler, Request, Route, chunk_id
from silent_courier.server.store import Store
from silent_courier.server.tickets import PROOF_LEN, Tickets
from silent_courier.storage.server.letters import NewLetter

DONE: Final = Answer(204)
_BAD_REQUEST: Final = 400
OVER_BUDGET: Final = Answer(503, last=True)


@dataclass(frozen=True, slots=True)
class Gate:
    """What keeps a few from taking everything."""

    tickets: Tickets
    circuits: Circuits


class PublicApp:
    """The handlers of the public onion."""

    def __init__(
        self,
        publisher: Publisher,
        store: Store,
        gate: Gate,
        clock: Clock,
        random: Random,
    ) -> None:
        self._publisher = publisher
        self._store = store
        self._tickets = gate.tickets
        self._circuits = gate.circuits
        self._clock = clock
        self._random = random

    def routes(self) -> Sequence[Route]:
        """Every route of the public onion."""
        letter_max = partial(current_letter_len, self._publisher)
        return (
            *reading_routes(self._publisher, self._within_budget),
            Route("GET", "/v1/tickets", self._offer_ticket),
            Route("POST", "/v1/tickets", self._give_ticket, lambda: PROOF_LEN),
            Route("PUT", f"/v1/chunks/{HEX_32}", self._take_chunk, lambda: SEALED_CHUNK_LEN),
            Route("POST", "/v1/letters", self._take_letter, letter_max),
        )

    def _within_budget(self, handler: Handler) -> Handler:
        async def read(request: Request) -> Answer:
            answer = await handler(request)
            assert isinstance(answer.body, bytes)
            board = len(self._publisher.board)
            if self._circuits.may_read(request.circuit, len(answer.body), board):
                return answer
            return OVER_BUDGET

        return read

    async def _offer_ticket(self, _: Request) -> Answer:
        self._publisher.require_charter()
        return Answer(body=self._tickets.offer())

    async def _give_ticket(self, request: Request) -> Answer:
        self._publisher.require_charter()
        proof = await request.body.read_exactly(PROOF_LEN)
        return Answer(body=await self._tickets.redeem(proof))

    async def _take_chunk(self, request: Request) -> Answer:
        self._publisher.require_charter()
        with self._tickets.chunk(request.token()), request.seat.hold():
            pieces = request.body.pieces_of(SEALED_CHUNK_LEN)
            expires = draw_expiry(self._random, day_of(self._clock()))
            await self._store.add_chunk(chunk_id(request), pieces, expires)
        return DONE

    async def enter_unworked(self) -> bytes:
        """A ticket for who cannot work, when their turn has come; RequestRefusedError (503)."""
        self._publisher.require_charter()
        return await self._tickets.assist()

    async def keep_unworked(self, letter: bytes, ticket: bytes) -> None:
        """Keep a letter by such a ticket.

        Raises:
            RequestRefusedError: another length (400), the ticket no longer holds (401).
            DiskFullError, StorageError
        """
        if len(letter) != current_letter_len(self._publisher):
            raise RequestRefusedError(_BAD_REQUEST)
        with self._tickets.letter(ticket):
            await store_letter(letter, self._store, self._clock, self._random)

    async def _take_letter(self, request: Request) -> Answer:
        with self._tickets.letter(request.token()), request.seat.hold():
            return await keep_letter(
                request, self._publisher, self._store, self._clock, self._random
            )


def reading_routes(
    publisher: Publisher, guard: Callable[[Handler], Handler] = lambda handler: handler
) -> Sequence[Route]:
    """Keyring, board and manifest, ready-made; on both onions."""

    async def keyring(_: Request) -> Answer:
        return Answer(body=publisher.keyring)

    async def board(_: Request) -> Answer:
        return Answer(body=publisher.board)

    async def manifest(_: Request) -> Answer:
        publisher.require_charter()
        return Answer(body=publisher.manifests.published)

    return (
        Route("GET", "/v1/keyring", guard(keyring)),
        Route("GET", "/v1/board", guard(board)),
        Route("GET", "/v1/manifest", guard(manifest)),
    )


async def keep_letter(
    request: Request, publisher: Publisher, store: Store, clock: Clock, random: Random
) -> Answer:
    """Keep the letter in the body; the answer leaves when it is on the disk."""
    letter = await request.body.read_exactly(current_letter_len(publisher))
    await store_letter(letter, store, clock, random)
    return DONE


async def store_letter(letter: bytes, store: Store, clock: Clock, random: Random) -> None:
    """Keep a letter of the right length; durable when it returns."""
    today = day_of(clock())
    expires = draw_expiry(random, today)
    await store.add_letter(NewLetter(sha256(letter).digest(), letter, today, expires))


def current_letter_len(publisher: Publisher) -> int:
    """Bytes of every letter under the charter that holds now; RequestRefusedError (503)."""
    return letter_len(publisher.standing.charter.body.parameters.letter_slots)
