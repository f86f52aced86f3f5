"""Heads in time, one cap, tor's line, our own 400, no word in any log."""

import asyncio
import random
import time
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from starlette.types import Scope

from silent_courier.server.answers import Answer
from tests.headers import assert_exact
from tests.unit.server.serving import (
    FAST,
    answering_app,
    read_all,
    reading_app,
    serve,
    until,
)

GET = b"GET /marker HTTP/1.1\r\nHost: x\r\n\r\n"
LINE = b"PROXY TCP6 fc00:dead:beef:4dad::1:2b ::1 43 80\r\n"
OTHER_LINE = b"PROXY TCP6 fc00:dead:beef:4dad::1:2c ::1 44 80\r\n"
# More than the system takes off our hands for a reader who does not read.
LONG = 24_000_000
FINE = answering_app(lambda _: Answer(200, b"fine"))


def _headers(response: bytes) -> list[tuple[bytes, bytes]]:
    lines = response.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]
    return [(name.strip(), value.strip()) for name, _, value in (s.partition(b":") for s in lines)]


@pytest.mark.parametrize("start", [b"", b"G", GET[:-2]])
async def test_head_that_does_not_come_in_time_is_cut_off(start: bytes) -> None:
    async with serve(FINE) as served:
        before = time.monotonic()
        assert await served.raw(start) == b""
        assert 0.2 < time.monotonic() - before < 2


async def test_trickling_head_gets_no_more_time() -> None:
    async with serve(FINE) as served, served.client(b"GET / HTTP/1.1\r\n") as client:
        for n in range(30):
            if client.reader.at_eof():
                break
            client.writer.write(b"A%d: b\r\n" % n)
            await asyncio.sleep(0.05)

        assert client.reader.at_eof()


async def test_second_head_has_a_deadline_too() -> None:
    async with serve(FINE) as served, served.client() as client:
        await client.request("GET", "/")
        client.writer.write(b"GET")
        before = time.monotonic()

        assert await read_all(client.reader) == b""
        assert time.monotonic() - before < 0.9


async def test_idle_connection_is_closed() -> None:
    async with serve(FINE) as served, served.client() as client:
        await client.request("GET", "/")

        assert await read_all(client.reader) == b""


async def test_over_the_cap_the_longest_quiet_one_yields_to_a_newcomer() -> None:
    limits = replace(FAST, head_s=5, keep_alive_s=5)
    async with serve(FINE, limits=limits, connections=3) as served, AsyncExitStack() as open_ones:
        first, second, third = [
            await open_ones.enter_async_context(served.client()) for _ in range(3)
        ]
        await until(lambda: served.listener.connections == 3)
        assert (await first.request("GET", "/")).status == 200

        newcomer = await open_ones.enter_async_context(served.client())
        assert (await newcomer.request("GET", "/")).status == 200

        assert await read_all(second.reader) == b""
        for client in (first, third):
            assert (await client.request("GET", "/")).status == 200


async def test_answer_that_is_not_taken_yet_is_under_way() -> None:
    """A quiet one yields first; who is still reading the last answer is not quiet."""
    limits = replace(FAST, idle_s=5, head_s=5, keep_alive_s=5)
    app = answering_app(lambda _: Answer(200, b"x" * LONG))
    async with serve(app, limits=limits, connections=2) as served, AsyncExitStack() as open_ones:
        reading = await open_ones.enter_async_context(served.client(GET))
        await until(lambda: served.listener.connections == 1)
        await asyncio.sleep(0.1)
        quiet = await open_ones.enter_async_context(served.client())
        await until(lambda: served.listener.connections == 2)

        newcomer = await open_ones.enter_async_context(served.client(GET))

        assert await read_all(quiet.reader) == b""
        for client in (reading, newcomer):
            assert len(await client.reader.readexactly(LONG)) == LONG


async def test_circuit_with_more_than_its_share_gives_up_its_own_seats() -> None:
    limits = replace(FAST, head_s=5, keep_alive_s=5)
    async with (
        serve(FINE, limits=limits, connections=9, proxied=True) as served,
        AsyncExitStack() as open_ones,
    ):
        honest = await open_ones.enter_async_context(served.client(LINE))
        assert (await honest.request("GET", "/")).status == 200
        greedy = []
        for _ in range(20):
            client = await open_ones.enter_async_context(served.client(OTHER_LINE))
            await client.writer.drain()
            greedy.append(client)
        await until(lambda: served.listener.connections == 9)

        assert (await honest.request("GET", "/")).status == 200
        assert [await read_all(client.reader) for client in greedy[:12]] == [b""] * 12
        for client in greedy[12:]:
            assert (await client.request("GET", "/")).status == 200


@pytest.mark.parametrize(
    "data",
    [
        b"marker\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"\x16\x03\x01marker\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9000,
    ],
)
async def test_what_is_not_http_gets_our_400_with_no_word_in_it(data: bytes) -> None:
    async with serve(FINE) as served:
        response = await served.raw(data)

    assert response.startswith(b"HTTP/1.1 400 ")
    assert_exact(_headers(response))
    assert response.endswith(b"\r\n\r\n")


async def test_body_that_is_not_http_ends_the_request() -> None:
    seen: list[bytes] = []
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with serve(reading_app(seen)) as served, served.client(head) as client:
        await until(lambda: served.listener.connections == 1)
        client.writer.write(b"not a length\r\n")

        assert (await read_all(client.reader)).startswith(b"HTTP/1.1 400 ")
        assert seen == [b"gone"]


async def test_answer_before_the_body_ends_the_connection() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
    async with serve(answering_app(lambda _: Answer(413))) as served:
        response = await served.raw(head)

    assert response.startswith(b"HTTP/1.1 413 ")
    assert_exact(_headers(response))


async def test_connection_is_kept_when_the_request_was_read() -> None:
    seen: list[bytes] = []
    async with serve(reading_app(seen)) as served, served.client() as client:
        for n in range(3):
            assert (await client.request("POST", "/", b"%d" % n)).status == 204

    assert seen == [b"0", b"1", b"2"]


async def test_circuit_of_tors_line_reaches_the_app_and_the_line_does_not() -> None:
    circuits: list[object] = []

    def answer(scope: Scope) -> Answer:
        circuits.append(scope["state"]["circuit"])
        return Answer(200, scope["path"].encode())

    async with serve(answering_app(answer), proxied=True) as served:
        async with served.client(LINE) as client:
            for _ in range(2):
                assert (await client.request("GET", "/path")).body == b"/path"
        # In three parts, cut in the middle of the line.
        async with served.client(LINE[:20]) as client:
            await asyncio.sleep(0.05)
            client.writer.write(LINE[20:])
            await asyncio.sleep(0.05)
            assert (await client.request("GET", "/path")).status == 200

    assert circuits == [0x1002B] * 3


@pytest.mark.parametrize("first", [GET, b"PROXY TCP4 1.2.3.4 ::1 1 2\r\n" + GET, b"\r\n" + GET])
async def test_stream_without_tors_line_is_cut_off(first: bytes) -> None:
    async with serve(FINE, proxied=True) as served:
        assert await served.raw(first) == b""


async def test_tors_line_has_to_come_in_time() -> None:
    async with serve(FINE, proxied=True) as served:
        assert await served.raw(LINE[:-1]) == b""


async def test_tors_line_means_nothing_where_tor_does_not_put_it() -> None:
    async with serve(FINE) as served:
        assert (await served.raw(LINE + GET)).startswith(b"HTTP/1.1 400 ")


async def test_requests_sent_at_once_are_answered_in_order() -> None:
    app = answering_app(lambda scope: Answer(200, scope["path"].encode()))
    last = b"GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    async with serve(app) as served:
        response = await served.raw(GET.replace(b"marker", b"1") + GET + last)

    bodies = [part.partition(b"HTTP/")[0] for part in response.split(b"\r\n\r\n")[1:]]
    assert bodies == [b"/1", b"/marker", b"/3"]


async def test_any_bytes_end_the_connection_and_never_in_a_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    chance = random.Random(7)
    broken: list[dict[str, object]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
    chunked = (
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    )
    starts = (GET + GET, chunked, b"HEAD / HTTP/1.0\r\n\r\n", LINE + GET)
    async with serve(reading_app([]), limits=replace(FAST, head_s=0.2)) as served:
        for _ in range(150):
            data = bytearray(chance.choice(starts))
            for _ in range(chance.randrange(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            await served.raw(bytes(data), then_close=True)

    captured = capfd.readouterr()
    assert (captured.out, captured.err, broken) == ("", "", [])


async def test_nothing_is_logged_whatever_comes(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(1)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        caplog.set_level(1, logger=name)

    def fail(_: Scope) -> Answer:
        raise RuntimeError("marker")

    for app in (FINE, reading_app([]), answering_app(fail)):
        async with serve(app) as served:
            upgrade = b"Connection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n"
            close = b"Connection: close\r\n\r\n"
            for data in (GET[:-2] + close, b"marker\r\n\r\n", GET[:-2] + upgrade, GET[:-2]):
                await served.raw(data)

    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert [record.name for record in caplog.records if record.name != "asyncio"] == []
    assert "marker" not in caplog.text
