"""The process behind the porter: one desk, from its locked door to its next lock, and no longer."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

from silent_courier.desk.app.porter import LEAVING
from silent_courier.desk.app.running import DeskApp
from silent_courier.desk.app.standing import Standing, parse_standing
from silent_courier.storage.memory import shut_in

MakeApp = Callable[[Standing, socket.socket], DeskApp]


async def serve_behind(
    make_app: MakeApp,
    listening: socket.socket,
    control: socket.socket,
    begin: Callable[[DeskApp], Awaitable[None]],
) -> None:
    """Serve until the desk was open and is locked again, or the porter is gone.

    begin: what is done before the porter hears that this desk is ready.
    """
    shut_in()
    reader, writer = await asyncio.open_connection(sock=control)
    standing = parse_standing(await reader.readline())
    standing.watch(lambda changed: writer.write(changed.encode()))
    async with make_app(standing, listening) as app:
        await begin(app)
        writer.write(standing.encode())
        hearing = asyncio.create_task(_hear(reader, standing))
        leaving = asyncio.create_task(app.keeper.left.wait())
        try:
            await asyncio.wait({hearing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            writer.write(LEAVING)
        finally:
            hearing.cancel()
            leaving.cancel()
    writer.close()


async def _hear(reader: asyncio.StreamReader, standing: Standing) -> None:
    """Take the start tokens that the porter makes, until it is gone."""
    with suppress(ConnectionError):
        while line := await reader.readline():
            standing.change(start=parse_standing(line).start)
