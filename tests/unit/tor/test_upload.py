"""Uploads in several streams: order does not matter, nothing is lost, memory is bounded."""

import asyncio
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from silent_courier.protocol.errors import ServerUnreachableError, UploadRefusedError
from silent_courier.tor.connection import Timeouts
from silent_courier.tor.transport import Transport
from silent_courier.tor.upload import ATTEMPTS, RENEWALS_MAX, UploadJob, upload
from tests.servers import Answer, HttpServer, Seen, ok


async def no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


class Tickets:
    """Gives out tickets that are good for so many requests each."""

    def __init__(self, uses: int) -> None:
        self.given: list[str] = []
        self._uses = uses
        self._used: Counter[str] = Counter()

    async def authorise(self) -> str:
        await asyncio.sleep(0.001)
        self.given.append(f"Bearer {len(self.given)}")
        return self.given[-1]

    def take(self, seen: Seen) -> bool:
        ticket = seen.header("Authorization") or ""
        self._used[ticket] += 1
        return self._used[ticket] <= self._uses


def jobs(count: int) -> list[UploadJob]:
    return [UploadJob(f"/c/{n}", lambda n=n: f"body {n}".encode()) for n in range(count)]  # type: ignore[misc]


async def run(
    path: Path, answer: Answer, count: int, tickets: Tickets, progress: list[tuple[int, int]]
) -> HttpServer:
    server = await HttpServer(answer).listen_unix(path)
    transport = Transport(
        f"unix:{path}",
        socks=None,
        random_bytes=secrets.token_bytes,
        timeouts=Timeouts(1, 1),
        sleep=no_sleep,
    )
    async with server, transport:
        await upload(
            transport,
            iter(jobs(count)),
            authorise=tickets.authorise,
            total=count,
            on_progress=lambda done, total: progress.append((done, total)),
            sleep=no_sleep,
        )
    return server


async def test_every_body_arrives_once_over_four_streams(short_path: Path) -> None:
    progress = list[tuple[int, int]]()
    tickets = Tickets(1000)
    server = await run(short_path / "s", lambda _: ok(status=204), 30, tickets, progress)
    assert {s.path: s.body for s in server.seen} == {
        f"/c/{n}": f"body {n}".encode() for n in range(30)
    }
    assert (len(server.seen), server.connections) == (30, 4)
    assert progress == [(n, 30) for n in range(1, 31)]
    assert tickets.given == ["Bearer 0"]


async def test_a_used_ticket_is_renewed_once_for_all_streams(short_path: Path) -> None:
    tickets = Tickets(10)
    await run(
        short_path / "s",
        lambda seen: ok(status=204 if tickets.take(seen) else 401),
        *(35, tickets, []),
    )
    assert len(tickets.given) == 4


async def test_a_server_that_takes_no_ticket_ends_the_upload(short_path: Path) -> None:
    tickets = Tickets(0)
    with pytest.raises(UploadRefusedError) as caught:
        await run(short_path / "s", lambda _: ok(status=401), 5, tickets, [])
    assert caught.value.status == 401
    assert len(tickets.given) <= 1 + RENEWALS_MAX * 4


async def test_busy_answers_and_lost_connections_are_tried_again(short_path: Path) -> None:
    answers = iter([ok(status=503), None, ok(status=429), None, None, ok(status=500)] * 3)
    progress = list[tuple[int, int]]()
    await run(
        short_path / "s", lambda _: next(answers, ok(status=204)), 10, Tickets(1000), progress
    )
    assert progress[-1] == (10, 10)


@pytest.mark.parametrize("status", [200, 302, 400, 403, 404, 413])
async def test_a_refusal_for_good_stops_all_streams(short_path: Path, status: int) -> None:
    progress = list[tuple[int, int]]()
    with pytest.raises(UploadRefusedError) as caught:
        await run(
            short_path / "s",
            lambda seen: ok(status=status if seen.path == "/c/3" else 204),
            *(100, Tickets(1000), progress),
        )
    assert caught.value.status == status
    assert len(progress) < 90


async def test_a_server_that_stays_busy_is_given_up(short_path: Path) -> None:
    seen: Counter[str] = Counter()

    def busy(request: Seen) -> bytes:
        seen[request.path] += 1
        return ok(status=503)

    with pytest.raises(UploadRefusedError):
        await run(short_path / "s", busy, 1, Tickets(1), [])
    assert seen["/c/0"] == ATTEMPTS + 1


async def test_a_server_that_stays_away_is_given_up(short_path: Path) -> None:
    transport = Transport(
        f"unix:{short_path}/none", socks=None, random_bytes=secrets.token_bytes, sleep=no_sleep
    )
    with pytest.raises(ServerUnreachableError):
        await upload(transport, jobs(1), authorise=Tickets(1).authorise, total=1, sleep=no_sleep)


async def test_no_more_bodies_exist_than_streams(short_path: Path) -> None:
    lock, alive, most = threading.Lock(), 0, 0

    def make() -> bytes:
        nonlocal alive, most
        with lock:
            alive += 1
            most = max(most, alive)
        return bytes(1000)

    def answer(_seen: Seen) -> bytes:
        nonlocal alive
        with lock:
            alive -= 1
        return ok(status=204)

    def endless() -> Iterator[UploadJob]:
        for n in range(50):
            yield UploadJob(f"/{n}", make)

    server = await HttpServer(answer).listen_unix(short_path / "s")
    transport = Transport(f"unix:{short_path}/s", socks=None, random_bytes=secrets.token_bytes)
    async with server, transport:
        await upload(transport, endless(), authorise=Tickets(99).authorise, total=50, streams=3)
    assert most <= 3


async def test_what_a_body_cannot_give_reaches_the_caller(short_path: Path) -> None:
    def broken() -> bytes:
        raise FileNotFoundError

    server = await HttpServer(lambda _: ok(status=204)).listen_unix(short_path / "s")
    transport = Transport(f"unix:{short_path}/s", socks=None, random_bytes=secrets.token_bytes)
    async with server, transport:
        with pytest.raises(FileNotFoundError):
            await upload(
                transport,
                [UploadJob("/a", broken)],
                authorise=Tickets(9).authorise,
                total=1,
            )
