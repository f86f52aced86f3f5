"""Constant answers for everything that is not right, and no trace of what it was."""

import pytest

from silent_courier.protocol.errors import (
    CourierError,
    DiskFullError,
    MalformedLetterError,
    RequestRefusedError,
    StorageError,
    StoreDamagedError,
)
from silent_courier.server.answers import Answer
from silent_courier.server.deadlines import with_deadlines
from silent_courier.server.routes import (
    HEX_32,
    Faults,
    Request,
    Route,
    answer_for,
    chunk_id,
    make_app,
)
from tests.unit.server.serving import FAST, Served, serve

TOKEN = bytes(range(32))


async def _echo(request: Request) -> Answer:
    return Answer(200, await request.body.read())


async def _path(request: Request) -> Answer:
    return Answer(200, chunk_id(request))


async def _token(request: Request) -> Answer:
    return Answer(200, request.token())


async def _fail(_: Request) -> Answer:
    raise KeyError("marker")


async def _refuse(_: Request) -> Answer:
    raise RequestRefusedError(401)


ROUTES = (
    Route("GET", "/v1/thing", _echo),
    Route("POST", "/v1/thing", _echo, lambda: 10),
    Route("PUT", f"/v1/chunks/{HEX_32}", _path),
    Route("GET", "/v1/token", _token),
    Route("GET", "/v1/fault", _fail),
    Route("POST", "/v1/refused", _refuse, lambda: 1_000_000),
)


async def _status(served: Served, method: str, path: str, body: bytes = b"") -> int:
    async with served.client() as client:
        response = await client.request(method, path, body)
        assert response.status == 200 or response.body == b""
        return response.status


async def test_requests_find_their_handlers() -> None:
    async with serve(make_app(ROUTES, Faults())) as served, served.client() as client:
        assert (await client.request("POST", "/v1/thing", b"body")).body == b"body"
        path = "/v1/chunks/" + TOKEN.hex()
        assert (await client.request("PUT", path)).body == TOKEN
        assert (await client.request("GET", "/v1/token", token=TOKEN)).body == TOKEN


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1/thing/", 404),
        ("GET", "/v1/thing?x=1", 404),
        ("GET", "/V1/thing", 404),
        ("GET", "//v1/thing", 404),
        ("GET", "/v1/thing%0a", 404),
        ("GET", "http://x/v1/thing", 404),
        ("OPTIONS", "*", 404),
        ("PUT", "/v1/chunks/" + "AB" * 32, 404),
        ("PUT", "/v1/chunks/" + "ab" * 31, 404),
        ("PUT", "/v1/chunks/" + "ab" * 32 + "/../x", 404),
        ("HEAD", "/v1/thing", 405),
        ("OPTIONS", "/v1/thing", 405),
        ("DELETE", "/v1/thing", 405),
        ("get", "/v1/thing", 405),
        ("GET", "/v1/refused", 405),
    ],
)
async def test_unknown_paths_and_methods_are_refused(method: str, path: str, status: int) -> None:
    async with serve(make_app(ROUTES, Faults())) as served, served.client() as client:
        first = f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert (await served.raw(first.encode())).startswith(b"HTTP/1.1 %d " % status)
        assert client.reader


async def test_too_long_a_body_is_refused_at_once() -> None:
    async with serve(make_app(ROUTES, Faults())) as served:
        head = b"POST /v1/thing HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n"
        assert (await served.raw(head)).startswith(b"HTTP/1.1 413 ")
        chunked = b"POST /v1/thing HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        response = await served.raw(chunked + b"b\r\n01234567890\r\n")
        assert response.startswith(b"HTTP/1.1 413 ")


async def test_refusal_waits_for_the_body_and_keeps_the_connection() -> None:
    """So that a client that sends before it reads gets its answer."""
    async with serve(make_app(ROUTES, Faults())) as served, served.client() as client:
        for _ in range(2):
            assert (await client.request("POST", "/v1/refused", bytes(900_000))).status == 401
        assert (await client.request("GET", "/v1/thing")).status == 200


async def test_request_that_breaks_off_gets_no_answer() -> None:
    app = with_deadlines(make_app(ROUTES, Faults()), FAST)
    async with serve(app) as served:
        head = b"POST /v1/thing HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n123"
        assert await served.raw(head) == b""


async def test_fault_is_counted_and_says_nothing() -> None:
    faults = Faults()
    async with serve(make_app(ROUTES, faults)) as served:
        assert await _status(served, "GET", "/v1/fault") == 500
        assert await _status(served, "GET", "/v1/thing") == 200

    assert faults == Faults(1)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Authorization: Bearer\r\n",
        "Authorization: bearer " + "ab" * 32 + "\r\n",
        "Authorization: Bearer " + "AB" * 32 + "\r\n",
        "Authorization: Bearer " + "ab" * 31 + "\r\n",
        "Authorization: Basic " + "ab" * 32 + "\r\n",
        ("Authorization: Bearer " + "ab" * 32 + "\r\n") * 2,
    ],
)
async def test_anything_but_one_token_is_no_token(header: str) -> None:
    async with serve(make_app(ROUTES, Faults())) as served:
        head = f"GET /v1/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n"
        assert (await served.raw(head.encode())).startswith(b"HTTP/1.1 401 ")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RequestRefusedError(403), 403),
        (MalformedLetterError(), 400),
        (DiskFullError(), 507),
        (StorageError(), 503),
        (StoreDamagedError(), 503),
    ],
)
def test_each_kind_of_failure_has_one_answer(error: CourierError, status: int) -> None:
    assert answer_for(error) == Answer(status)
