import asyncio
import socket
from contextlib import suppress

import pytest

from silent_courier.desk.app import listening, serving
from silent_courier.desk.app.listening import CONNECTIONS_MAX, bind
from silent_courier.protocol.errors import PortInUseError
from tests.unit.desk.app.kit import Visitor


async def test_only_this_machine_is_listened_to(visitor: Visitor) -> None:
    listener = visitor.app._listener
    assert listener.host.startswith("127.0.0.1:")
    with socket.socket() as elsewhere, pytest.raises(OSError, match="refused"):
        elsewhere.connect(("127.0.0.2", int(listener.host.rpartition(":")[2])))


async def test_a_port_in_use_is_told(visitor: Visitor) -> None:
    port = int(visitor.app._listener.host.rpartition(":")[2])
    with pytest.raises(PortInUseError):
        bind(port)


async def test_what_is_not_http_is_turned_away_in_silence(
    visitor: Visitor, capfd: pytest.CaptureFixture[str]
) -> None:
    host, _, port = visitor.app._listener.host.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"\x16\x03\x01 hello\r\n\r\n")
    assert b"400" in await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await visitor.http.get("/")
    assert capfd.readouterr() == ("", "")


async def say(visitor: Visitor, *lines: str, body: bytes = b"") -> bytes:
    """What comes back for these lines, HOST filled in, until it is hung up on or silent."""
    host, _, port = visitor.app._listener.host.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    text = "\r\n".join(line.replace("HOST", f"{host}:{port}") for line in lines) + "\r\n\r\n"
    writer.write(text.encode("latin-1") + body)
    answer = b""
    with suppress(TimeoutError, ConnectionError):
        async with asyncio.timeout(0.4):
            while piece := await reader.read(65_536):
                answer += piece
    writer.close()
    return answer


OWN = ("Host: HOST", "Origin: http://HOST", "Content-Type: application/json")


@pytest.mark.parametrize(
    "lines",
    [
        ("GET / HTTP/1.0",),
        ("GET / HTTP/1.1", "Host: HOST", "Host: HOST"),
        ("GET / HTTP/1.1", "Host: localhost:1"),
        ("GET / HTTP/1.1", "Host: 127.1:1"),
        ("GET / HTTP/1.1", "Host: HOST."),
        ("GET / HTTP/1.1", "Host: HOST@evil.example"),
        ("GET / HTTP/1.1", "Host: evil.example", "X-Forwarded-Host: HOST"),
        ("GET http://evil.example/ HTTP/1.1", "Host: HOST"),
        ("GET http://HOST/desk.js HTTP/1.1", "Host: evil.example"),
        ("CONNECT evil.example:443 HTTP/1.1", "Host: evil.example:443"),
        ("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1", "Host: HOST"),
        ("GET //evil.example/ HTTP/1.1", "Host: HOST"),
        ("GET /desk.js%00.png HTTP/1.1", "Host: HOST"),
        ("TRACE / HTTP/1.1", "Host: HOST"),
        ("PRI * HTTP/2.0",),
        ("GET / HTTP/1.1", "Host: HOST", "Sec-Fetch-Site: cross-site"),
        ("GET / HTTP/1.1", "Host: HOST", "Origin: null"),
        ("GET / HTTP/1.1", "Host: HOST", "X: " + "y" * 600_000),
        ("POST /api/state HTTP/1.1", *OWN, "Content-Length: 2", "Content-Length: 3"),
        ("POST /api/state HTTP/1.1", *OWN, "Content-Length: -1"),
        ("POST /api/state HTTP/1.1", *OWN, "Transfer-Encoding: xchunked"),
        ("POST /api/state HTTP/1.1", "Host: HOST", "Content-Length: 0"),
        (
            *("POST /api/state HTTP/1.1", "Host: HOST", "Origin: http://HOST"),
            *("Content-Type: text/plain", "Content-Length: 2"),
        ),
    ],
)
async def test_what_is_not_exactly_the_pages_own_request_gets_nothing(
    visitor: Visitor, lines: tuple[str, ...]
) -> None:
    await visitor.begin()
    answer = await say(visitor, *lines)
    assert b"HTTP/1.1 2" not in answer
    assert b"<script" not in answer
    assert b"courier" not in answer.lower()


async def test_no_second_request_is_smuggled_in_the_body_of_another(visitor: Visitor) -> None:
    """Chunked and with a length at once, in either order: one answer, or none, and the end."""
    await visitor.begin()
    session = f"Authorization: Bearer {visitor.session}"
    inner = f"POST /api/lock HTTP/1.1\r\nHost: {visitor.app._listener.host}\r\n\r\n".encode()
    for both in (
        ("Transfer-Encoding: chunked", "Content-Length: 2"),
        ("Content-Length: 2", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        ("Transfer-Encoding : chunked", "Content-Length: 2"),
    ):
        head = ("POST /api/state HTTP/1.1", *OWN, session, *both)
        answer = await say(visitor, *head, body=b"2\r\n{}\r\n0\r\n\r\n" + inner)
        assert answer.count(b"HTTP/1.1 200") <= 1
        assert b"HTTP/1.1 403" in answer or b"HTTP/1.1 400" in answer


async def test_an_upgrade_is_no_way_past_the_gate(visitor: Visitor) -> None:
    upgrade = (
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: eHl6",
        "Origin: null",
    )
    answer = await say(visitor, "GET /api/state HTTP/1.1", "Host: HOST", *upgrade)
    assert answer.startswith(b"HTTP/1.1 403")
    answer = await say(visitor, "GET /api/state HTTP/1.1", "Host: HOST", *upgrade[:3])
    assert b" 101 " not in answer
    assert b"HTTP/1.1 2" not in answer


async def test_whoever_holds_connections_open_keeps_nobody_out(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another user of this machine opens hundreds, and says nothing or a little at a time."""
    monkeypatch.setattr(listening, "HEAD_S", 1.0)
    await visitor.begin()
    host, _, port = visitor.app._listener.host.rpartition(":")
    idle = []
    for number in range(300):
        reader, writer = await asyncio.open_connection(host, int(port))
        if number % 2:
            writer.write(b"GET / HTTP/1.1\r\nHost: ")
        idle.append((reader, writer))
        if number % 50 == 0:
            assert (await visitor.told("state"))["locked"]
    connections = visitor.app._listener._state.connections
    assert len(connections) <= CONNECTIONS_MAX
    async with asyncio.timeout(5):
        while len(connections) > 1:
            idle[-1][1].write(b"x")  # a byte now and then is no head
            await visitor.told("state")
            await asyncio.sleep(0.2)
    for _, writer in idle:
        writer.close()


async def test_a_body_that_does_not_come_is_not_waited_for(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "BODY_S", 0.1)
    head = ("POST /api/start HTTP/1.1", *OWN, "Content-Length: 100")
    answer = await say(visitor, *head, body=b"{")
    assert answer.startswith(b"HTTP/1.1 400")
