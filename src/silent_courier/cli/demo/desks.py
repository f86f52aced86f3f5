"""Both desks of the demo, synced again and again so that the letterbox counts as emptied.

A vault is open only while its desk syncs: between two rounds the commands that the demo prints
can have it.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from silent_courier.cli.demo.places import HANDLERS, Places
from silent_courier.cli.demo.setup import opened_desk
from silent_courier.cli.demo.stage import Stage
from silent_courier.cli.failures import explain
from silent_courier.cli.output import counted
from silent_courier.desk import Desk, SyncReport, sign_portal, sync, tor_client_key
from silent_courier.protocol.errors import CourierError, VaultInUseError
from silent_courier.tor.transport import Transport

ROUND_S: Final = 4.0
PATIENCE_S: Final = 60.0

OnNews = Callable[[str], None]


async def sync_desk(places: Places, stage: Stage, handler: str) -> SyncReport:
    """One sync of one desk; its errors."""
    async with _connected(places, stage, handler) as (desk, transport):
        return await sync(desk, transport)


async def sync_first(places: Places, stage: Stage, handler: str) -> None:
    """Sync once, with patience: server and tor need a moment to take a new charter.

    The first handler's desk also signs what the portal's files are.
    """
    end = asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            await sync_desk(places, stage, handler)
            if handler == HANDLERS[0]:
                await _sign(places, stage, handler)
        except CourierError:
            if asyncio.get_running_loop().time() > end:
                raise
            await asyncio.sleep(1)
        else:
            return


async def sync_for_ever(places: Places, stage: Stage, on_news: OnNews) -> None:
    """Sync both desks until cancelled; say what came, and each kind of trouble once."""
    said: set[str] = set()
    while True:
        for handler in HANDLERS:
            try:
                report = await sync_desk(places, stage, handler)
            except VaultInUseError:
                continue
            except CourierError as error:
                sentence = explain(error).sentence
                if sentence not in said:
                    on_news(f"{handler}: {sentence}")
                    said.add(sentence)
            else:
                _tell_news(handler, report, on_news)
        await asyncio.sleep(ROUND_S)


@asynccontextmanager
async def _connected(
    places: Places, stage: Stage, handler: str
) -> AsyncIterator[tuple[Desk, Transport]]:
    with opened_desk(places, handler) as desk:
        if stage.tor is not None:
            await stage.tor.add_client_key(stage.addresses.desk, tor_client_key(desk))
        async with Transport(
            stage.addresses.desk, socks=stage.socks, random_bytes=secrets.token_bytes
        ) as transport:
            yield desk, transport


async def _sign(places: Places, stage: Stage, handler: str) -> None:
    async with _connected(places, stage, handler) as (desk, transport):
        await sign_portal(desk, transport)


def _tell_news(handler: str, report: SyncReport, on_news: OnNews) -> None:
    counts = (
        (report.letters, "new letter", "new letters"),
        (report.attachments, "attachment complete", "attachments complete"),
        (report.colleague_letters, "letter from a colleague", "letters from colleagues"),
        (report.cells_posted, "cell of an answer posted", "cells of an answer posted"),
    )
    news = [counted(count, one, many) for count, one, many in counts if count]
    if news:
        on_news(f"{handler.title()}'s desk: {', '.join(news)}")
