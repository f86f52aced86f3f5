"""What a desk may ask at the desk onion, with the token of its device. Spec §11.

A token that is unknown, or of a device that the charter does not name any more, gets the answer
that no token gets.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import msgspec

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import (
    DayKeyTakenError,
    MalformedCellError,
    MalformedLetterError,
    ManifestTakenError,
    QuotaError,
    RequestRefusedError,
    TagTakenError,
)
from silent_courier.protocol.sizes import (
    CELL_LEN,
    DAY_LEN,
    HASH_LEN,
    LENGTH_PREFIX_LEN,
    MANIFEST_LEN_MAX,
)
from silent_courier.protocol.statements import parse_statements
from silent_courier.server.answers import Answer
from silent_courier.server.draws import Clock, Random
from silent_courier.server.keyring import STATEMENTS_LEN_MAX, check_statements
from silent_courier.server.public_app import (
    DONE,
    current_letter_len,
    keep_letter,
    reading_routes,
)
from silent_courier.server.publisher import Publisher
from silent_courier.server.routes import (
    HEX_32,
    NOT_FOUND,
    UNAUTHORISED,
    Handler,
    Request,
    Route,
    chunk_id,
)
from silent_courier.server.store import Store
from silent_courier.storage.server.cells import Posting, queue_cells, read_queue_lengths
from silent_courier.storage.server.letters import count_by_day
from silent_courier.storage.server.staged_letters import hashes_of_day, read_letters

LETTERS_PER_READ: Final = 64
CELLS_PER_BATCH: Final = 256
_CONFLICT: Final = Answer(409)
_OVER_QUOTA: Final = Answer(429)

DeviceHandler = Callable[[Request, int], Awaitable[Answer]]


class DeskApp:
    """The handlers of the desk onion."""

    def __init__(self, publisher: Publisher, store: Store, clock: Clock, random: Random) -> None:
        self._publisher = publisher
        self._store = store
        self._clock = clock
        self._random = random

    def routes(self) -> Sequence[Route]:
        """Every route of the desk onion; none without a token."""
        device = self._for_device
        letter_max = partial(current_letter_len, self._publisher)
        hashes_max, cells_max = LETTERS_PER_READ * HASH_LEN, CELLS_PER_BATCH * CELL_LEN
        return (
            *reading_routes(self._publisher, self._for_any_device),
            Route("GET", "/v1/status", device(self._status)),
            Route("GET", "/v1/days", device(self._days)),
            Route("GET", "/v1/days/([0-9]{1,9})", device(self._day)),
            Route("POST", "/v1/letters/read", device(self._read_letters), lambda: hashes_max),
            Route("GET", f"/v1/chunks/{HEX_32}", device(self._chunk)),
            Route("POST", "/v1/letters", device(self._take_letter), letter_max),
            Route("POST", "/v1/cells", device(self._take_cells), lambda: cells_max),
            Route("POST", "/v1/statements", device(self._state), lambda: STATEMENTS_LEN_MAX),
            Route("POST", "/v1/manifest", device(self._take_manifest), lambda: MANIFEST_LEN_MAX),
        )

    def _for_device(self, handler: DeviceHandler) -> Handler:
        async def authorised(request: Request) -> Answer:
            device = self._publisher.standing.device_of(request.token())
            if device is None:
                raise RequestRefusedError(UNAUTHORISED)
            with request.seat.hold():
                return await handler(request, device)

        return authorised

    def _for_any_device(self, handler: Handler) -> Handler:
        async def regardless(request: Request, _: int) -> Answer:
            return await handler(request)

        return self._for_device(regardless)

    async def _status(self, _: Request, device: int) -> Answer:
        queued = await self._store.read(partial(read_queue_lengths, device=device))
        status = {
            "day": day_of(self._clock()),
            "serial": self._publisher.standing.charter.body.serial,
            "epoch": self._publisher.epoch,
            "queued_cells": queued.own,
            "queued_all": queued.everyone,
        }
        return Answer(body=msgspec.json.encode(status))

    async def _days(self, _: Request, __: int) -> Answer:
        days = await self._store.read(count_by_day)
        return Answer(
            body=b"".join(
                day.to_bytes(DAY_LEN, "big") + count.to_bytes(LENGTH_PREFIX_LEN, "big")
                for day, count in days
            )
        )

    async def _day(self, request: Request, _: int) -> Answer:
        day = int(request.argument)
        live = self._store.keys.live
        work = partial(hashes_of_day, day=day, live=live)
        return Answer(body=b"".join(await self._store.read(work)))

    async def _read_letters(self, request: Request, _: int) -> Answer:
        hashes = _split(await request.body.read(), HASH_LEN)
        if hashes is None:
            raise MalformedLetterError
        # The keys first: what comes under a later one came after the question.
        live = self._store.keys.live
        letters = await self._store.read(partial(read_letters, hashes=hashes, live=live))
        return Answer(
            body=b"".join(
                len(letter).to_bytes(LENGTH_PREFIX_LEN, "big") + letter for letter in letters
            )
        )

    async def _chunk(self, request: Request, _: int) -> Answer:
        chunk = await self._store.open_chunk(chunk_id(request))
        return NOT_FOUND if chunk is None else Answer(body=chunk)

    async def _take_letter(self, request: Request, _: int) -> Answer:
        return await keep_letter(request, self._publisher, self._store, self._clock, self._random)

    async def _take_cells(self, request: Request, device: int) -> Answer:
        cells = _split(await request.body.read(), CELL_LEN)
        if cells is None:
            raise MalformedCellError
        quota = self._publisher.standing.charter.body.parameters.cells_per_day
        posting = Posting(device, day_of(self._clock()), cells, quota)
        try:
            await self._store.stage(partial(queue_cells, posting=posting))
        except TagTakenError:
            return _CONFLICT
        except QuotaError:
            return _OVER_QUOTA
        return DONE

    async def _state(self, request: Request, device: int) -> Answer:
        statements = parse_statements(await request.body.read())
        charter = self._publisher.standing.charter
        check_statements(statements, device, charter, self._clock())
        try:
            await self._publisher.state(statements)
        except DayKeyTakenError:
            return _CONFLICT
        return DONE

    async def _take_manifest(self, request: Request, device: int) -> Answer:
        data = await request.body.read()
        try:
            await self._publisher.manifests.take(data, device, self._publisher.standing)
        except ManifestTakenError:
            return _CONFLICT
        return DONE


def _split(data: bytes, length: int) -> list[bytes] | None:
    """Parts of one length; None when there is none, or the last is cut."""
    if not data or len(data) % length:
        return None
    return [data[i : i + length] for i in range(0, len(data), length)]
