"""What a desk needs for a full letterbox: fetch it, open everything, file it in the vault."""

import asyncio
import secrets
import time
from collections.abc import Iterator, Sequence

from bench.figures import Figure
from bench.served import Served, served_with_day_keys
from bench.server import hand_in
from bench.wire import Wire
from bench.world import World, open_world
from silent_courier import desk as desks
from silent_courier.desk import Desk
from silent_courier.desk.remote import LETTERS_A_READ, DeskServer
from silent_courier.protocol.keyring import VerifiedKeyring, verify_keyring
from silent_courier.protocol.sizes import ENTROPY_LEN, ID_LEN
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft, compose_letter
from silent_courier.source.seal import seal_for
from silent_courier.source.write import write
from silent_courier.storage.vault import identity

LETTERS, QUICK_LETTERS = 1000, 200
ATTACHMENTS, QUICK_ATTACHMENTS = 100, 20
SECONDS_PER_LETTER = 0.01
PHOTO_LEN = 1_000_000
TEXT = "What I saw on Tuesday, and who else was in the room. " * 60


def figures(*, quick: bool) -> Iterator[Figure]:
    """Three desks that have not seen the letters sync, one after the other."""
    count = QUICK_LETTERS if quick else LETTERS
    attached = QUICK_ATTACHMENTS if quick else ATTACHMENTS
    with open_world() as world, served_with_day_keys(world) as server:
        asyncio.run(_fill(world, server, count))
        times = sorted(asyncio.run(_sync(server, desk, count)) for desk in world.desks[:3])
        fetching = [asyncio.run(_download(server, world.desks[3], count)) for _ in range(3)]
        asyncio.run(_attach(world, server, attached))
        whole = asyncio.run(_sync(server, world.desks[4], count + attached, attached))
        opening = _open_all(world.desks[4])
    yield Figure(
        f"desk: sync, {count:,} letters fetched, opened and filed",
        times[1],
        "s",
        count * SECONDS_PER_LETTER,
        baseline="the same bytes fetched and not opened",
        baseline_value=sorted(fetching)[1],
    )
    yield Figure(
        f"desk: sync of {count + attached:,} letters, {attached:,} of them with a photo of 1 MB",
        whole,
        "s",
        2 * count * SECONDS_PER_LETTER,
        baseline="the same without the photos' letters",
        baseline_value=times[1],
    )
    yield Figure(
        f"desk: CPU of opening each of their {count + attached:,} threads, all together",
        opening,
        "s",
        count * SECONDS_PER_LETTER,
    )


async def _fill(world: World, server: Served, count: int) -> None:
    """Hand in letters of so many sources, sealed to all desks."""
    async with Wire(server.portal) as wire:
        data = await wire.ask("GET", "/v1/keyring")
    keyring = verify_keyring(data, world.charter.org_id, world.desks[0].today)
    await hand_in(server.portal, [_seal(keyring) for _ in range(count)])


def _seal(keyring: VerifiedKeyring) -> bytes:
    letter = compose_letter(
        Draft(TEXT),
        (),
        secrets.token_bytes(ID_LEN),
        charter=keyring.charter,
        entropy=secrets.token_bytes(ENTROPY_LEN),
        day=keyring.day,
    )
    return seal_for(keyring, letter, secrets.token_bytes)


async def _attach(world: World, server: Served, count: int) -> None:
    """Write so many letters, each with a photo of its own."""
    for _ in range(count):
        async with server.portal_transport() as transport:
            await write(
                transport,
                world.charter.org_id,
                secrets.token_bytes(ENTROPY_LEN),
                Draft(TEXT, "en", (attach_bytes("photo.jpg", _photo()),)),
                clock=world.clock,
                random=secrets.token_bytes,
            )


def _photo() -> bytes:
    return b"\xff\xd8\xff" + secrets.token_bytes(PHOTO_LEN)


def _open_all(desk: Desk) -> float:
    rows = desks.list_threads(desk)
    start = time.process_time()
    entries = [desks.read_thread(desk, row.thread) for row in rows]
    elapsed = time.process_time() - start
    if not all(entries):
        raise RuntimeError("a thread has nothing in it")
    return elapsed


async def _sync(server: Served, desk: Desk, count: int, attached: int = 0) -> float:
    async with server.desk_transport() as transport:
        start = time.perf_counter()
        report = await desks.sync(desk, transport)
        elapsed = time.perf_counter() - start
    if (report.letters, report.attachments, report.troubles) != (count, attached, ()):
        raise RuntimeError("the sync did not file every letter")
    return elapsed


async def _download(server: Served, desk: Desk, count: int) -> float:
    async with server.desk_transport() as transport:
        remote = DeskServer(transport, identity.secrets(desk.vault).token)
        start = time.perf_counter()
        got = [await _read_day(remote, day) for day in await remote.days()]
        elapsed = time.perf_counter() - start
    if sum(got) != count:
        raise RuntimeError("the server did not give every letter")
    return elapsed


async def _read_day(remote: DeskServer, day: int) -> int:
    hashes: Sequence[bytes] = await remote.letters_of(day)
    got = 0
    for start in range(0, len(hashes), LETTERS_A_READ):
        got += sum(map(bool, await remote.read_letters(hashes[start : start + LETTERS_A_READ])))
    return got
