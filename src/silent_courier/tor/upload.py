"""Sends many bodies at once, each stream on a circuit of its own.

A body is made when its turn comes, so memory holds one for each stream. What the server refuses for
good ends the whole upload; a used-up ticket is replaced by whoever called. Knows nothing of what is
sent. Spec §10.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from silent_courier.protocol.errors import UploadRefusedError
from silent_courier.tor.transport import NETWORK_TROUBLE, Sleep, Transport

STREAMS = 4
ATTEMPTS = 6
"""Tries of one job, after those of the transport itself."""

FIRST_DELAY_S = 1.0
RENEWALS_MAX = 3
"""Fresh tickets for one job; a server that takes none of them refuses for good."""

_ACCEPTED = frozenset({204})
_UNAUTHORISED = 401
_TOO_MANY = 429
_TROUBLE = 599
"""In place of a status, when the network gave none."""

Authorise = Callable[[], Awaitable[str]]
"""Gets a ticket and gives the value of the Authorization header."""


@dataclass(frozen=True, slots=True)
class UploadJob:
    """One body to PUT at a path; `make_body` runs in a thread when its turn comes.

    on_done: told once it is accepted, so that a later upload need not repeat it.
    """

    path: str
    make_body: Callable[[], bytes]
    on_done: Callable[[], None] | None = None


class _Ticket:
    """The header that all streams use, renewed once however many of them find it used up."""

    def __init__(self, authorise: Authorise) -> None:
        self._authorise = authorise
        self._value: str | None = None
        self._lock = asyncio.Lock()

    async def get(self, refused: str | None) -> str:
        """The current value, renewed first when it is the one that was refused."""
        async with self._lock:
            if self._value is None or self._value == refused:
                self._value = await self._authorise()
            return self._value


class _Progress:
    """How many jobs are done, told to whoever wants to know."""

    def __init__(self, total: int, tell: Callable[[int, int], None] | None) -> None:
        self._done = 0
        self._total = total
        self._tell = tell

    def advance(self) -> None:
        self._done += 1
        if self._tell is not None:
            self._tell(self._done, self._total)


async def upload(
    transport: Transport,
    jobs: Iterable[UploadJob],
    *,
    authorise: Authorise,
    total: int,
    streams: int = STREAMS,
    accepted: Collection[int] = _ACCEPTED,
    on_progress: Callable[[int, int], None] | None = None,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """PUT every job; returns when all are accepted.

    Args:
        transport: each stream is a purpose of its own on it.
        jobs: taken one by one as streams get free; may be a generator.
        authorise: asked for the Authorization header at the first job and after a 401.
        total: how many jobs there are, for `on_progress`.
        streams: how many at once; memory holds so many bodies.
        accepted: statuses that mean done.
        on_progress: told jobs done and `total` after each.
        sleep: seconds, between the tries of a job.

    Raises:
        UploadRefusedError: a status that no repetition can change, or tries used up.
        TorError: the network stayed away.
        Whatever `authorise` or a `make_body` raises.
    """
    ticket, progress, queue = _Ticket(authorise), _Progress(total, on_progress), iter(jobs)
    workers = [
        asyncio.create_task(
            _work(_Sender(transport, f"upload-{n}", ticket, accepted, sleep), queue, progress)
        )
        for n in range(streams)
    ]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.wait(workers)


async def _work(sender: "_Sender", queue: Iterator[UploadJob], progress: _Progress) -> None:
    for job in queue:
        await sender.send(job.path, await asyncio.to_thread(job.make_body))
        if job.on_done is not None:
            job.on_done()
        progress.advance()


@dataclass(frozen=True, slots=True)
class _Sender:
    """One stream of the upload."""

    transport: Transport
    purpose: str
    ticket: _Ticket
    accepted: Collection[int]
    sleep: Sleep

    async def send(self, path: str, body: bytes) -> None:
        """Bring one body through; UploadRefusedError, TorError."""
        header = await self.ticket.get(None)
        renewals = 0
        for attempt in itertools.count():
            status = await self._put(path, body, header, patient=attempt < ATTEMPTS)
            if status in self.accepted:
                return
            if status == _UNAUTHORISED and renewals < RENEWALS_MAX:
                renewals += 1
                header = await self.ticket.get(header)
            elif _may_change(status) and attempt < ATTEMPTS:
                await self.sleep(FIRST_DELAY_S * 2**attempt)
            else:
                raise UploadRefusedError(status)

    async def _put(self, path: str, body: bytes, header: str, *, patient: bool) -> int:
        try:
            response = await self.transport.request(
                "PUT", path, body=body, authorization=header, purpose=self.purpose
            )
        except NETWORK_TROUBLE:
            # The transport has tried new circuits already; a server that restarts needs longer.
            if patient:
                return _TROUBLE
            raise
        return response.status


def _may_change(status: int) -> bool:
    return status == _TOO_MANY or status >= 500
