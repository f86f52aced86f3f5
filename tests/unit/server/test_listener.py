"""Sockets that are ours alone, addresses that are free, an end that loses nothing."""

import asyncio
import socket
import stat
import time
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from silent_courier.protocol.errors import PortInUseError, StorageError
from silent_courier.server.answers import Answer, send_answer
from silent_courier.server.listener import (
    Door,
    Listener,
    address_of,
    bind_tcp,
    bind_unix,
    split_address,
)
from tests.unit.server.kit import Client
from tests.unit.server.serving import FAST, answering_app, seats, serve

FINE = answering_app(lambda _: Answer(200, b"fine"))


def test_unix_socket_is_private_and_replaces_a_stale_one(short_path: Path) -> None:
    path = short_path / "x.sock"
    for _ in range(2):
        with bind_unix(path):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_unix_socket_that_cannot_be_is_an_error_of_ours(short_path: Path) -> None:
    with pytest.raises(StorageError):
        bind_unix(short_path / "missing" / "x.sock")


@pytest.mark.parametrize("listens", [True, False])
def test_port_in_use_is_said(listens: bool) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        if listens:
            other.listen()
        with pytest.raises(PortInUseError):
            bind_tcp(address_of(other))


def test_address_of_another_machine_is_said() -> None:
    with pytest.raises(PortInUseError):
        bind_tcp("192.0.2.1:0")


def test_free_port_is_found_and_named() -> None:
    with bind_tcp("127.0.0.1:0") as bound:
        host, port = split_address(address_of(bound))

    assert host == "127.0.0.1"
    assert port > 0


def test_addresses_are_read_and_written_alike() -> None:
    assert split_address("[::1]:80") == ("::1", 80)
    with bind_tcp("[::1]:0") as bound:
        assert address_of(bound).startswith("[::1]:")


@pytest.mark.parametrize("address", ["", "8000", ":8000", "x:", "x:65536", "x:-1", "x:٣", "x:8 "])
def test_what_is_no_address_is_the_callers_mistake(address: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        split_address(address)


async def test_one_app_is_served_at_several_doors(short_path: Path) -> None:
    path = short_path / "x.sock"
    tcp = bind_tcp("127.0.0.1:0")
    address = address_of(tcp)
    listener = Listener(FINE, [Door(tcp), Door(bind_unix(path))], FAST, seats(10))
    await listener.start()
    for place in (address, path):
        async with Client(place) as client:
            assert (await client.request("GET", "/")).body == b"fine"
    await listener.stop()


async def test_answers_are_not_held_back_by_the_network() -> None:
    """40 ms for each answer, where a socket waits for the receipt of what it sent before."""
    async with serve(FINE) as served, served.client() as client:
        start = time.monotonic()
        for _ in range(20):
            await client.request("GET", "/")

        assert time.monotonic() - start < 20 * 0.03


async def test_answer_under_way_is_finished_before_the_end() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_: Scope, __: Receive, send: Send) -> None:
        begun.set()
        await may_end.wait()
        await send_answer(send, Answer(200, b"whole"))

    async with serve(slow) as served, served.client() as client:
        request = asyncio.create_task(client.request("GET", "/"))
        await begun.wait()
        stopping = asyncio.create_task(served.listener.stop())
        await asyncio.sleep(0.05)
        may_end.set()

        assert (await request).body == b"whole"
        await stopping


async def test_what_does_not_end_is_ended() -> None:
    cancelled = asyncio.Event()

    async def stuck(_: Scope, __: Receive, ___: Send) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    async with serve(stuck) as served, served.client(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
        await asyncio.sleep(0.05)
        await served.listener.stop()

        assert cancelled.is_set()
        assert served.listener.connections == 0


async def test_nobody_is_served_after_the_end() -> None:
    async with serve(FINE) as served:
        await served.listener.stop()

        with pytest.raises(ConnectionRefusedError):
            await served.raw(b"")
