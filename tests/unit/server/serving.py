"""For tests of the HTTP layers: a listener of ours with an app of the test."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from starlette.types import ASGIApp, Receive, Scope, Send

from silent_courier.server.answers import Answer, send_answer
from silent_courier.server.limits import Limits
from silent_courier.server.listener import Door, Listener, address_of, bind_tcp
from silent_courier.server.seats import SeatLimits, Seats
from tests.unit.server.kit import Client

FAST = replace(Limits(), head_s=0.3, idle_s=0.4, grace_s=0.3, keep_alive_s=1, stop_s=0.3)


@dataclass(frozen=True, slots=True)
class Served:
    """A listener that runs, and where."""

    listener: Listener
    address: str

    def client(self, first: bytes = b"") -> Client:
        return Client(self.address, first=first)

    async def raw(self, data: bytes, *, then_close: bool = False) -> bytes:
        """Send these bytes and take everything until the server hangs up."""
        async with self.client(data) as client:
            if then_close:
                client.writer.write_eof()
            return await read_all(client.reader)


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """All bytes until the end, however it comes."""
    data = b""
    try:
        while piece := await asyncio.wait_for(reader.read(1 << 16), 5):
            data += piece
    except ConnectionError:
        pass
    return data


def seats(connections: int, *, circuit: int = 12, share: int = 6) -> Seats:
    """Seats for so many connections, half of them to be held."""
    limits = SeatLimits(connections, circuit, share, held=connections // 2)
    return Seats(limits, time.monotonic, os.urandom)


@asynccontextmanager
async def serve(
    app: ASGIApp, *, limits: Limits = FAST, connections: int = 50, proxied: bool = False
) -> AsyncIterator[Served]:
    """An app behind a listener on loopback."""
    bound = bind_tcp("127.0.0.1:0")
    listener = Listener(app, [Door(bound, proxied)], limits, seats(connections))
    address = address_of(bound)
    await listener.start()
    try:
        yield Served(listener, address)
    finally:
        await listener.stop()


def reading_app(seen: list[bytes]) -> ASGIApp:
    """Reads the whole body, remembers it, and says done."""

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message["more_body"]:
                seen.append(body)
                await send_answer(send, Answer(204))
                return
        seen.append(b"gone")

    return app


def answering_app(answer: Callable[[Scope], Answer]) -> ASGIApp:
    """Answers at once, body or not."""

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        await send_answer(send, answer(scope))

    return app


Until = Callable[[], bool]


async def until(holds: Until, timeout_s: float = 3) -> None:
    """Wait until this holds."""
    async with asyncio.timeout(timeout_s):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


Work = Callable[[], Awaitable[None]]
