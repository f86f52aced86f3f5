"""The body of a request: bounded before it is read, and read once. Spec §10.1."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from starlette.types import Receive, Scope

from silent_courier.protocol.errors import BodyCutShortError, RequestRefusedError

BAD_REQUEST: Final = 400
TOO_LONG: Final = 413


class Body:
    """What follows the head: at most `limit` bytes, else 413."""

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._received = 0
        self._more = True
        self._declared = _declared_length(scope)
        if self._declared is not None and self._declared > limit:
            self._more = False
            raise RequestRefusedError(TOO_LONG)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes as they come.

        Raises:
            RequestRefusedError: longer than allowed (413).
            BodyCutShortError: the other side left, or was too slow.
        """
        while self._more:
            message = await self._receive()
            if message["type"] != "http.request":
                self._more = False
                raise BodyCutShortError
            piece: bytes = message.get("body", b"")
            self._more = message.get("more_body", False)
            self._received += len(piece)
            if self._received > self._limit:
                self._more = False
                raise RequestRefusedError(TOO_LONG)
            yield piece

    async def pieces_of(self, length: int) -> AsyncIterator[bytes]:
        """The same; RequestRefusedError (400) too unless there are exactly `length` bytes."""
        if self._declared not in (None, length):
            raise RequestRefusedError(BAD_REQUEST)
        async for piece in self.pieces():
            yield piece
        if self._received != length:
            raise RequestRefusedError(BAD_REQUEST)

    async def read(self) -> bytes:
        """All of it; raises as `pieces`."""
        return b"".join([piece async for piece in self.pieces()])

    async def read_exactly(self, length: int) -> bytes:
        """All of it; raises as `pieces_of`."""
        return b"".join([piece async for piece in self.pieces_of(length)])

    async def discard(self) -> None:
        """Take in what is left, so that a client that sends before it reads gets its answer."""
        with suppress(RequestRefusedError):
            async for _ in self.pieces():
                pass


def _declared_length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value)
    return None
