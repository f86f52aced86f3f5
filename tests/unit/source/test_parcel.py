import asyncio
import hashlib
import secrets
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from silent_courier.protocol.attachment import AttachmentSeal, derive_chunk_id, open_chunk
from silent_courier.protocol.errors import (
    AttachmentChangedError,
    AttachmentUnreadableError,
    MalformedPayloadError,
    PayloadTooLongError,
    PortalFullError,
    PortalRefusedError,
    TooManyAttachmentsError,
)
from silent_courier.protocol.payload import FormAnswer
from silent_courier.protocol.sizes import CHUNK_LEN, SEALED_CHUNK_LEN
from silent_courier.source.attachments import AttachmentSource, attach_bytes, attach_file
from silent_courier.source.compose import Draft
from silent_courier.source.parcel import Enclosure, Parcel, prepare, send_chunks
from silent_courier.source.portal import Portal, take_ticket
from silent_courier.source.progress import Progress, untold
from silent_courier.tor.transport import Transport
from tests.unit.source.small_portal import SmallPortal, make_portal, no_sleep, reach

FIVE_MIB = Random(5).randbytes(5 * CHUNK_LEN - 17)  # five chunks, padded to six


@pytest.fixture
def small() -> SmallPortal:
    return make_portal()


async def parcel_of(*data: bytes) -> Parcel:
    sources = tuple(attach_bytes(f"{n}.bin", part) for n, part in enumerate(data))
    return await prepare(Draft("a", attachments=sources), secrets.token_bytes)


def door(transport: Transport, heard: list[Progress] | None = None) -> Portal:
    on_progress = untold if heard is None else heard.append
    return Portal(transport, secrets.token_bytes, no_sleep, on_progress)


async def send(portal: Portal, small: SmallPortal, parcel: Parcel, streams: int = 4) -> str:
    ticket = await take_ticket(portal)
    return await send_chunks(portal, parcel, small.charter.org_id, ticket, streams)


def opened(small: SmallPortal, enclosure: Enclosure) -> bytes:
    """The attachment as a desk puts it together from what the portal holds."""
    seal = AttachmentSeal(enclosure.key, small.charter.org_id, enclosure.id, enclosure.chunks)
    parts = [
        open_chunk(seal, index, small.chunks[derive_chunk_id(seal, index).hex()])
        for index in range(enclosure.chunks)
    ]
    return b"".join(parts)


async def test_what_is_uploaded_opens_to_the_file_and_its_padding(
    small: SmallPortal, short_path: Path
) -> None:
    parcel = await parcel_of(FIVE_MIB, b"", b"note")
    async with reach(small, short_path) as transport:
        await send(door(transport), small, parcel)

    first, empty, note = parcel.enclosures
    assert opened(small, first) == FIVE_MIB.ljust(6 * CHUNK_LEN, b"\0")
    assert opened(small, empty) == bytes(CHUNK_LEN)
    assert opened(small, note)[:5] == b"note\0"
    assert len(small.chunks) == 8


async def test_the_letter_names_what_was_uploaded(small: SmallPortal) -> None:
    parcel = await parcel_of(FIVE_MIB)

    (attachment,) = parcel.attachments
    assert attachment.sha256 == hashlib.sha256(FIVE_MIB).hexdigest()
    assert (attachment.name, attachment.size, attachment.chunks) == ("0.bin", len(FIVE_MIB), 6)


async def test_a_portal_sees_chunks_of_one_length_under_names_that_say_nothing(
    small: SmallPortal, short_path: Path
) -> None:
    parcel = await parcel_of(FIVE_MIB, b"tiny")
    async with reach(small, short_path) as transport:
        await send(door(transport), small, parcel)

    puts = [seen for seen in small.seen if seen.method == "PUT"]
    assert {len(seen.body) for seen in puts} == {SEALED_CHUNK_LEN}
    assert len({seen.path for seen in puts}) == 7


async def test_a_used_up_ticket_is_followed_by_a_fresh_one(
    small: SmallPortal, short_path: Path
) -> None:
    small.ticket_chunks = 2
    parcel = await parcel_of(FIVE_MIB)
    async with reach(small, short_path) as transport:
        ticket = await send(door(transport), small, parcel, streams=2)

    assert len(small.chunks) == 6
    assert len(small.tickets) == 3
    assert ticket in small.tickets


async def test_without_attachments_the_ticket_stays_the_one_of_the_visit(
    small: SmallPortal, short_path: Path
) -> None:
    async with reach(small, short_path) as transport:
        ticket = await send_chunks(
            door(transport), await parcel_of(), small.charter.org_id, "Bearer x"
        )

    assert ticket == "Bearer x"
    assert small.seen == []


async def test_a_second_attempt_sends_what_is_missing_and_nothing_else(
    small: SmallPortal, short_path: Path
) -> None:
    parcel = await parcel_of(FIVE_MIB)
    small.refusals["PUT chunks"] = [0, 0, 0, 400]
    async with reach(small, short_path) as transport:
        with pytest.raises(PortalRefusedError):
            await send(door(transport), small, parcel, streams=1)
        assert len(small.chunks) == 3
        before = dict(small.chunks)
        small.seen.clear()
        await send(door(transport), small, parcel, streams=1)

    assert len([seen for seen in small.seen if seen.method == "PUT"]) == 3
    assert before.items() <= small.chunks.items()
    assert opened(small, parcel.enclosures[0])[: len(FIVE_MIB)] == FIVE_MIB


async def test_an_answer_lost_on_the_way_costs_nothing(
    small: SmallPortal, short_path: Path
) -> None:
    parcel = await parcel_of(FIVE_MIB)
    small.refusals["PUT chunks"] = [None, None, 503, 429]
    async with reach(small, short_path) as transport:
        await send(door(transport), small, parcel)

    assert opened(small, parcel.enclosures[0])[: len(FIVE_MIB)] == FIVE_MIB


async def test_a_full_portal_is_told_as_such(small: SmallPortal, short_path: Path) -> None:
    small.refusals["PUT chunks"] = [507] * 40
    async with reach(small, short_path) as transport:
        with pytest.raises(PortalFullError):
            await send(door(transport), small, await parcel_of(b"a"))


async def test_progress_ends_at_all_bytes_with_nothing_left(
    small: SmallPortal, short_path: Path
) -> None:
    heard: list[Progress] = []
    async with reach(small, short_path) as transport:
        await send(door(transport, heard), small, await parcel_of(FIVE_MIB))

    sent = [progress for progress in heard if progress.stage == "attachments"]
    assert [progress.done for progress in sent] == [n * CHUNK_LEN for n in range(7)]
    assert {progress.total for progress in sent} == {6 * CHUNK_LEN}
    assert sent[0].seconds_left is None
    assert sent[-1].seconds_left == 0.0


async def test_reading_the_files_is_progress_too() -> None:
    heard: list[Progress] = []
    draft = Draft("a", attachments=(attach_bytes("a", FIVE_MIB), attach_bytes("b", b"xyz")))
    await prepare(draft, secrets.token_bytes, heard.append)
    await asyncio.sleep(0)

    assert heard[-1] == Progress("files", len(FIVE_MIB) + 3, len(FIVE_MIB) + 3)


async def test_a_file_that_changes_while_it_uploads_ends_the_visit(
    small: SmallPortal, short_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(FIVE_MIB)
    parcel = await prepare(Draft("a", attachments=(attach_file(path),)), secrets.token_bytes)
    path.write_bytes(FIVE_MIB[:-1] + b"!")
    async with reach(small, short_path) as transport:
        with pytest.raises(AttachmentChangedError):
            await send(door(transport), small, parcel)


async def test_a_file_that_vanishes_while_it_uploads_ends_the_visit(
    small: SmallPortal, short_path: Path, tmp_path: Path
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(FIVE_MIB)
    parcel = await prepare(Draft("a", attachments=(attach_file(path),)), secrets.token_bytes)
    path.unlink()
    async with reach(small, short_path) as transport:
        with pytest.raises(AttachmentChangedError):
            await send(door(transport), small, parcel)


async def test_an_upload_can_be_called_off(small: SmallPortal, short_path: Path) -> None:
    heard: list[Progress] = []
    begun = asyncio.Event()

    def hear(progress: Progress) -> None:
        heard.append(progress)
        if progress.stage == "attachments" and progress.done:
            begun.set()

    parcel = await parcel_of(FIVE_MIB * 3)
    async with reach(small, short_path) as transport:
        portal = replace(door(transport), on_progress=hear)
        work = asyncio.create_task(send(portal, small, parcel, streams=1))
        await begun.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        at_most = len(small.chunks) + 1
        await asyncio.sleep(0.1)

    assert len(small.chunks) <= at_most < 16


async def test_a_long_text_becomes_a_file_by_itself() -> None:
    parcel = await prepare(Draft("я" * 9000, "ru"), secrets.token_bytes)

    assert parcel.text_attached
    assert parcel.draft.text == ""
    assert parcel.attachments[0].name == "letter.txt"
    assert parcel.attachments[0].size == 18_000


async def test_a_short_text_stays_in_the_letter() -> None:
    parcel = await prepare(Draft("a"), secrets.token_bytes)

    assert not parcel.text_attached
    assert parcel.attachments == ()


async def test_what_no_file_can_shorten_is_refused() -> None:
    draft = Draft("a", form=(FormAnswer(question="what", answer="я" * 9000),))

    with pytest.raises(PayloadTooLongError):
        await prepare(draft, secrets.token_bytes)


async def test_half_a_character_is_refused_however_long_the_text() -> None:
    with pytest.raises(MalformedPayloadError):
        await prepare(Draft("я" * 9000 + "\ud800"), secrets.token_bytes)


@pytest.mark.parametrize(("text", "files"), [("a", 17), ("я" * 9000, 16)])
async def test_more_files_than_a_letter_can_name_are_refused(text: str, files: int) -> None:
    sources = tuple(attach_bytes("a", b"") for _ in range(files))

    with pytest.raises(TooManyAttachmentsError):
        await prepare(Draft(text, attachments=sources), secrets.token_bytes)


async def test_a_file_that_is_gone_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    gone = AttachmentSource("a", 3, lambda: (tmp_path / "gone").open("rb"))

    with pytest.raises(AttachmentUnreadableError):
        await prepare(Draft("a", attachments=(gone,)), secrets.token_bytes)


def test_no_key_shows_when_a_parcel_is_printed() -> None:
    parcel = asyncio.run(parcel_of(b"a"))

    assert repr(parcel.enclosures[0].key) not in repr(parcel)
