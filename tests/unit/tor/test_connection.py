"""HTTP with hard bounds, against servers that break every rule."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from silent_courier.protocol.errors import ConnectionLostError, ResponseTooLongError
from silent_courier.tor.connection import Connection, Request, Response, Timeouts
from tests.servers import HttpServer, Seen, ok

HASTY = Timeouts(connect_s=1.0, idle_s=0.2, min_bytes_per_s=1_000_000)


def get(max_len: int = 100) -> Request:
    return Request("GET", "/x", b"", max_len)


@asynccontextmanager
async def connected(
    path: Path, answer: bytes | None
) -> AsyncIterator[tuple[Connection, HttpServer]]:
    async with await HttpServer(lambda _seen: answer).listen_unix(path) as server:
        connection = Connection(await asyncio.open_unix_connection(path), "h", HASTY)
        try:
            yield connection, server
        finally:
            connection.close()


async def test_a_request_and_its_response(short_path: Path) -> None:
    async with connected(short_path / "s", ok(b"body", 201)) as (connection, _):
        assert await connection.exchange(get()) == Response(201, b"body")
        assert connection.usable
        assert await connection.exchange(get()) == Response(201, b"body")


async def test_the_headers_of_a_response_are_there_for_who_checks_them(short_path: Path) -> None:
    async with connected(short_path / "s", ok(b"body")) as (connection, _):
        response = await connection.exchange(get())
    assert response.headers == ((b"content-length", b"4"),)


async def test_the_headers_of_early_hints_are_among_them(short_path: Path) -> None:
    hints = b"HTTP/1.1 103 X\r\nLink: <https://x.example/>; rel=preload\r\n\r\n"
    async with connected(short_path / "s", hints + ok(b"body")) as (connection, _):
        response = await connection.exchange(get())
    assert (response.status, response.body) == (200, b"body")
    assert [name for name, _ in response.headers] == [b"link", b"content-length"]


async def test_every_visitor_sends_the_same_headers(short_path: Path) -> None:
    async with connected(short_path / "s", ok()) as (connection, server):
        await connection.exchange(get())
        await connection.exchange(Request("PUT", "/x", b"body", 10, "Bearer t"))
    assert [seen.headers for seen in server.seen] == [
        (("Host", "h"), ("Connection", "keep-alive")),
        (
            ("Host", "h"),
            ("Connection", "keep-alive"),
            ("Content-Length", "4"),
            ("Content-Type", "application/octet-stream"),
            ("Authorization", "Bearer t"),
        ),
    ]


async def test_a_body_is_sent_with_its_length_and_progress(short_path: Path) -> None:
    body, sent = bytes(200_000), list[int]()
    request = Request("PUT", "/x", body, 10, "t", on_sent=sent.append)
    async with connected(short_path / "s", ok()) as (connection, server):
        await connection.exchange(request)
    assert server.seen[0].body == body
    assert server.seen[0].header("Authorization") == "t"
    assert sent == [65536, 131072, 196608, 200_000]


@pytest.mark.parametrize("method", ["PUT", "POST"])
async def test_an_empty_body_has_a_length_too(short_path: Path, method: str) -> None:
    async with connected(short_path / "s", ok()) as (connection, server):
        await connection.exchange(Request(method, "/x", b"", 10))
    assert server.seen[0].header("Content-Length") == "0"


async def test_progress_of_a_download_is_told(short_path: Path) -> None:
    received = list[int]()
    request = Request("GET", "/", b"", 300_000, on_received=received.append)
    async with connected(short_path / "s", ok(bytes(300_000))) as (connection, _):
        await connection.exchange(request)
    assert received == sorted(received)
    assert received[-1] == 300_000


async def test_one_byte_more_than_allowed_is_refused(short_path: Path) -> None:
    async with connected(short_path / "s", ok(bytes(101))) as (connection, _):
        with pytest.raises(ResponseTooLongError):
            await connection.exchange(get(100))
        assert not connection.usable


async def test_a_response_without_end_is_cut_off(short_path: Path) -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(10_000_000)
    async with connected(short_path / "s", endless) as (connection, _):
        with pytest.raises(ResponseTooLongError):
            await connection.exchange(get(1000))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000,
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
async def test_broken_stalled_or_endless_answers_are_lost_connections(
    short_path: Path, answer: bytes | None
) -> None:
    async with connected(short_path / "s", answer) as (connection, _):
        with pytest.raises(ConnectionLostError):
            await connection.exchange(get())
        assert not connection.usable


async def test_a_byte_now_and_then_does_not_hold_a_visitor(short_path: Path) -> None:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            while not writer.is_closing():
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.1)
        except OSError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_unix_server(drip, short_path / "s")
    connection = Connection(await asyncio.open_unix_connection(short_path / "s"), "h", HASTY)
    with pytest.raises(ConnectionLostError):
        await asyncio.wait_for(connection.exchange(get()), 2)
    connection.close()
    server.close()
    await asyncio.sleep(0.2)


async def test_a_server_that_closes_is_not_used_again(short_path: Path) -> None:
    closing = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
    async with connected(short_path / "s", closing) as (connection, _):
        assert (await connection.exchange(get())).status == 200
        assert not connection.usable


async def test_header_injection_is_refused(short_path: Path) -> None:
    async with connected(short_path / "s", ok()) as (connection, server):
        with pytest.raises(ValueError, match="cannot carry"):
            await connection.exchange(Request("GET", "/", b"", 10, "b\r\nC: d"))
        with pytest.raises(ValueError, match="cannot carry"):
            await connection.exchange(Request("GET", "/ HTTP/1.1\r\nA: b", b"", 10))
    assert server.seen == list[Seen]()
