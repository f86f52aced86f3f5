"""One HTTP/1.1 connection over any stream, with hard bounds.

Never reads more of a body than the caller allows, follows nothing, keeps no cookies, asks for no
encoding, and sends the headers of §10.3 and no others, whoever asks, unless it is given all of a
browser's. Anything that stalls, breaks off or breaks the rules is a lost connection. Spec §10.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final

import h11

from silent_courier.protocol.errors import ConnectionLostError, ResponseTooLongError
from silent_courier.tor.socks import Stream

BytesDone = Callable[[int], None]
"""Takes the bytes of the body that are through so far."""

Headers = tuple[tuple[str, str], ...]
"""Names and values, in the order in which they are sent."""

SLICE_LEN = 64 * 1024
"""Bytes written or read at once."""

_WITH_BODY: Final = frozenset({"POST", "PUT"})
"""Methods whose requests have a body, if an empty one."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """For a new stream, for each step of an exchange, and the slowest upload allowed."""

    connect_s: float = 120.0
    idle_s: float = 60.0
    min_bytes_per_s: int = 2048


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `authorization` is that header's value, empty where there is none.

    `headers` are sent instead of all others; a body has no place beside them.
    """

    method: str
    path: str
    body: bytes
    max_len: int
    authorization: str = ""
    on_sent: BytesDone | None = None
    on_received: BytesDone | None = None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Response:
    """What came back: any status, a body no longer than was allowed, and the headers as sent.

    Those of a 1xx that came before are among them: a browser heeds some.
    """

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = field(default=(), compare=False, repr=False)


class Connection:
    """A stream and where HTTP stands on it; used by one request at a time."""

    def __init__(self, stream: Stream, host: str, timeouts: Timeouts) -> None:
        self._reader, self._writer = stream
        # A small buffer, so that progress tells of what tor took and a stall is seen early.
        self._writer.transport.set_write_buffer_limits(high=SLICE_LEN)
        self._host = host
        self._timeouts = timeouts
        self._http = h11.Connection(h11.CLIENT)

    @property
    def usable(self) -> bool:
        """One more request may be tried on it."""
        idle = self._http.our_state is h11.IDLE and self._http.their_state is h11.IDLE
        return idle and not self._reader.at_eof() and not self._writer.is_closing()

    def close(self) -> None:
        """Close without waiting for anybody."""
        self._writer.transport.abort()

    async def exchange(self, request: Request) -> Response:
        """One request and its response; ConnectionLostError, ResponseTooLongError, ValueError."""
        head = self._head(request)
        # Else a server could hold a visitor for ever with a byte now and then.
        slowest = (len(request.body) + request.max_len) / self._timeouts.min_bytes_per_s
        try:
            async with asyncio.timeout(2 * self._timeouts.idle_s + slowest):
                await self._send(head, request)
                return await self._receive(request)
        except (OSError, TimeoutError, h11.ProtocolError) as error:
            raise ConnectionLostError from error

    def _head(self, request: Request) -> h11.Request:
        headers = list(request.headers) or [("Host", self._host), ("Connection", "keep-alive")]
        if request.body or request.method in _WITH_BODY:
            headers.append(("Content-Length", str(len(request.body))))
            headers.append(("Content-Type", "application/octet-stream"))
        if request.authorization:
            headers.append(("Authorization", request.authorization))
        try:
            return h11.Request(method=request.method, target=request.path, headers=headers)
        except h11.LocalProtocolError as error:
            raise ValueError("a method, path or header that HTTP cannot carry") from error

    async def _send(self, head: h11.Request, request: Request) -> None:
        await self._write(self._http.send(head))
        for start in range(0, len(request.body), SLICE_LEN):
            piece = request.body[start : start + SLICE_LEN]
            await self._write(self._http.send(h11.Data(data=piece)))
            if request.on_sent is not None:
                request.on_sent(start + len(piece))
        await self._write(self._http.send(h11.EndOfMessage()))

    async def _write(self, data: bytes | None) -> None:
        if not data:
            return
        self._writer.write(data)
        async with asyncio.timeout(self._timeouts.idle_s):
            await self._writer.drain()

    async def _receive(self, request: Request) -> Response:
        # What was sent may still be on its way through slow relays: the first byte may take so much
        # longer.
        patience = self._timeouts.idle_s + len(request.body) / self._timeouts.min_bytes_per_s
        status, body = 0, bytearray()
        headers: tuple[tuple[bytes, bytes], ...] = ()
        async for event in self._events(patience):
            if isinstance(event, h11.Response):
                status, headers = event.status_code, (*headers, *event.headers)
            elif isinstance(event, h11.InformationalResponse):
                headers = (*headers, *event.headers)
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > request.max_len:
                    raise ResponseTooLongError
                if request.on_received is not None:
                    request.on_received(len(body))
        return Response(status, bytes(body), headers)

    async def _events(self, patience: float) -> AsyncIterator[object]:
        wait = patience
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                async with asyncio.timeout(wait):
                    data = await self._reader.read(SLICE_LEN)
                self._http.receive_data(data)
                continue
            if isinstance(event, h11.ConnectionClosed):
                raise ConnectionLostError
            yield event
            if isinstance(event, h11.EndOfMessage):
                if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
                    self._http.start_next_cycle()
                return
            wait = self._timeouts.idle_s
