"""Both onions on a private Tor network: served, closed to strangers, isolated, truthfully told."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from silent_courier.protocol.errors import (
    ClientKeyMissingError,
    ClientKeyWrongError,
    OnionDescriptorMissingError,
)
from silent_courier.tor.client import TorClient
from silent_courier.tor.onion import make_client_key, make_onion_key, write_authorized_clients
from silent_courier.tor.publication import DESCRIPTOR_LIFE_S
from silent_courier.tor.service import ServiceStatus
from silent_courier.tor.transport import Transport
from tests.e2e.tornet import PUBLISHED_WITHIN_S, Onions, Tornet, transport_through
from tests.servers import HttpServer, ok

pytestmark = pytest.mark.asyncio(loop_scope="module")

QUICK_S = 5.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything up: both onions, the servers behind them, and a client."""

    onions: Onions
    public: HttpServer
    desk: HttpServer
    client: TorClient
    at_first: ServiceStatus

    def transport(self, address: str) -> Transport:
        return transport_through(self.client, address)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tornet: Tornet) -> AsyncIterator[Stage]:
    onions, client = tornet.onions("o"), tornet.client("c")
    public = await HttpServer(lambda seen: ok(seen.body[::-1]), proxied=True).listen_unix(
        onions.public_socket
    )
    desk = await HttpServer(lambda _seen: ok(b"desk")).listen_unix(onions.desk_socket)
    async with public, desk, onions.service as service:
        at_first = service.status()
        async with client:
            await service.wait_published(PUBLISHED_WITHIN_S)
            yield Stage(onions, public, desk, client, at_first)


async def test_nothing_is_called_published_before_a_directory_confirmed_it(stage: Stage) -> None:
    assert stage.at_first.running
    assert [(o.published, o.uploads, o.since) for o in stage.at_first.onions] == [
        (False, 0, None),
        (False, 0, None),
    ]
    now = stage.onions.service.status()
    assert now.percent == 100
    assert [o.address for o in now.onions] == [
        stage.onions.public_address,
        stage.onions.desk_address,
    ]
    assert all(o.published and 0 < o.uploads <= o.copies for o in now.onions)


async def test_what_was_not_uploaded_again_is_not_called_published(stage: Stage) -> None:
    real = stage.onions.now
    stage.onions.now = lambda: real() + DESCRIPTOR_LIFE_S + 60
    try:
        assert not any(o.published for o in stage.onions.service.status().onions)
    finally:
        stage.onions.now = real


async def test_the_public_onion_answers_through_tor(stage: Stage) -> None:
    async with stage.transport(stage.onions.public_address) as transport:
        body = secrets.token_bytes(200_000)
        response = await transport.request("POST", "/v1/x", body=body, max_len=200_000)
    assert response.body == body[::-1]
    assert stage.public.seen[-1].header("Host") == stage.onions.public_address


async def test_purposes_and_visits_come_over_different_circuits(stage: Stage) -> None:
    before = len(stage.public.seen)
    async with stage.transport(stage.onions.public_address) as transport:
        for purpose in ("keyring", "chunks-1", "keyring"):
            await transport.request("GET", "/", purpose=purpose)
        transport.new_visit()
        await transport.request("GET", "/", purpose="keyring")
    circuits = [seen.circuit for seen in stage.public.seen[before:]]
    assert all(circuits)
    assert circuits[0] == circuits[2]
    assert len(set(circuits)) == 3


async def test_one_purpose_stays_on_its_circuit_over_new_connections(stage: Stage) -> None:
    before, connections = len(stage.public.seen), stage.public.connections
    async with stage.transport(stage.onions.public_address) as transport:
        await transport.request("GET", "/")
        await asyncio.sleep(2.1)  # longer than a connection is kept
        await transport.request("GET", "/")
    assert stage.public.connections == connections + 2
    assert len({seen.circuit for seen in stage.public.seen[before:]}) == 1


async def test_the_desk_onion_is_closed_without_a_key_and_says_so_at_once(stage: Stage) -> None:
    began = asyncio.get_running_loop().time()
    async with stage.transport(stage.onions.desk_address) as transport:
        with pytest.raises(ClientKeyMissingError):
            await transport.request("GET", "/")
    assert asyncio.get_running_loop().time() - began < QUICK_S


async def test_the_desk_onion_is_closed_to_a_wrong_key_and_open_to_the_right(stage: Stage) -> None:
    stranger = make_client_key(secrets.token_bytes(32))
    async with stage.transport(stage.onions.desk_address) as transport:
        await stage.client.add_client_key(stage.onions.desk_address, stranger.private)
        with pytest.raises(ClientKeyWrongError):
            await transport.request("GET", "/")
        await stage.client.add_client_key(stage.onions.desk_address, stage.onions.desk_key.private)
        assert (await transport.request("GET", "/")).body == b"desk"
    assert stage.desk.seen[-1].circuit == ""


async def test_a_key_that_was_taken_back_opens_nothing_more(stage: Stage, tornet: Tornet) -> None:
    new = make_client_key(secrets.token_bytes(32))
    write_authorized_clients(stage.onions.directory / "desk", {"boris-1": new.public})
    await stage.onions.service.reload()
    async with tornet.client("c2") as other:
        await other.add_client_key(stage.onions.desk_address, new.private)
        await until_open(other, stage.onions.desk_address)
        await other.add_client_key(stage.onions.desk_address, stage.onions.desk_key.private)
        await other.forget_circuits()
        async with transport_through(other, stage.onions.desk_address) as transport:
            with pytest.raises(ClientKeyWrongError):
                await transport.request("GET", "/")


async def until_open(client: TorClient, address: str) -> None:
    """The descriptor with the new list needs a moment to be uploaded."""
    async with asyncio.timeout(30), transport_through(client, address) as transport:
        while True:
            try:
                await transport.request("GET", "/")
            except ClientKeyWrongError:
                await client.forget_circuits()
                await asyncio.sleep(0.5)
            else:
                return


async def test_an_onion_that_nobody_serves_is_said_so_at_once(stage: Stage) -> None:
    nobody = make_onion_key(secrets.token_bytes(32)).address
    began = asyncio.get_running_loop().time()
    async with stage.transport(nobody) as transport:
        with pytest.raises(OnionDescriptorMissingError):
            await transport.request("GET", "/")
    assert asyncio.get_running_loop().time() - began < QUICK_S


async def test_a_browser_gets_a_port_of_this_machine(tornet: Tornet, stage: Stage) -> None:
    async with tornet.client("c3", tcp=True) as client:
        assert client.socks.host == "127.0.0.1"
        assert client.socks.port > 0
        async with transport_through(client, stage.onions.public_address) as transport:
            assert (await transport.request("GET", "/")).status == 200
