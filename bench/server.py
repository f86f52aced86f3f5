"""What one server process takes in and gives out in a second, over the socket behind its onion."""

import asyncio
import secrets
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, closing
from pathlib import Path

from bench.figures import Figure
from bench.processes import program
from bench.served import Served, served_with_day_keys
from bench.wire import Wire
from bench.world import World, open_world
from silent_courier.protocol.sizes import letter_len

CONNECTIONS = 16
KEYRING = "/v1/keyring"
LETTERS_PER_S = 300
KEYRINGS_PER_S = 2000
ROUNDS = 7


def figures(*, quick: bool) -> Iterator[Figure]:
    """Letters and keyrings a second; `quick` asks for fewer."""
    letters, keyrings = (200, 1000) if quick else (1000, 4000)
    with open_world() as world, served_with_day_keys(world) as server:
        yield _intake(world, server, letters)
        yield _reads(server, keyrings)


def _intake(world: World, server: Served, count: int) -> Figure:
    length = letter_len(world.letter_slots)
    ours, bare = per_second(
        count,
        lambda: hand_in(server.portal, random_letters(count, length)),
        lambda: asyncio.to_thread(_commit, world.directory, count, length),
    )
    return Figure(
        f"server: letters taken durably, each with its ticket, {CONNECTIONS} connections",
        ours,
        "/s",
        LETTERS_PER_S,
        at_least=True,
        baseline="bare SQLite, one synchronous=FULL commit a letter",
        baseline_value=bare,
    )


def _reads(server: Served, count: int) -> Figure:
    keyring = asyncio.run(_fetch(server.portal, KEYRING))
    # In /tmp, where a unix socket's path is short enough.
    with tempfile.TemporaryDirectory(prefix="courier-bench-") as name:
        answer = Path(name) / "keyring"
        answer.write_bytes(keyring)
        with program("bare", Path(name) / "bare.sock", answer) as child:
            socket = Path(child.hear()["portal"])
            ours, bare = per_second(
                count,
                lambda: read_many(server.portal, KEYRING, count, keyring),
                lambda: read_many(socket, KEYRING, count, keyring, proxied=False),
            )
    return Figure(
        f"server: keyrings of {len(keyring):,} bytes given, {CONNECTIONS} connections",
        ours,
        "/s",
        KEYRINGS_PER_S,
        at_least=True,
        baseline="bare asyncio and h11, the same bytes",
        baseline_value=bare,
    )


def random_letters(count: int, length: int) -> list[bytes]:
    """So many different bodies of a letter's length; a server cannot tell them from letters."""
    tail = secrets.token_bytes(length - 32)
    return [secrets.token_bytes(32) + tail for _ in range(count)]


async def hand_in(path: Path, letters: Sequence[bytes], connections: int = CONNECTIONS) -> None:
    """Take a ticket for each letter and hand it in, over so many connections at once."""
    waiting = iter(letters)

    async def visit(wire: Wire) -> None:
        challenge = await wire.challenge()
        for letter in waiting:
            ticket = await wire.ticket(challenge, secrets.randbits(128))
            await wire.ask("POST", "/v1/letters", letter, ticket=ticket, expect=204)

    await _at_once(path, connections, visit)


async def read_many(
    path: Path, target: str, count: int, expected: bytes, *, proxied: bool = True, host: str = "x"
) -> None:
    """Ask so many times for what is the same bytes for everybody, over some connections."""
    waiting = iter(range(count))

    async def visit(wire: Wire) -> None:
        for _ in waiting:
            if await wire.ask("GET", target, host=host) != expected:
                raise RuntimeError("not what everybody gets")

    await _at_once(path, CONNECTIONS, visit, proxied=proxied)


async def _at_once(
    path: Path,
    connections: int,
    visit: Callable[[Wire], Awaitable[None]],
    *,
    proxied: bool = True,
) -> None:
    async with AsyncExitStack() as stack:
        wires = [
            await stack.enter_async_context(Wire(path, proxied=proxied)) for _ in range(connections)
        ]
        await asyncio.gather(*(visit(wire) for wire in wires))


async def _fetch(path: Path, target: str) -> bytes:
    async with Wire(path) as wire:
        return await wire.ask("GET", target)


def per_second(count: int, *works: Callable[[], Awaitable[None]]) -> list[float]:
    """Of each work the median of some rounds, in turns, after one that does not count."""
    rates: list[list[float]] = [[] for _ in works]
    for _ in range(1 + ROUNDS):
        for work, of_one in zip(works, rates, strict=True):
            start = time.perf_counter()
            asyncio.run(_awaited(work))
            of_one.append(count / (time.perf_counter() - start))
    return [statistics.median(of_one[1:]) for of_one in rates]


async def _awaited(work: Callable[[], Awaitable[None]]) -> None:
    await work()


def _commit(directory: Path, count: int, length: int) -> None:
    """What durable letters cost without a server: the same bytes on the same disk."""
    letters = random_letters(count, length)
    name = directory / "bare.sqlite"
    with closing(sqlite3.connect(name, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE IF NOT EXISTS letters (id BLOB PRIMARY KEY, letter BLOB)")
        for letter in letters:
            database.execute("INSERT INTO letters VALUES (?, ?)", (letter[:32], letter))
