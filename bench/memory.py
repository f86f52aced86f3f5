"""What large attachments cost in memory: each role in a process of its own, its peak from /proc.

Resident memory counts what files of ours are mapped, and not the kernel's cache of other files.
"""

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure
from bench.processes import Child, program
from bench.served import Served, served, served_with_day_keys
from bench.wire import Wire
from bench.world import PASSPHRASE, World, open_world
from silent_courier.protocol.sizes import CHUNK_LEN, MIB, SEALED_CHUNK_LEN, TICKET_CHUNKS
from silent_courier.storage.files import write_durably

STREAMS = 8
CHUNKS, QUICK_CHUNKS = 2048, 256
ATTACHMENT_MIB, QUICK_ATTACHMENT_MIB = 1024, 128
SMALL_MIB = 1
SERVER_MB = 150
ABOVE_IDLE_MB = 64
BARE_FILES = 64


def figures(*, quick: bool) -> Iterator[Figure]:
    """Chunks of many visitors pouring in, then one attachment on its whole way."""
    yield from _flood(QUICK_CHUNKS if quick else CHUNKS)
    yield from _attachment(QUICK_ATTACHMENT_MIB if quick else ATTACHMENT_MIB)


def _flood(chunks: int) -> Iterator[Figure]:
    with open_world() as world, served_with_day_keys(world) as server:
        idle = server.child.memory_mb()
        server.child.forget_peak()
        start = time.perf_counter()
        asyncio.run(_pour(server, chunks))
        elapsed = time.perf_counter() - start
        peak = server.child.peak_mb()
        bare = _write_bare(world.directory)
    yield Figure(
        f"server: peak memory, {chunks:,} chunks of 1 MiB coming in, {STREAMS} at once",
        peak,
        "MB",
        SERVER_MB,
        baseline="the same server, idle",
        baseline_value=idle,
    )
    yield Figure(
        f"server: chunks of 1 MiB taken durably, {STREAMS} connections",
        chunks / elapsed,
        "/s",
        at_least=True,
        baseline="bare files of that length, each synced, one after the other",
        baseline_value=bare,
    )


async def _pour(server: Served, chunks: int) -> None:
    body = secrets.token_bytes(SEALED_CHUNK_LEN)
    waiting = iter(range(chunks))

    async def visit(wire: Wire) -> None:
        challenge = await wire.challenge()
        for number, _ in enumerate(waiting):
            if number % TICKET_CHUNKS == 0:
                ticket = await wire.ticket(challenge, secrets.randbits(128))
            target = f"/v1/chunks/{secrets.token_hex(32)}"
            await wire.ask("PUT", target, body, ticket=ticket, expect=204)

    async with AsyncExitStack() as stack:
        wires = [await stack.enter_async_context(Wire(server.portal)) for _ in range(STREAMS)]
        await asyncio.gather(*(visit(wire) for wire in wires))


def _write_bare(directory: Path) -> float:
    """Files of a chunk's length a second, each durable before the next."""
    body = secrets.token_bytes(SEALED_CHUNK_LEN)
    start = time.perf_counter()
    for number in range(BARE_FILES):
        write_durably(directory / f"bare-{number}", body)
    return BARE_FILES / (time.perf_counter() - start)


@dataclass(frozen=True, slots=True)
class _Cost:
    """MB above idle, at the peak."""

    source: float
    server: float
    desk: float


def _attachment(mib: int) -> Iterator[Figure]:
    small, large = _carry(SMALL_MIB), _carry(mib)
    for role, did, above, baseline in (
        ("source", "hashed, sealed and sent", large.source, small.source),
        ("server", "taken and given out", large.server, small.server),
        ("desk", "fetched, opened and saved", large.desk, small.desk),
    ):
        yield Figure(
            f"{role}: peak memory above idle, attachment of {mib:,} MiB {did}",
            above,
            "MB",
            ABOVE_IDLE_MB,
            baseline=f"the same with {SMALL_MIB} MiB attached",
            baseline_value=baseline,
        )


def _carry(mib: int) -> _Cost:
    """One attachment from a source's disk to a handler's folder."""
    with open_world(handlers=2) as world:
        with served_with_day_keys(world):
            pass
        world.desks[0].vault.close()
        file = world.directory / "file"
        _make_file(file, mib)
        with ExitStack() as stack:
            server = stack.enter_context(served(world))
            source = stack.enter_context(_source(world, server, file))
            desk = stack.enter_context(_desk(world, server))
            for child in (source, desk):
                child.hear()
            idle = [_settle(child) for child in (source, server.child, desk)]
            for child in (source, desk):
                child.go()
                said = child.hear()
            _compare(file, Path(said["saved"][0]))
            peaks = [child.peak_mb() for child in (source, server.child, desk)]
            return _Cost(*(peak - before for peak, before in zip(peaks, idle, strict=True)))


def _source(world: World, server: Served, file: Path) -> AbstractContextManager[Child]:
    org_id = world.charter.org_id.hex()
    return program("source", server.portal_url, org_id, world.clock.offset, file)


def _desk(world: World, server: Served) -> AbstractContextManager[Child]:
    vault, folder = world.desk_directory(0), world.directory / "saved"
    return program("desk", vault, PASSPHRASE, server.desk_url, world.clock.offset, folder)


def _settle(child: Child) -> float:
    """What it has before it does anything; the peak counts from here."""
    child.forget_peak()
    return child.memory_mb()


def _make_file(path: Path, mib: int) -> None:
    piece = secrets.token_bytes(MIB - 8)
    with path.open("wb") as file:
        for number in range(mib):
            file.write(number.to_bytes(8, "big") + piece)


def _compare(sent: Path, saved: Path) -> None:
    with sent.open("rb") as left, saved.open("rb") as right:
        while piece := left.read(CHUNK_LEN):
            if piece != right.read(CHUNK_LEN):
                raise RuntimeError("what was saved is not what was sent")
