"""Deadlines on bodies, both ways: idle for too long, or too slow on the whole. Spec §10.7.

What misses one is cut off without an answer. Heads have theirs in `http_protocol`.
"""

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from silent_courier.server.limits import Limits


def with_deadlines(app: ASGIApp, limits: Limits) -> ASGIApp:
    """The same app, cut off from who dawdles. The scope's state holds `abort`."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        abort = scope["state"]["abort"]
        pace = _Pace(limits, asyncio.get_running_loop().time())

        async def receive_in_time() -> Message:
            try:
                async with asyncio.timeout(limits.idle_s):
                    message = await receive()
            except TimeoutError:
                message = {"type": "http.disconnect"}
            now = asyncio.get_running_loop().time()
            if message["type"] == "http.request" and pace.keeps_up(len(message["body"]), now):
                return message
            abort()
            return await _disconnected(receive)

        async def send_in_time(message: Message) -> None:
            # Pieces are as long as the buffer they wait for: the idle time bounds their rate.
            try:
                async with asyncio.timeout(limits.idle_s):
                    await send(message)
            except TimeoutError:
                abort()
                await _disconnected(receive)

        await app(scope, receive_in_time, send_in_time)

    return guarded


@dataclass(slots=True)
class _Pace:
    limits: Limits
    start: float
    received: int = 0

    def keeps_up(self, length: int, now: float) -> bool:
        self.received += length
        elapsed = now - self.start
        return (
            elapsed < self.limits.grace_s
            or self.received >= (elapsed - self.limits.grace_s) * self.limits.min_bytes_per_s
        )


async def _disconnected(receive: Receive) -> Message:
    """Wait until the server knows that the connection is gone."""
    while (message := await receive())["type"] != "http.disconnect":
        pass
    return message
