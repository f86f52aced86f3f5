"""Every answer carries the same headers, and a long one is sent piece by piece."""

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from silent_courier.server.answers import PIECE_LEN, Answer, Stream, headers, send_answer
from silent_courier.server.portal.assets import load_assets
from silent_courier.server.setup import init_server
from tests.headers import assert_exact
from tests.unit.server.kit import LETTER_LEN, Client, Clock, House, make_server, open_house
from tests.unit.server.serving import answering_app, serve


async def _sent(answer: Answer) -> list[Message]:
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    await send_answer(send, answer)
    return messages


def _body(messages: list[Message]) -> bytes:
    return b"".join(message["body"] for message in messages[1:])


def _header(message: Message, name: bytes) -> Any:
    return dict(message["headers"])[name]


async def test_headers_do_not_depend_on_the_answer() -> None:
    for answer in (Answer(), Answer(404), Answer(507), Answer(200, bytes(10**6))):
        start = (await _sent(answer))[0]
        assert start["status"] == answer.status
        assert_exact(start["headers"])


def test_policy_allows_nothing() -> None:
    policy = dict(headers(0))[b"content-security-policy"]

    assert policy.startswith(b"default-src 'none';")
    assert b"unsafe" not in policy
    assert b"*" not in policy


async def test_short_answer_is_one_piece() -> None:
    messages = await _sent(Answer(200, b"short"))

    assert len(messages) == 2
    assert _body(messages) == b"short"
    assert messages[-1]["more_body"] is False


async def test_long_answer_comes_in_pieces() -> None:
    body = bytes(range(256)) * 4096

    messages = await _sent(Answer(200, body))

    assert _body(messages) == body
    assert max(len(message["body"]) for message in messages[1:]) == PIECE_LEN
    assert [message["more_body"] for message in messages[1:]].count(False) == 1
    assert messages[-1]["more_body"] is False


async def test_stream_is_sent_as_it_comes_with_its_length() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    messages = await _sent(Answer(200, Stream(7, pieces())))

    assert _header(messages[0], b"content-length") == b"7"
    assert _body(messages) == b"one two"


async def test_last_answer_ends_the_connection() -> None:
    async with serve(answering_app(lambda _: Answer(503, last=True))) as served:
        data = await served.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    assert data.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nconnection: close\r\n" in data.lower()


async def test_every_kind_of_answer_has_the_exact_headers(tmp_path: Path) -> None:
    """The client of these tests holds each of them to the table that is written out."""
    async with open_house(tmp_path / "s") as house:
        seen = {await _status(house, *asked) for asked in _questions(house)}
        async with house.public() as client:
            ticket = await client.ticket()
            letter = await client.request("POST", "/v1/letters", bytes(LETTER_LEN), token=ticket)
        seen |= {letter.status}
    init_server(tmp_path / "new", random=os.urandom, portal="127.0.0.1:1", desk="127.0.0.1:2")
    async with make_server(tmp_path / "new", Clock()) as server:
        assert server.portal_listen is not None
        async with Client(server.portal_listen) as client:
            for path in ("/v1/keyring", "/v1/manifest", "/"):
                seen.add((await client.request("GET", path, host=server.portal_listen)).status)

    assert seen == {200, 204, 400, 401, 403, 404, 405, 413, 421, 503}


def _questions(house: House) -> Iterator[tuple[str, str, bytes, str]]:
    own, manifest = house.server.portal_listen or "", "/v1/manifest"
    for path in ("/", "/en/letterbox", "/ar/about", "/en/left", "/v1/keyring", "/v1/board"):
        yield "GET", path, b"", own
    for path in load_assets().served():
        yield "GET", path, b"", own
    for path in ("/static/no.js", "/nothing", "/v1/nothing", manifest, "/en/?a=1"):
        yield "GET", path, b"", own
    yield "GET", "/", b"", "another.example"
    yield "DELETE", "/en/", b"", own
    yield "POST", "/v1/board", b"", own
    yield "POST", "/v1/tickets", bytes(32), own
    yield "POST", "/v1/tickets", bytes(3), own
    yield "POST", "/v1/tickets", bytes(33), own
    yield "POST", "/v1/letters", bytes(LETTER_LEN), own


async def _status(house: House, method: str, path: str, body: bytes, host: str) -> int:
    return (await house.ask_public(method, path, body, host=host)).status


@pytest.mark.parametrize("pause", [0, 0.01, 0.05])
async def test_who_leaves_in_the_middle_of_an_answer_is_no_line_anywhere(
    pause: float, caplog: pytest.LogCaptureFixture
) -> None:
    long = Answer(200, bytes(64 * PIECE_LEN))
    async with serve(answering_app(lambda _: long)) as served:
        for _ in range(5):
            async with served.client() as client:
                client.writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                await client.writer.drain()
                await asyncio.sleep(pause)
                # Reset, as by a browser that is closed.
                client.writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                client.writer.transport.abort()
        await asyncio.sleep(0.2)
    assert caplog.records == []
