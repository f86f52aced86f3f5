"""The pages of both desks, beside the demo that syncs them.

They are locked at first. While one is open its vault is in use, and it syncs by itself; the demo
leaves that vault alone until the page is locked again.
"""

import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from silent_courier.cli.demo.desks import ROUND_S
from silent_courier.cli.demo.places import HANDLERS, Places
from silent_courier.cli.demo.stage import Stage
from silent_courier.cli.desk_app import running_app
from silent_courier.desk import Desk, Progress, tor_client_key
from silent_courier.desk.app import Connect, DeskApp, Settings
from silent_courier.tor.transport import Transport


@asynccontextmanager
async def desk_pages(places: Places, stage: Stage) -> AsyncIterator[Mapping[str, DeskApp]]:
    """Both apps, by handler, while the block runs."""
    async with AsyncExitStack() as stack:
        apps = {}
        for handler in HANDLERS:
            settings = Settings(places.desk(handler), every_s=ROUND_S)
            apps[handler] = await stack.enter_async_context(running_app(settings, _way(stage)))
        yield apps


def page_lines(places: Places, stage: Stage, apps: Mapping[str, DeskApp]) -> Iterator[str]:
    """Where to look, and how to get in; each call makes the addresses anew."""
    yield ""
    yield "Or play both sides in a browser: write as a source, then read and answer as a handler."
    yield f"  {'Source':<11}  http://{stage.addresses.portal}{_through(places, stage)}"
    for handler, app in apps.items():
        yield f"  {handler.title():<11}  {app.new_address()}"
        yield f"  passphrase   {places.passphrase(handler)}"
    yield "A desk's address is good for one time; Enter prints new ones."
    yield "While a desk's page is open its vault is in use: lock it before the commands above."


def _through(places: Places, stage: Stage) -> str:
    if stage.tor is None:
        return ""
    if stage.tor_config == places.tor_config:
        return " (only on the demo's own Tor network: use the command)"
    return " (in Tor Browser)"


def _way(stage: Stage) -> Connect:
    @asynccontextmanager
    async def connect(desk: Desk, _: Progress) -> AsyncIterator[Transport]:
        if stage.tor is not None:
            await stage.tor.add_client_key(stage.addresses.desk, tor_client_key(desk))
        async with Transport(
            stage.addresses.desk, socks=stage.socks, random_bytes=secrets.token_bytes
        ) as transport:
            yield transport

    return connect
