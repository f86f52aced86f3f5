"""The transport: where it goes, what it repeats, and what it keeps apart."""

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    BadOnionAddressError,
    ClientKeyMissingError,
    ConnectionLostError,
    DirectConnectionRefusedError,
    OnionUnreachableError,
    ResponseTooLongError,
    ServerUnreachableError,
    SocksUnreachableError,
)
from silent_courier.tor.address import SocksAddress
from silent_courier.tor.connection import Timeouts
from silent_courier.tor.transport import Target, Transport, parse_target
from tests.servers import Answer, HttpServer, SocksRelay, ok

ONION = "pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd.onion"
HASTY = Timeouts(connect_s=0.5, idle_s=0.3)


def counting() -> Callable[[int], bytes]:
    numbers = itertools.count(1)
    return lambda length: next(numbers).to_bytes(length, "big")


async def no_sleep(_seconds: float) -> None:
    await asyncio.sleep(0)


def transport_to(base_url: str, socks: Path | None = None, attempts: int = 4) -> Transport:
    return Transport(
        base_url,
        socks=None if socks is None else SocksAddress(path=socks),
        random_bytes=counting(),
        attempts=attempts,
        timeouts=HASTY,
        sleep=no_sleep,
    )


def failing_first(times: int) -> Answer:
    """Hangs up so many times before it answers."""
    failures = iter(range(times))
    return lambda _seen: ok(b"done") if next(failures, None) is None else None


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (f"http://{ONION}", Target(ONION, 80)),
        (f"http://{ONION}/", Target(ONION, 80)),
        (ONION, Target(ONION, 80)),
        (f"http://{ONION}:8080", Target(ONION, 8080)),
        ("http://127.0.0.1:1234", Target("127.0.0.1", 1234)),
        ("http://[::1]:1234", Target("::1", 1234)),
        ("unix:/run/x", Target("localhost", 80, Path("/run/x"))),
    ],
)
def test_addresses_are_understood(text: str, target: Target) -> None:
    assert parse_target(text) == target


@pytest.mark.parametrize(
    "text",
    [
        f"https://{ONION}",
        f"http://{ONION}/path",
        f"http://{ONION}?q",
        f"http://user@{ONION}",
        f"http://{ONION.replace('pg6', 'pg7')}",
        f"http://sub.{ONION}",
        "http://short.onion",
        f"http://{ONION}:99999",
        "http://[::1",
        "ftp://127.0.0.1",
    ],
)
def test_malformed_addresses_are_refused(text: str) -> None:
    with pytest.raises(BadOnionAddressError):
        parse_target(text)


@pytest.mark.parametrize(
    "text",
    ["http://example.org", "http://192.0.2.1", "http://localhost", "http://127.1", "http://"],
)
def test_nothing_outside_this_machine_is_reached_directly(text: str) -> None:
    with pytest.raises(DirectConnectionRefusedError):
        transport_to(text)


def test_an_onion_without_socks_is_refused() -> None:
    with pytest.raises(DirectConnectionRefusedError):
        transport_to(ONION)


async def test_a_loopback_server_is_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with HttpServer(lambda _seen: ok(b"here")) as server:
        port = await server.listen_tcp()
        async with transport_to(f"http://127.0.0.1:{port}") as transport:
            assert (await transport.request("GET", "/")).body == b"here"
    assert server.seen[0].header("Host") == f"127.0.0.1:{port}"


async def test_redirects_are_not_followed_and_cookies_not_kept(short_path: Path) -> None:
    moved = b"HTTP/1.1 302 X\r\nLocation: /y\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    server = await HttpServer(lambda _seen: moved).listen_unix(short_path / "s")
    async with server, transport_to(f"unix:{short_path}/s") as transport:
        assert [(await transport.request("GET", "/x")).status for _ in range(2)] == [302, 302]
    assert [seen.path for seen in server.seen] == ["/x", "/x"]
    assert all(seen.header("Cookie") is None for seen in server.seen)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_a_lost_connection_is_tried_again(short_path: Path, method: str) -> None:
    server = await HttpServer(failing_first(3)).listen_unix(short_path / "s")
    async with server, transport_to(f"unix:{short_path}/s") as transport:
        assert (await transport.request(method, "/")).status == 200
    assert len(server.seen) == 4


async def test_attempts_come_to_an_end(short_path: Path) -> None:
    server = await HttpServer(failing_first(99)).listen_unix(short_path / "s")
    async with server, transport_to(f"unix:{short_path}/s") as transport:
        with pytest.raises(ConnectionLostError):
            await transport.request("GET", "/")
    assert len(server.seen) == 4


async def test_a_post_is_never_sent_twice(short_path: Path) -> None:
    server = await HttpServer(failing_first(1)).listen_unix(short_path / "s")
    async with server, transport_to(f"unix:{short_path}/s") as transport:
        with pytest.raises(ConnectionLostError):
            await transport.request("POST", "/")
    assert len(server.seen) == 1


async def test_a_post_waits_for_a_server_that_is_not_there_yet(short_path: Path) -> None:
    server = HttpServer(lambda _seen: ok())

    async def start_meanwhile(_seconds: float) -> None:
        await server.listen_unix(short_path / "s")

    transport = Transport(
        f"unix:{short_path}/s", socks=None, random_bytes=counting(), sleep=start_meanwhile
    )
    async with transport:
        assert (await transport.request("POST", "/")).status == 200
    await server.close()


async def test_nobody_there_is_said_so(short_path: Path) -> None:
    async with transport_to(f"unix:{short_path}/none") as transport:
        with pytest.raises(ServerUnreachableError):
            await transport.request("GET", "/")


async def test_a_bound_of_the_caller_is_not_tried_again(short_path: Path) -> None:
    server = await HttpServer(lambda _seen: ok(bytes(11))).listen_unix(short_path / "s")
    async with server, transport_to(f"unix:{short_path}/s") as transport:
        with pytest.raises(ResponseTooLongError):
            await transport.request("GET", "/", max_len=10)
        assert len(server.seen) == 1
        assert (await transport.request("GET", "/", max_len=11)).body == bytes(11)


async def test_a_connection_is_kept_for_one_purpose(short_path: Path) -> None:
    server = await HttpServer(lambda _seen: ok()).listen_unix(short_path / "s")
    async with server, transport_to(f"unix:{short_path}/s") as transport:
        for purpose in ("a", "a", "b", "a"):
            await transport.request("GET", "/", purpose=purpose)
    assert server.connections == 2


async def test_requests_of_one_purpose_wait_for_each_other(short_path: Path) -> None:
    server = await HttpServer(lambda _seen: ok()).listen_unix(short_path / "s")
    async with server, transport_to(f"unix:{short_path}/s") as transport:
        await asyncio.gather(*(transport.request("GET", "/") for _ in range(10)))
    assert (server.connections, len(server.seen)) == (1, 10)


async def test_purposes_and_visits_have_users_of_their_own(short_path: Path) -> None:
    server = await HttpServer(lambda _seen: ok()).listen_unix(short_path / "h")
    relay = await SocksRelay(short_path / "h").listen_unix(short_path / "s")
    async with server, relay, transport_to(ONION, short_path / "s") as transport:
        for purpose in ("a", "b", "a"):
            await transport.request("GET", "/", purpose=purpose)
        transport.new_visit()
        await transport.request("GET", "/", purpose="a")
    assert len(relay.users) == 3
    assert len(set(relay.users)) == 3
    assert set(relay.names) == {ONION}


async def test_each_retry_takes_another_circuit(short_path: Path) -> None:
    server = await HttpServer(failing_first(2)).listen_unix(short_path / "h")
    relay = await SocksRelay(short_path / "h").listen_unix(short_path / "s")
    async with server, relay, transport_to(ONION, short_path / "s") as transport:
        await transport.request("GET", "/")
    assert len(set(relay.users)) == 3


async def test_a_visit_that_ends_closes_what_was_under_way_afterwards(short_path: Path) -> None:
    server = await HttpServer(lambda _seen: ok()).listen_unix(short_path / "s")
    async with server, transport_to(f"unix:{short_path}/s") as transport:
        request = asyncio.create_task(transport.request("GET", "/"))
        await asyncio.sleep(0)
        transport.new_visit()
        assert (await request).status == 200
        await transport.request("GET", "/")
    assert server.connections == 2


async def test_a_missing_key_is_not_tried_again(short_path: Path) -> None:
    relay = await SocksRelay(short_path / "h", code=0xF4).listen_unix(short_path / "s")
    async with relay, transport_to(ONION, short_path / "s") as transport:
        with pytest.raises(ClientKeyMissingError):
            await transport.request("GET", "/")
    assert len(relay.users) == 1


async def test_an_onion_that_does_not_answer_is_tried_again(short_path: Path) -> None:
    relay = await SocksRelay(short_path / "h", code=0xF2).listen_unix(short_path / "s")
    async with relay, transport_to(ONION, short_path / "s") as transport:
        with pytest.raises(OnionUnreachableError):
            await transport.request("POST", "/")
    assert len(set(relay.users)) == 4


async def test_a_socks_port_that_says_nothing_is_given_up(short_path: Path) -> None:
    silent = await HttpServer(lambda _seen: None).listen_unix(short_path / "s")
    async with silent, transport_to(ONION, short_path / "s", attempts=1) as transport:
        with pytest.raises(OnionUnreachableError):
            await transport.request("GET", "/")


async def test_no_tor_is_said_so(short_path: Path) -> None:
    async with transport_to(ONION, short_path / "none") as transport:
        with pytest.raises(SocksUnreachableError):
            await transport.request("GET", "/")


async def test_the_same_way_leads_to_another_server_over_other_circuits() -> None:
    async with transport_to("http://127.0.0.1:1") as transport:
        async with transport.to("http://127.0.0.1:2") as other:
            assert other.host == "127.0.0.1"
            assert other is not transport
        with pytest.raises(DirectConnectionRefusedError):
            transport.to("http://192.0.2.1")
