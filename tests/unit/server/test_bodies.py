"""Bodies are bounded before they are read, and never waited for in vain."""

import pytest
from starlette.types import Message, Receive, Scope

from silent_courier.protocol.errors import BodyCutShortError, RequestRefusedError
from silent_courier.server.bodies import Body


def _scope(declared: int | None) -> Scope:
    length = [] if declared is None else [(b"content-length", str(declared).encode())]
    return {"headers": [(b"host", b"x"), *length]}


def _receive(*pieces: bytes, cut: bool = False) -> Receive:
    messages: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": cut or n + 1 < len(pieces)}
        for n, piece in enumerate(pieces)
    ]
    coming = iter([*messages, {"type": "http.disconnect"}])

    async def receive() -> Message:
        return next(coming)

    return receive


def _status(caught: pytest.ExceptionInfo[RequestRefusedError]) -> int:
    return caught.value.status


async def test_pieces_are_put_together() -> None:
    body = Body(_scope(6), _receive(b"one", b"two"), 6)

    assert await body.read() == b"onetwo"


def test_declared_length_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(RequestRefusedError) as caught:
        Body(_scope(7), _receive(), 6)

    assert _status(caught) == 413


async def test_undeclared_length_over_the_limit_is_refused_where_it_passes_it() -> None:
    coming = _receive(b"1234", b"567", b"never read")
    body = Body(_scope(None), coming, 6)

    with pytest.raises(RequestRefusedError) as caught:
        await body.read()

    assert _status(caught) == 413
    assert (await coming())["body"] == b"never read"


@pytest.mark.parametrize("pieces", [(b"12345",), (b"123", b"45")])
@pytest.mark.parametrize("declared", [5, None])
async def test_other_length_than_the_exact_one_is_refused(
    declared: int | None, pieces: tuple[bytes, ...]
) -> None:
    body = Body(_scope(declared), _receive(*pieces), 6)

    with pytest.raises(RequestRefusedError) as caught:
        await body.read_exactly(6)

    assert _status(caught) == 400


async def test_body_that_breaks_off_is_no_body() -> None:
    body = Body(_scope(6), _receive(b"123", cut=True), 6)

    with pytest.raises(BodyCutShortError):
        await body.read_exactly(6)


async def test_discarding_takes_the_rest_and_no_more_than_the_limit() -> None:
    coming = _receive(b"1234", b"567", b"never read")

    await Body(_scope(None), coming, 6).discard()

    assert (await coming())["body"] == b"never read"


async def test_discarding_after_reading_waits_for_nothing() -> None:
    body = Body(_scope(3), _receive(b"123"), 6)
    await body.read()

    await body.discard()
    assert await body.read() == b""
