"""A port on this machine before an honest server, which can answer in its place, and wrongly.

A house whose charter names such ports can be reached by any program, `courier desk run` too.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from silent_courier.organisation.store import ServerAddresses
from tests.e2e.house import House, open_house

Wrong = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
"""Takes a request's first line, and answers the connection to its end."""

PAGE: Final = b"<!doctype html><title>Welcome</title><script>alert(1)</script>"
HEAD_MAX: Final = 64 * 1024


def answering(*pieces: bytes) -> Wrong:
    """Says this, whatever was asked, and hangs up."""

    async def answer(_: bytes, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()

    return answer


def _head(status: str, length: int, *more: str) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {length}", *more)
    return "\r\n".join((*lines, "", "")).encode()


html = answering(_head("200 OK", len(PAGE), "Content-Type: text/html"), PAGE)
fault = answering(_head("500 Oh", 0))
elsewhere = answering(_head("302 Found", 0, "Location: http://127.0.0.1:1/"))
cut_short = answering(_head("200 OK", 100_000), b"x" * 70_000)
garbage = answering(bytes(range(256)) * 300)


async def endless(_: bytes, writer: asyncio.StreamWriter) -> None:
    """A body that has no end."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
        await writer.drain()


async def slow(_: bytes, writer: asyncio.StreamWriter) -> None:
    """A byte now and then."""
    writer.write(_head("200 OK", 100_000))
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(1)


class Crooked:
    """Hands on to `target` (HOST:PORT) what comes, unless it is told to answer itself."""

    def __init__(self) -> None:
        self.target = ""
        self.wrong: Wrong | None = None
        self.mute_from: bytes | None = None
        """A request that begins so reaches the server, and what it answers nobody."""
        self.seen: list[bytes] = []
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()
        await self.hang_up()

    @property
    def address(self) -> str:
        """HOST:PORT, as a charter names it."""
        assert self._server is not None
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def turn(self, wrong: Wrong | None) -> None:
        """Answer so from now on; who is here must come again."""
        self.wrong = wrong
        await self.hang_up()

    async def hang_up(self) -> None:
        """End every connection there is."""
        visits = set(self._visits)
        for visit in visits:
            visit.cancel()
        if visits:
            await asyncio.wait(visits)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.create_task(self._serve(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError, asyncio.LimitOverrunError):
            try:
                if self.wrong is None:
                    await self._hand_on(reader, writer)
                    return
                self.seen.append(await reader.readuntil(b"\r\n"))
                await self.wrong(self.seen[-1], writer)
            finally:
                writer.close()

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = self.target.partition(":")
        there, here = await asyncio.open_connection(host, int(port))
        told = asyncio.Event()
        told.set()

        def heard(data: bytes) -> bytes:
            if self.mute_from is not None and data.startswith(self.mute_from):
                told.clear()
            return data

        try:
            await asyncio.gather(
                _pour(reader, here, heard),
                _pour(there, writer, lambda data: data if told.is_set() else b""),
            )
        finally:
            here.close()


async def _pour(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, let: Callable[[bytes], bytes]
) -> None:
    while data := await source.read(65536):
        sink.write(let(data))
        await sink.drain()
    sink.close()


@dataclass(frozen=True, slots=True)
class Street:
    """A house that every program on this machine finds, and the port before its desk onion."""

    house: House
    desks: Crooked

    def directory(self, label: str) -> Path:
        """Of this handler's vault, which the house itself lets go of."""
        vault = self.house.desk(label).vault
        vault.close()
        return vault.directory


@asynccontextmanager
async def open_street(directory: Path, begin: float) -> AsyncIterator[Street]:
    """A house as `open_house` makes it, reached at the addresses that its charter names."""
    async with Crooked() as portal, Crooked() as desks:
        addresses = ServerAddresses(portal.address, desks.address)
        async with open_house(directory, begin=begin, addresses=addresses) as house:
            portal.target = urlsplit(house.server.portal_url).netloc
            desks.target = urlsplit(house.server.desk_url).netloc
            yield Street(house, desks)
