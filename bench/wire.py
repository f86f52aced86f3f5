"""A visitor that costs little: just enough HTTP for a server whose answers we know.

The visitors' own code is measured elsewhere; here it would only be in the server's way.
"""

import asyncio
import itertools
from pathlib import Path
from typing import Self

_circuits = itertools.count(1)
_READ_LEN = 256 * 1024
_NO_CONTENT = 204


class Wire:
    """A connection to a unix socket, as tor makes one for a visitor's circuit."""

    def __init__(self, path: Path, *, proxied: bool = True) -> None:
        self._path = path
        self._proxied = proxied

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_unix_connection(self._path, limit=_READ_LEN)
        if self._proxied:
            self._writer.write(proxy_line(next(_circuits)))
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._writer.transport.abort()

    async def ask(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        *,
        ticket: bytes | None = None,
        expect: int = 200,
        host: str = "x",
    ) -> bytes:
        """The answer's body; RuntimeError for another status than expected."""
        self._writer.write(request_head(method, target, body, ticket, host))
        if body:
            self._writer.write(body)
            await self._writer.drain()
        return await self.answer(expect)

    async def answer(self, expect: int = 200) -> bytes:
        """The next answer's body."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        if status != expect:
            raise RuntimeError(f"{status} where {expect} was expected")
        if status == _NO_CONTENT:
            return b""
        start = head.find(b"content-length: ") + 16
        length = int(head[start : head.index(b"\r", start)])
        return await self._reader.readexactly(length) if length else b""

    async def ticket(self, challenge: bytes, nonce: int) -> bytes:
        """A ticket for a proof of no bits: any nonce will do, once."""
        return await self.ask("POST", "/v1/tickets", challenge + nonce.to_bytes(16, "big"))

    async def challenge(self) -> bytes:
        """The challenge that tickets are given for now."""
        offer = await self.ask("GET", "/v1/tickets")
        assert offer[0] == 0
        return offer[1:]


def request_head(
    method: str,
    target: str,
    body: bytes | None = None,
    ticket: bytes | None = None,
    host: str = "x",
) -> bytes:
    """A request without its body."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    if ticket is not None:
        lines.append(f"Authorization: Bearer {ticket.hex()}")
    return "\r\n".join([*lines, "", ""]).encode("ascii")


def proxy_line(circuit: int) -> bytes:
    """What tor puts in front of a stream of this circuit."""
    high, low = divmod(circuit, 1 << 16)
    return b"PROXY TCP6 fc00:dead:beef:4dad::%x:%x ::1 43 80\r\n" % (high, low)
