"""What breaks on a Tor network is mended: circuits, the server's tor, the client's tor."""

import asyncio
import os
import secrets
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from silent_courier.tor.client import TorClient
from silent_courier.tor.upload import UploadJob, upload
from tests.e2e.tornet import PUBLISHED_WITHIN_S, Onions, Tornet, transport_through
from tests.servers import HttpServer, ok

pytestmark = pytest.mark.asyncio(loop_scope="module")

CHUNKS = 30
CHUNK_LEN = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stage:
    """The public onion with a server behind it, and a client."""

    onions: Onions
    server: HttpServer
    client: TorClient


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tornet: Tornet) -> AsyncIterator[Stage]:
    onions, client = tornet.onions("ro"), tornet.client("rc")
    server = await HttpServer(lambda _seen: ok(status=204), proxied=True).listen_unix(
        onions.public_socket
    )
    async with server, onions.service as service, client:
        await service.wait_published(PUBLISHED_WITHIN_S)
        yield Stage(onions, server, client)


async def close_rendezvous_circuits(client: TorClient) -> int:
    """Kill every circuit to an onion that this client has; how many there were."""
    lines = (await client.control.get_info("circuit-status")).splitlines()
    killed = [line.split()[0] for line in lines if "PURPOSE=HS_CLIENT_REND" in line]
    for circuit in killed:
        await client.control.command("CLOSECIRCUIT", circuit)
    return len(killed)


async def test_an_upload_in_four_streams_survives_the_death_of_its_circuits(stage: Stage) -> None:
    bodies = [secrets.token_bytes(CHUNK_LEN) for _ in range(CHUNKS)]
    killings = list[asyncio.Task[int]]()

    def kill_midway(done: int, _total: int) -> None:
        if done in (5, 15):
            killings.append(asyncio.create_task(close_rendezvous_circuits(stage.client)))

    async def authorise() -> str:
        return "Bearer x"

    jobs = (UploadJob(f"/{n}", lambda n=n: bodies[n]) for n in range(CHUNKS))  # type: ignore[misc]
    async with transport_through(stage.client, stage.onions.public_address) as transport:
        await upload(transport, jobs, authorise=authorise, total=CHUNKS, on_progress=kill_midway)
    assert min(await asyncio.gather(*killings)) >= 1
    assert len(killings) == 2
    arrived = {seen.path: seen.body for seen in stage.server.seen}
    assert arrived == {f"/{n}": body for n, body in enumerate(bodies)}
    assert len({seen.circuit for seen in stage.server.seen}) > 4


async def test_a_killed_server_tor_comes_back_with_its_onion(stage: Stage) -> None:
    service = stage.onions.service
    assert service.pid is not None
    os.kill(service.pid, signal.SIGKILL)
    async with asyncio.timeout(10):
        while service.status().running:  # noqa: ASYNC110 - what is asked has no event
            await asyncio.sleep(0.005)
    assert not any(onion.published for onion in service.status().onions)
    await service.wait_published(PUBLISHED_WITHIN_S)
    assert service.status().restarts == 1
    async with transport_through(stage.client, stage.onions.public_address) as transport:
        assert (await transport.request("PUT", "/again")).status == 204


async def test_a_killed_client_tor_comes_back_for_who_waits(stage: Stage) -> None:
    assert stage.client.pid is not None
    async with transport_through(stage.client, stage.onions.public_address) as transport:
        await transport.request("PUT", "/before")
        os.kill(stage.client.pid, signal.SIGKILL)
        assert (await transport.request("PUT", "/after")).status == 204
