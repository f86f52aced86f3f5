"""Every answer there is: a status, a body, and one strict set of headers. Spec §10.2.

The headers are the same on every answer, errors included; none tells the time, the software, or
one visitor from another. Error answers of the API have no body.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from starlette.types import Message, Send

from silent_courier.protocol.strict_headers import (
    MAY_BE_THERE,
    OCTETS,
    PORTAL_POLICY,
    Headers,
    strict_headers,
)

PIECE_LEN: Final = 64 * 1024
_NO_CONTENT: Final = 204


@dataclass(frozen=True, slots=True)
class Stream:
    """A body that is never in memory whole: its length, and its pieces."""

    length: int
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body, of what kind the body is, and whether the connection ends with it."""

    status: int = 200
    body: bytes | Stream = b""
    kind: bytes = OCTETS
    last: bool = False


def headers(length: int, kind: bytes = OCTETS) -> Headers:
    """The headers of an answer whose body has this many bytes and is of this kind."""
    return strict_headers(PORTAL_POLICY, kind, length)


def _without_length(head: Headers) -> Headers:
    """A 204 has no body whose length could be told. RFC 9110 §8.6."""
    return [header for header in head if header[0] != b"content-length"]


async def send_answer(send: Send, answer: Answer) -> None:
    """Send an answer, no faster than the other side takes it."""
    body = answer.body
    length = body.length if isinstance(body, Stream) else len(body)
    head = headers(length, answer.kind)
    if answer.status == _NO_CONTENT:
        head = _without_length(head)
    if answer.last:
        head.append(MAY_BE_THERE)
    await send({"type": "http.response.start", "status": answer.status, "headers": head})
    if isinstance(body, Stream):
        async for piece in body.pieces:
            await send(_piece(piece, more=True))
    elif length > PIECE_LEN:
        # Handed over whole, a long answer would lie in memory once for each slow reader.
        for start in range(0, length, PIECE_LEN):
            await send(_piece(body[start : start + PIECE_LEN], more=True))
            # Who has left is noticed in between; else the loop would write a line for each piece.
            await asyncio.sleep(0)
    else:
        await send(_piece(body, more=False))
        return
    await send(_piece(b"", more=False))


def _piece(data: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}
