"""A letter made ready to go, and the sending of its attachments. Spec §7.

A parcel fixes all that a second attempt must repeat: the letter's id, each attachment's key, which
chunks the portal has, and the sealed letter itself. It lives in memory only. Chunks are sealed one
by one when their turn comes; a letter goes after its last chunk, so nobody reads of a file that
is not there.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from silent_courier.protocol.attachment import AttachmentSeal, derive_chunk_id, seal_chunk
from silent_courier.protocol.errors import PayloadTooLongError, UploadRefusedError
from silent_courier.protocol.payload import Attachment
from silent_courier.protocol.sizes import (
    CHUNK_LEN,
    ID_LEN,
    KEY_LEN,
    chunk_count,
)
from silent_courier.source.attachments import (
    AttachmentSource,
    Digest,
    read_chunk,
    read_through,
)
from silent_courier.source.compose import Draft, attach_text, check_fits
from silent_courier.source.portal import Portal, refusal, take_ticket
from silent_courier.source.progress import (
    OnProgress,
    Progress,
    estimate_seconds_left,
    untold,
)
from silent_courier.source.proof import Random
from silent_courier.tor.upload import STREAMS, UploadJob, upload


@dataclass(slots=True)
class Enclosure:
    """One attachment on its way: its id, key and hashes, and the chunks the portal has."""

    source: AttachmentSource
    id: bytes
    key: bytes = field(repr=False)
    digest: Digest
    arrived: set[int] = field(default_factory=set)

    @property
    def chunks(self) -> int:
        """How many are sent, padding included."""
        return chunk_count(self.source.size)

    @property
    def attachment(self) -> Attachment:
        """How the letter names it."""
        return Attachment(
            id=self.id.hex(),
            name=self.source.name,
            size=self.source.size,
            sha256=self.digest.whole.hex(),
            key=self.key.hex(),
            chunks=self.chunks,
        )


@dataclass(slots=True)
class Parcel:
    """A draft, its letter's id, its enclosures, and the letter once it is sealed for a keyring."""

    draft: Draft
    letter_id: bytes
    enclosures: tuple[Enclosure, ...]
    text_attached: bool
    sealed: dict[tuple[bytes, int], bytes] = field(default_factory=dict, repr=False)

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """As the letter names them."""
        return tuple(enclosure.attachment for enclosure in self.enclosures)


async def prepare(draft: Draft, random: Random, on_progress: OnProgress = untold) -> Parcel:
    """Read all files once, draw keys and ids; a text too long for a letter becomes a file.

    Raises:
        PayloadTooLongError: too long even so: names or answers.
        MalformedPayloadError: a value breaks the schema.
        TooManyAttachmentsError, AttachmentUnreadableError, AttachmentChangedError
    """
    fitted = _fit(draft)
    loop = asyncio.get_running_loop()
    total, done = sum(source.size for source in fitted.attachments), 0

    def tell(length: int) -> None:
        nonlocal done
        done += length
        loop.call_soon_threadsafe(on_progress, Progress("files", done, total))

    enclosures = [
        Enclosure(
            source,
            random(ID_LEN),
            random(KEY_LEN),
            await asyncio.to_thread(read_through, source, tell),
        )
        for source in fitted.attachments
    ]
    return Parcel(fitted, random(ID_LEN), tuple(enclosures), fitted is not draft)


async def send_chunks(
    portal: Portal, parcel: Parcel, org_id: bytes, ticket: str, streams: int = STREAMS
) -> str:
    """Upload every chunk the portal does not have, `streams` at a time.

    Returns:
        The ticket that was good last, for the letter.

    Raises:
        AttachmentChangedError: a file is not what it was.
        PortalRefusedError, ProofTooHardError, TorError
    """
    jobs = list(_jobs(parcel, org_id))
    if not jobs:
        return ticket
    tickets = _Tickets(portal, ticket)
    meter = _Meter(portal, len(jobs))
    try:
        await upload(
            portal.transport,
            jobs,
            authorise=tickets.next,
            total=len(jobs),
            streams=streams,
            on_progress=meter.tell,
            sleep=portal.sleep,
        )
    except UploadRefusedError as error:
        raise refusal(error.status) from error
    return tickets.current


class _Tickets:
    """The ticket of the visit first, then fresh ones as they are used up."""

    def __init__(self, portal: Portal, first: str) -> None:
        self._portal = portal
        self._asked = False
        self.current = first

    async def next(self) -> str:
        if self._asked:
            self.current = await take_ticket(self._portal)
        self._asked = True
        return self.current


class _Meter:
    """Turns chunks done into bytes and an estimate of the rest."""

    def __init__(self, portal: Portal, total: int) -> None:
        self._on_progress = portal.on_progress
        self._now = asyncio.get_running_loop().time
        self._began = self._now()
        self._on_progress(Progress("attachments", 0, total * CHUNK_LEN))

    def tell(self, done: int, total: int) -> None:
        left = estimate_seconds_left(done, total, self._now() - self._began)
        self._on_progress(Progress("attachments", done * CHUNK_LEN, total * CHUNK_LEN, left))


def _fit(draft: Draft) -> Draft:
    try:
        check_fits(draft)
    except PayloadTooLongError:
        attached = attach_text(draft)
        check_fits(attached)
        return attached
    return draft


def _jobs(parcel: Parcel, org_id: bytes) -> Iterator[UploadJob]:
    for enclosure in parcel.enclosures:
        seal = AttachmentSeal(enclosure.key, org_id, enclosure.id, enclosure.chunks)
        for index in range(enclosure.chunks):
            if index not in enclosure.arrived:
                yield UploadJob(
                    f"/v1/chunks/{derive_chunk_id(seal, index).hex()}",
                    partial(_make_chunk, enclosure, seal, index),
                    partial(enclosure.arrived.add, index),
                )


def _make_chunk(enclosure: Enclosure, seal: AttachmentSeal, index: int) -> bytes:
    return seal_chunk(seal, index, read_chunk(enclosure.source, enclosure.digest, index))
