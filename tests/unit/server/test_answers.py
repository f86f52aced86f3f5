"""Every answer carries the same headers, and a long one is sent piece by piece."""

from collections.abc import AsyncIterator
from typing import Any

from starlette.types import Message

from silent_courier.server.answers import PIECE_LEN, Answer, Stream, headers, send_answer
from tests.unit.server.serving import STRICT_HEADERS, answering_app, serve

FORBIDDEN = {b"date", b"server", b"etag", b"last-modified", b"set-cookie"}


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
    plain = {name: value for name, value in headers(0) if name != b"content-length"}

    for answer in (Answer(), Answer(404), Answer(507), Answer(200, bytes(10**6))):
        start = (await _sent(answer))[0]
        assert start["status"] == answer.status
        names = [name for name, _ in start["headers"]]
        assert set(names) == STRICT_HEADERS
        assert len(names) == len(set(names))
        assert dict(start["headers"]).items() >= plain.items()


def test_no_header_tells_time_software_or_visitor() -> None:
    assert not {name for name, _ in headers(1)} & FORBIDDEN


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
