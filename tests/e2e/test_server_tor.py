"""A whole server on the Tor network: both onions, and a charter that changes who gets in."""

import asyncio
import secrets
import time
from dataclasses import replace
from pathlib import Path

from silent_courier.protocol.charter import Device, Handler
from silent_courier.protocol.errors import ClientKeyMissingError, ClientKeyWrongError, TorError
from silent_courier.server.limits import Limits
from silent_courier.server.run import RunningServer
from silent_courier.server.setup import init_server, load_charter
from silent_courier.server.status import read_status
from silent_courier.tor.client import TorClient
from tests.e2e.tornet import PUBLISHED_WITHIN_S, Tornet, transport_through
from tests.unit.server.kit import (
    LETTER_LEN,
    Desk,
    Organisation,
    make_desk,
    make_organisation,
    sign_access,
    solve,
)

REFUSED_WITHIN_S = 60.0


def _exchanged(organisation: Organisation, fresh: Desk) -> Organisation:
    """The organisation after its second handler left and a third came."""
    first = organisation.desks[0]
    body = organisation.charter.body
    following = organisation.next(
        generation_days=(*body.generation_days, body.issued),
        handlers=(
            Handler(handler=0, label="stays"),
            Handler(handler=1, label="left", left_generation=2),
            Handler(handler=2, label="new"),
        ),
        devices=(*body.devices, Device(device=8, key=fresh.key.public.hex())),
    )
    desks = (first, fresh)
    access = sign_access(desks, following.charter, following.root)
    return replace(following, desks=desks, access=access)


async def _status(client: TorClient, address: str, path: str, token: bytes | None = None) -> int:
    bearer = "" if token is None else f"Bearer {token.hex()}"
    async with transport_through(client, address) as transport:
        return (await transport.request("GET", path, authorization=bearer)).status


async def _drop_letter(client: TorClient, address: str) -> int:
    async with transport_through(client, address) as transport:
        offer = (await transport.request("GET", "/v1/tickets")).body
        ticket = (await transport.request("POST", "/v1/tickets", body=solve(offer))).body
        bearer = f"Bearer {ticket.hex()}"
        letter = secrets.token_bytes(LETTER_LEN)
        return (
            await transport.request("POST", "/v1/letters", body=letter, authorization=bearer)
        ).status


async def _becomes_refused(client: TorClient, address: str) -> bool:
    """Whether the desk onion stops being found with the key that opened it."""
    deadline = time.monotonic() + REFUSED_WITHIN_S
    while time.monotonic() < deadline:
        await client.forget_circuits()
        try:
            await _status(client, address, "/v1/days")
        except (ClientKeyMissingError, ClientKeyWrongError):
            return True
        except TorError:
            pass  # The old descriptor is gone and the new one not there yet.
        await asyncio.sleep(1)
    return False


async def test_both_onions_serve_and_a_new_charter_changes_who_reaches_the_desks(
    tornet: Tornet, tmp_path: Path
) -> None:
    directory = tmp_path / "server"
    organisation, fresh = make_organisation(), make_desk(8)
    config = init_server(directory, random=secrets.token_bytes)
    load_charter(directory, organisation.chain, organisation.access)
    server = RunningServer(
        directory,
        clock=time.time,
        random=secrets.token_bytes,
        network=tornet.service_config,
        limits=Limits(ticket_bits=4),
    )
    async with server, tornet.client("st-1") as stays, tornet.client("st-2") as leaves:
        await server.wait_published(PUBLISHED_WITHIN_S)
        assert (server.portal_url, server.desk_url) == (
            f"http://{config.portal}",
            f"http://{config.desk}",
        )
        assert server.portal_listen is None
        one, two = organisation.desks

        assert await _status(stays, config.portal, "/v1/keyring") == 200
        assert await _drop_letter(stays, config.portal) == 204
        for client, desk in ((stays, one), (leaves, two)):
            await client.add_client_key(config.desk, desk.tor_private)
            assert await _status(client, config.desk, "/v1/days", desk.token) == 200
        assert await _status(stays, config.desk, "/v1/days") == 401

        following = _exchanged(organisation, fresh)
        load_charter(directory, following.chain, following.access)

        assert await _becomes_refused(leaves, config.desk)
        assert await _status(stays, config.desk, "/v1/days", one.token) == 200
        await leaves.add_client_key(config.desk, fresh.tor_private)
        await leaves.forget_circuits()
        assert await _status(leaves, config.desk, "/v1/days", fresh.token) == 200
        status = read_status(directory)
        assert status.serial == 2
        assert status.tor is not None
        assert all(onion.published for onion in status.tor.onions)
    assert not read_status(directory).running
