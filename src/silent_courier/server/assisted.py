"""The assisted form: a letter sealed, or an answer found, by the server itself. Spec §10.10.

For who has no script, and only where the operator allows it. This module derives and seals nothing:
the command line hands it a source's functions. What is typed lives in memory for as long as one
request, is never logged and never stored; a server that lies could do either, and the page says so.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeVar

from silent_courier.protocol.errors import CourierError, RequestRefusedError
from silent_courier.server.publisher import Publisher

T = TypeVar("T")

WAITING_MAX: Final = 40
"""Each takes a core and 64 MiB for a moment; who would wait longer than people do is sent away."""

_BUSY: Final = 503


@dataclass(frozen=True, slots=True)
class Post:
    """What may be answered to: the documents of now, as everybody gets them."""

    keyring: bytes
    board: bytes
    org_id: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, or word that a letter was opened. Days since 1970-01-01 UTC."""

    kind: Literal["answer", "opened"]
    day: int
    label: str
    left: bool
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class FoundAll:
    """All that was found, newest first; a letter to leave in return, if one would be taken.

    partial: some, but not all, of the parts of an answer are on the board.
    """

    found: tuple[Found, ...]
    partial: bool
    damaged: bool
    cover: bytes | None = field(repr=False)


class Assistant(Protocol):
    """What a source does for itself elsewhere. Every method may block; they raise ProtocolError."""

    def draw(self) -> str:
        """A new receipt: 24 digits."""

    def parse(self, typed: str) -> str:
        """The 24 digits of a receipt in what somebody typed; MalformedReceiptError."""

    def seal(self, post: Post, receipt: str, text: str, language: str) -> bytes:
        """The sealed letter."""

    def find(self, post: Post, receipt: str) -> FoundAll:
        """What the board holds for this receipt."""


@dataclass(frozen=True, slots=True)
class UnworkedLane:
    """How who cannot work gets a ticket, before it costs the server work; and what it buys."""

    enter: Callable[[], Awaitable[bytes]]
    keep: Callable[[bytes, bytes], Awaitable[None]]


class Assisted:
    """Seals and finds, one request at a time."""

    def __init__(
        self,
        assistant: Assistant,
        publisher: Publisher,
        lane: UnworkedLane,
    ) -> None:
        self._assistant = assistant
        self._publisher = publisher
        self._lane = lane
        self._one = ThreadPoolExecutor(1, "assisted")
        self._waiting = 0

    def close(self) -> None:
        """Let go of the thread."""
        self._one.shutdown(cancel_futures=True)

    def draw(self) -> str:
        """A new receipt, which is nobody's until somebody writes under it."""
        return self._assistant.draw()

    async def write(self, typed: str, text: str, language: str) -> None:
        """Seal this text under the receipt that was typed, and keep the letter.

        Raises:
            MalformedReceiptError, PayloadTooLongError, MalformedPayloadError
            TooFewDayKeysError, NotEmptiedError, CharterExpiredError
            RequestRefusedError (503), DiskFullError, StorageError
        """
        receipt = self._assistant.parse(typed)
        ticket, post = await self._lane.enter(), self._post()
        letter = await self._alone(lambda: self._assistant.seal(post, receipt, text, language))
        await self._lane.keep(letter, ticket)

    async def read(self, typed: str) -> FoundAll:
        """What there is for the receipt that was typed; leaves an empty letter, as readers do.

        Raises:
            MalformedReceiptError, CharterExpiredError, RequestRefusedError (503)
        """
        receipt = self._assistant.parse(typed)
        ticket, post = await self._lane.enter(), self._post()
        found = await self._alone(lambda: self._assistant.find(post, receipt))
        if found.cover is not None:
            # The answers are there; what becomes of the empty letter is nobody's trouble.
            with suppress(CourierError):
                await self._lane.keep(found.cover, ticket)
        return found

    def _post(self) -> Post:
        standing = self._publisher.standing
        return Post(self._publisher.keyring, self._publisher.board, standing.charter.org_id)

    async def _alone(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_MAX:
            raise RequestRefusedError(_BUSY)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._one, work)
        finally:
            self._waiting -= 1
