"""On the wire a visit that reads and a visit that writes are one and the same.

Loopback, since what Tor hides is not what is asked here: every byte between a source and its
server is counted, in both directions.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from silent_courier import desk as desks
from silent_courier.source.check import check
from silent_courier.source.compose import Draft
from silent_courier.source.write import write
from silent_courier.tor.transport import Transport
from tests.e2e.house import House, open_house

UP, DOWN = "up", "down"


@dataclass(slots=True)
class Wire:
    """Which way how many bytes went, turn by turn, and over how many connections."""

    turns: list[tuple[str, int]] = field(default_factory=list)
    connections: int = 0

    def count(self, way: str, length: int) -> None:
        if self.turns and self.turns[-1][0] == way:
            length += self.turns.pop()[1]
        self.turns.append((way, length))


@asynccontextmanager
async def tapped(house: House) -> AsyncIterator[tuple[Transport, Wire]]:
    """A transport to the portal through somebody who counts."""
    wire, pouring = Wire(), set[asyncio.Task[None]]()
    portal = urlsplit(house.server.portal_url)

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wire.connections += 1
        there, here = await asyncio.open_connection(portal.hostname, portal.port)
        for way, source, sink in ((UP, reader, here), (DOWN, there, writer)):
            pouring.add(asyncio.create_task(_pour(wire, way, source, sink)))

    tap = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = tap.sockets[0].getsockname()[1]
    async with Transport(
        f"http://127.0.0.1:{port}", socks=None, random_bytes=secrets.token_bytes
    ) as transport:
        yield transport, wire
    tap.close()
    await asyncio.wait(pouring)


async def _pour(
    wire: Wire, way: str, source: asyncio.StreamReader, sink: asyncio.StreamWriter
) -> None:
    try:
        while data := await source.read(65536):
            wire.count(way, len(data))
            sink.write(data)
            await sink.drain()
    except OSError:
        pass
    finally:
        sink.close()


async def write_on_the_wire(house: House, entropy: bytes, text: str) -> Wire:
    async with tapped(house) as (transport, wire):
        await write(
            transport,
            house.org_id,
            entropy,
            Draft(text, "ru"),
            clock=house.clock,
            random=secrets.token_bytes,
        )
    return wire


async def check_on_the_wire(house: House, entropy: bytes) -> Wire:
    async with tapped(house) as (transport, wire):
        checked = await check(
            transport,
            house.org_id,
            entropy,
            clock=house.clock,
            random=secrets.token_bytes,
        )
        assert checked.cover_accepted
    return wire


async def test_reading_writing_and_guessing_are_the_same_bytes_turn_by_turn(
    tmp_path: Path,
) -> None:
    used, unused = secrets.token_bytes(16), secrets.token_bytes(16)
    async with open_house(tmp_path) as house:
        await house.write(used, "Здравствуйте")
        await house.sync()
        desk = house.desk("Анна")
        desks.reply(desk, desks.list_threads(desk)[0].thread, "Спасибо", "ru")
        await house.post("Анна")
        wires = [
            await write_on_the_wire(house, used, "Ещё"),
            await write_on_the_wire(house, unused, "Письмо " * 800),
            await check_on_the_wire(house, used),
            await check_on_the_wire(house, secrets.token_bytes(16)),
        ]
        assert len((await house.check(used)).mailbox.answers) == 1

    assert wires[0].connections == 1
    assert [way for way, _ in wires[0].turns] == [UP, DOWN] * 5
    assert wires[1:] == wires[:1] * 3
