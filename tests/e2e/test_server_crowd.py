"""Crowds: slow ones that hang, more than there are seats, who reads too much, too few tickets.

The server runs as it does in production, with a tor of its own that stays off the network; the
test stands where tor would, at the unix socket, and writes tor's line in front of each stream.
"""

import asyncio
import itertools
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from silent_courier.cli.assistant import SourceAssistant
from silent_courier.protocol.sizes import SEALED_CHUNK_LEN
from silent_courier.server.limits import Limits
from silent_courier.server.run import RunningServer
from silent_courier.server.setup import init_server, load_charter
from tests.unit.server.kit import LETTER_LEN, Client, Clock, make_organisation, solve

SLOW = 500
CROWD = 800
CHUNK = os.urandom(SEALED_CHUNK_LEN)
Kind = Callable[[int, bytes], tuple[bytes, ...]]
HONEST = 40
LIMITS = Limits(ticket_bits=4, stop_s=0.5, tick_s=0.1)
_circuits = itertools.count(1)


def _stranger(server: RunningServer, circuit: int | None = None) -> Client:
    """A visitor on a circuit of their own, unless one is given."""
    assert server.portal_socket is not None
    number = next(_circuits) if circuit is None else circuit
    line = b"PROXY TCP6 fc00:dead:beef:4dad::%x:%x ::1 43 80\r\n" % divmod(number, 0x10000)
    return Client(server.portal_socket, first=line)


@asynccontextmanager
async def _server(
    directory: Path, limits: Limits, clock: Clock, *, assisted: bool = False
) -> AsyncIterator[RunningServer]:
    organisation = make_organisation()
    init_server(directory, random=os.urandom)
    load_charter(directory, organisation.chain, organisation.access)
    async with RunningServer(
        directory,
        clock=clock,
        random=os.urandom,
        network=("DisableNetwork 1",),
        limits=limits,
        assistant=SourceAssistant(secrets.token_bytes, clock) if assisted else None,
    ) as server:
        yield server


async def _visit(server: RunningServer) -> float:
    """A whole visit; how long it took."""
    start = time.perf_counter()
    async with _stranger(server) as client:
        for path in ("/v1/keyring", "/v1/board"):
            assert (await client.request("GET", path)).status == 200
        ticket = await client.ticket()
        letter = os.urandom(LETTER_LEN)
        answer = await client.request("POST", "/v1/letters", letter, token=ticket)
        assert answer.status == 204
    return time.perf_counter() - start


def _slow(number: int) -> tuple[bytes, ...]:
    """What a slow one sends: half a head, half a body, or a question whose answer it ignores."""
    kinds = (
        (b"GET /v1/board HTTP/1.1\r\nHo",),
        (b"PUT /v1/chunks/" + b"ab" * 32 + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 1049672\r\n",
         b"Authorization: Bearer " + b"ab" * 32 + b"\r\n\r\nhalf"),
        (b"POST /v1/tickets HTTP/1.1\r\nHost: x\r\nContent-Length: 32\r\n\r\nhalf",),
        (b"GET /v1/board HTTP/1.1\r\nHost: x\r\n\r\n",),
        (b"",),
    )  # fmt: skip
    return kinds[number % len(kinds)]


async def _hang(server: RunningServer, crowd: AsyncExitStack) -> list[Client]:
    slow = []
    for number in range(SLOW):
        client = await crowd.enter_async_context(_stranger(server))
        for part in _slow(number):
            client.writer.write(part)
        await client.writer.drain()
        slow.append(client)
    return slow


async def test_honest_visitors_are_served_while_500_slow_ones_hang(short_path: Path) -> None:
    async with _server(short_path / "s", LIMITS, Clock()) as server:
        idle = sorted([await _visit(server) for _ in range(HONEST)])
        async with AsyncExitStack() as crowd:
            slow = await _hang(server, crowd)

            async with asyncio.timeout(30):
                beside = sorted([await _visit(server) for _ in range(HONEST)])

            here = sum(not client.reader.at_eof() for client in slow)
            assert here > 0.9 * SLOW
        # The middle one is hardly slower, and nobody waits for a deadline of the others.
        assert beside[HONEST // 2] < 10 * idle[HONEST // 2] + 0.1
        assert beside[-1] < 5


async def test_slow_ones_are_hung_up_on_when_their_time_is_over(short_path: Path) -> None:
    limits = replace(LIMITS, head_s=0.5, idle_s=0.5, keep_alive_s=1)
    async with _server(short_path / "s", limits, Clock()) as server, AsyncExitStack() as crowd:
        slow = await _hang(server, crowd)

        async with asyncio.timeout(20):
            await asyncio.gather(*(_until_closed(client) for client in slow))

        assert await _visit(server) < 5


def _half_upload(ticket: bytes, chunk: bytes) -> tuple[bytes, ...]:
    """The head of a chunk's upload, and the beginning of its body."""
    head = (
        f"PUT /v1/chunks/{os.urandom(32).hex()} HTTP/1.1\r\nHost: x\r\n"
        f"Content-Length: {len(chunk)}\r\nAuthorization: Bearer {ticket.hex()}\r\n\r\n"
    )
    return head.encode(), chunk[:1000]


def _slow_mix(number: int, _: bytes) -> tuple[bytes, ...]:
    return _slow(number)


def _all_busy(_: int, __: bytes) -> tuple[bytes, ...]:
    return _slow(2)


def _all_holding(_: int, ticket: bytes) -> tuple[bytes, ...]:
    return _half_upload(ticket, CHUNK)


async def _fill(
    server: RunningServer, crowd: AsyncExitStack, circuits: int, kind: Kind
) -> list[Client]:
    """More connections than there are seats, by so many circuits."""
    there, ticket = list[Client](), b""
    for number in range(CROWD):
        client = await crowd.enter_async_context(_stranger(server, 1_000_000 + number % circuits))
        if number % 64 == 0:
            async with _stranger(server) as asking:
                ticket = await asking.ticket()
        for part in kind(number, ticket):
            client.writer.write(part)
        there.append(client)
        await asyncio.sleep(0)
    return there


@pytest.mark.parametrize(
    ("circuits", "kind"),
    [(50, _slow_mix), (CROWD, _slow_mix), (CROWD, _all_busy), (CROWD, _all_holding)],
)
async def test_honest_visitors_find_a_seat_among_more_connections_than_there_are(
    short_path: Path, circuits: int, kind: Kind
) -> None:
    """By few circuits and by many; idle, busy with nothing, and with as many uploads as fit."""
    async with _server(short_path / "s", LIMITS, Clock()) as server, AsyncExitStack() as crowd:
        upload = await crowd.enter_async_context(_stranger(server))
        for part in _half_upload(await upload.ticket(), CHUNK):
            upload.writer.write(part)
        there = await _fill(server, crowd, circuits, kind)

        async with asyncio.timeout(30):
            times = [await _visit(server) for _ in range(10)]

        assert max(times) < 5
        assert sum(not client.reader.at_eof() for client in there) > 0.8 * LIMITS.connections
        # In the middle of a ticket holder's upload: in nobody's way, and there to the end.
        upload.writer.write(CHUNK[1000:])
        assert (await upload.reader.readline()).startswith(b"HTTP/1.1 204 ")


async def _until_closed(client: Client) -> None:
    try:
        while await client.reader.read(1 << 16):
            pass
    except ConnectionError:
        pass


async def _statuses(ask: Callable[[], Awaitable[int]], count: int) -> list[int]:
    return [await ask() for _ in range(count)]


async def test_circuit_gets_a_few_boards_and_then_one_answer_for_ten_minutes(
    short_path: Path,
) -> None:
    clock = Clock()
    limits = replace(LIMITS, circuit_bytes=0, circuit_boards=3)
    async with _server(short_path / "s", limits, clock) as server:

        async def board() -> int:
            async with _stranger(server, 7) as client:
                answer = await client.request("GET", "/v1/board")
                if answer.status != 200:
                    assert (answer.status, answer.body) == (503, b"")
                    assert await client.reader.read() == b""
                return answer.status

        assert await _statuses(board, 6) == [200, 200, 200, 503, 503, 503]
        await _visit(server)
        async with _stranger(server, 7) as client:
            assert len(await client.ticket()) == 32
        clock.turn(seconds=600)
        assert await _statuses(board, 4) == [200, 200, 200, 503]


@pytest.mark.parametrize(
    ("form", "letter_len", "status"),
    [("file", LETTER_LEN, 200), ("file", 1, 400), ("receipt", 0, 200), ("write", 0, 400)],
)
async def test_circuit_posts_a_few_forms_and_others_theirs(
    short_path: Path, form: str, letter_len: int, status: int
) -> None:
    start = f'--b\r\nContent-Disposition: form-data; name="form"\r\n\r\n{form}\r\n'.encode()
    letter = b'--b\r\nContent-Disposition: form-data; name="letter"\r\n\r\n'
    kind = ("Content-Type", "multipart/form-data; boundary=b")
    limits = replace(LIMITS, circuit_forms=3)
    async with _server(short_path / "s", limits, Clock(), assisted=True) as server:
        host = server.portal_url.removeprefix("http://")

        async def post(circuit: int) -> int:
            body = start + letter + os.urandom(letter_len) + b"\r\n--b--\r\n"
            async with _stranger(server, circuit) as client:
                answer = await client.request("POST", "/en/forms", body, headers=[kind], host=host)
            return answer.status

        assert [await post(7) for _ in range(5)] == [*[status] * 3, 503, 503]
        assert await post(8) == status


async def test_circuit_is_in_no_file(short_path: Path) -> None:
    async with _server(short_path / "s", LIMITS, Clock()) as server:
        async with _stranger(server, 0xABCD1234) as client:
            await client.request("GET", "/v1/board")
            ticket = await client.ticket()
            await client.request("POST", "/v1/letters", os.urandom(LETTER_LEN), token=ticket)
        content = await asyncio.to_thread(_everything, short_path / "s")

    for mark in (b"abcd:1234", b"fc00:dead", (0xABCD1234).to_bytes(4, "big"), b"2882343476"):
        assert mark not in content


def _everything(directory: Path) -> bytes:
    files = [
        path
        for path in directory.rglob("*")
        # tor's own files are tor's; it was not told of any circuit here.
        if path.is_file() and "tor" not in path.relative_to(directory).parts
    ]
    return b"\0".join(path.read_bytes() for path in files)


async def test_more_who_want_tickets_than_there_are_wait_and_are_drawn(short_path: Path) -> None:
    clock = Clock()
    limits = replace(LIMITS, lane_places=60, lane_wait_s=3)
    async with _server(short_path / "s", limits, clock) as server:
        used: list[bytes] = []

        async def want() -> int:
            async with _stranger(server) as client:
                offer = (await client.request("GET", "/v1/tickets")).body
                answer = await client.request("POST", "/v1/tickets", solve(offer))
                used.append(answer.body)
                return answer.status

        assert set(await _statuses(want, 60)) == {200}
        waiting = asyncio.gather(*(want() for _ in range(20)))
        await asyncio.sleep(0.5)
        assert len(used) == 60
        clock.turn(seconds=80)

        assert sorted(await waiting) == [200] * 8 + [503] * 12
        assert len(set(used)) == 69
