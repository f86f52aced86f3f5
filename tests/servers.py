"""Small real servers for tests: an HTTP server that remembers, a SOCKS port leading to it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Seen:
    """One request; `circuit` is the PROXY line's address, or empty."""

    circuit: str
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return dict(self.headers).get(name)


Answer = Callable[[Seen], bytes | None]
"""The whole response, or None to hang up without one."""


def ok(body: bytes = b"", status: int = 200) -> bytes:
    head = f"HTTP/1.1 {status} OK\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class HttpServer:
    """Answers requests on a unix socket or a loopback port, and keeps what it saw."""

    def __init__(self, answer: Answer, *, proxied: bool = False) -> None:
        self._answer = answer
        self._proxied = proxied
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()
        self.seen: list[Seen] = []
        self.connections = 0

    async def listen_unix(self, path: Path) -> Self:
        self._server = await asyncio.start_unix_server(self._accept, path)
        return self

    async def listen_tcp(self) -> int:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        await _close(self._server, self._visits)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        visit = asyncio.create_task(self._serve(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            circuit = (await reader.readline()).decode().split()[2] if self._proxied else ""
            while line := await reader.readline():
                self.seen.append(await _read_request(circuit, line.decode(), reader))
                response = self._answer(self.seen[-1])
                if response is None:
                    return
                writer.write(response)
                await writer.drain()
        except (OSError, EOFError, IndexError):
            pass  # Visitors may leave at any point.
        finally:
            writer.close()


async def _close(server: asyncio.Server | None, visits: set[asyncio.Task[None]]) -> None:
    # Whoever has just connected is let in first, else nobody would close that connection.
    await asyncio.sleep(0.01)
    assert server is not None
    server.close()
    for visit in visits:
        visit.cancel()
    if visits:
        await asyncio.wait(visits)


async def _read_request(circuit: str, line: str, reader: asyncio.StreamReader) -> Seen:
    method, path, _ = line.split(" ", 2)
    headers = []
    while (text := (await reader.readline()).decode().strip()) != "":
        name, _, value = text.partition(":")
        headers.append((name.strip(), value.strip()))
    length = int(dict(headers).get("Content-Length", "0"))
    return Seen(circuit, method, path, tuple(headers), await reader.readexactly(length))


class SocksRelay:
    """A SOCKS port that leads every name to one unix socket, or refuses with a code."""

    def __init__(self, target: Path, *, code: int = 0) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._visits: set[asyncio.Task[None]] = set()
        self.code = code
        self.users: list[str] = []
        self.names: list[str] = []

    async def listen_unix(self, path: Path) -> Self:
        self._server = await asyncio.start_unix_server(self._accept, path)
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await _close(self._server, self._visits)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visit = asyncio.create_task(self._serve(reader, writer))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if await self._greet(reader, writer):
                await self._relay(reader, writer)
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        assert await reader.readexactly(3) == b"\x05\x01\x02"
        writer.write(b"\x05\x02")
        assert await reader.readexactly(1) == b"\x01"
        self.users.append((await reader.readexactly((await reader.readexactly(1))[0])).decode())
        await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x01\x00")
        assert await reader.readexactly(4) == b"\x05\x01\x00\x03"
        self.names.append((await reader.readexactly((await reader.readexactly(1))[0])).decode())
        await reader.readexactly(2)
        writer.write(bytes([5, self.code, 0, 1, 0, 0, 0, 0, 0, 0]))
        return self.code == 0

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_unix_connection(self._target)
        try:
            await asyncio.gather(_pour(reader, here), _pour(there, writer))
        finally:
            here.close()


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        sink.write(data)
        await sink.drain()
    sink.close()
