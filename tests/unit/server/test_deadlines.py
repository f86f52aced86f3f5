"""Who dawdles is cut off, either way; who is merely slow is not."""

import asyncio
import socket
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from silent_courier.server.answers import Answer, send_answer
from silent_courier.server.deadlines import with_deadlines
from tests.unit.server.serving import FAST, answering_app, read_all, reading_app, serve, until

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"


async def test_idle_body_is_cut_off_without_an_answer() -> None:
    seen: list[bytes] = []
    async with serve(with_deadlines(reading_app(seen), FAST)) as served:
        assert await served.raw(HEAD + b"some") == b""
        await until(lambda: seen == [b"gone"])


async def test_trickling_body_is_cut_off_though_never_idle() -> None:
    limits = replace(FAST, min_bytes_per_s=1000)
    async with (
        serve(with_deadlines(reading_app([]), limits)) as served,
        served.client(HEAD) as client,
    ):
        sent = 0
        while sent < 100 and not client.reader.at_eof():
            client.writer.write(b".")
            sent += 1
            await asyncio.sleep(0.02)

        assert await read_all(client.reader) == b""
        assert sent < 100


async def test_slow_body_that_keeps_the_pace_arrives() -> None:
    seen: list[bytes] = []
    limits = replace(FAST, min_bytes_per_s=10)
    async with (
        serve(with_deadlines(reading_app(seen), limits)) as served,
        served.client(HEAD) as client,
    ):
        for _ in range(10):
            client.writer.write(b"0123456789")
            await asyncio.sleep(0.06)

        assert (await client.reader.readline()).startswith(b"HTTP/1.1 204")
        assert seen == [b"0123456789" * 10]


async def test_who_does_not_take_its_answer_is_cut_off() -> None:
    ended = asyncio.Event()
    answer = Answer(200, bytes(20_000_000))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_answer(send, answer)
        ended.set()

    async with serve(with_deadlines(app, FAST)) as served:
        with socket.socket() as slow:
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            slow.setblocking(False)
            host, port = served.address.split(":")
            await asyncio.get_running_loop().sock_connect(slow, (host, int(port)))
            await asyncio.get_running_loop().sock_sendall(
                slow, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            async with asyncio.timeout(5):
                await ended.wait()
            await until(lambda: not served.listener.connections)


async def test_quick_one_notices_nothing() -> None:
    app = with_deadlines(answering_app(lambda _: Answer(200, b"x" * 300_000)), FAST)
    async with serve(app) as served, served.client() as client:
        for _ in range(2):
            assert len((await client.request("GET", "/")).body) == 300_000
