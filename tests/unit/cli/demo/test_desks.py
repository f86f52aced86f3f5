import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from silent_courier.cli.demo import desks
from silent_courier.cli.demo.desks import sync_desk, sync_first, sync_for_ever
from silent_courier.cli.demo.places import Places, read_ports
from silent_courier.cli.demo.setup import opened_desk, use_addresses
from silent_courier.cli.demo.stage import Stage, open_stage
from silent_courier.cli.output import progress
from silent_courier.protocol.errors import ServerUnreachableError
from silent_courier.tor.transport import Transport


@pytest.fixture
async def stage(places: Places) -> AsyncIterator[Stage]:
    with progress() as view:
        async with open_stage(places, read_ports(places), view, 0) as stage:
            use_addresses(places, stage.addresses)
            yield stage


async def test_a_desk_syncs(places: Places, stage: Stage) -> None:
    await sync_first(places, stage, "anna")
    report = await sync_desk(places, stage, "anna")
    assert report.troubles == ()


async def test_first_desk_signs_what_the_portals_files_are(places: Places, stage: Stage) -> None:
    async with Transport(
        stage.addresses.portal, socks=None, random_bytes=secrets.token_bytes
    ) as transport:
        await sync_first(places, stage, "boris")
        assert (await transport.request("GET", "/v1/manifest")).status == 404
        await sync_first(places, stage, "anna")
        assert (await transport.request("GET", "/v1/manifest")).status == 200


async def test_a_server_that_stays_away_is_given_up(
    places: Places, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "PATIENCE_S", 0.0)
    await stage.server.stop()
    with pytest.raises(ServerUnreachableError):
        await sync_first(places, stage, "anna")


async def test_a_vault_in_use_is_left_to_who_uses_it_and_trouble_is_told_once(
    places: Places, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "ROUND_S", 0.05)
    news: list[str] = []
    await stage.server.stop()
    with opened_desk(places, "anna"), suppress(TimeoutError):
        async with asyncio.timeout(8):
            await sync_for_ever(places, stage, news.append)
    assert news == ["boris: The server does not answer."]
