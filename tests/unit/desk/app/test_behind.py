"""The process behind the porter, as a task: it ends with the lock, or with the porter."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from silent_courier.desk import Desk
from silent_courier.desk.app import DeskApp, Settings
from silent_courier.desk.app.behind import serve_behind
from silent_courier.desk.app.listening import bind, host_of
from silent_courier.desk.app.porter import LEAVING
from silent_courier.desk.app.standing import Standing, parse_standing
from tests.unit.desk.app.kit import Hand, connect_by
from tests.unit.desk.kit import PASSPHRASE, Clock, SmallServer, serving

TOKEN = "ab" * 32


@asynccontextmanager
async def behind(
    desk: Desk, server: SmallServer, directory: Path, clock: Clock, given: Standing
) -> AsyncIterator[tuple[asyncio.Task[None], asyncio.StreamReader, asyncio.StreamWriter, str]]:
    """It serves; what it tells, the way to it, and its address."""
    desk.vault.close()
    ours, theirs = socket.socketpair()
    listening = bind()

    async def nothing(_: DeskApp) -> None:
        pass

    async with serving(server, directory) as transport:

        def make(standing: Standing, port: socket.socket) -> DeskApp:
            return DeskApp(
                Settings(desk.vault.directory),
                connect_by(transport),
                clock=clock,
                monotonic=Hand(),
                random=desk.random,
                standing=standing,
                listening=port,
            )

        reader, writer = await asyncio.open_connection(sock=ours)
        writer.write(given.encode())
        base = f"http://{host_of(listening)}"
        task = asyncio.create_task(serve_behind(make, listening, theirs, nothing))
        yield task, reader, writer, base
        writer.close()
        await asyncio.wait_for(task, 10)


async def ask(base: str, path: str, **question: object) -> httpx.Response:
    headers = {"Origin": base, "Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
        return await http.post(f"/api/{path}", json=question, headers=headers)


async def test_it_ends_once_the_desk_was_open_and_is_locked(
    desk: Desk, server: SmallServer, tmp_path: Path, clock: Clock
) -> None:
    given = Standing(session=TOKEN, failures=1)
    async with behind(desk, server, tmp_path, clock, given) as (task, reader, _, base):
        assert parse_standing(await reader.readline()).session == TOKEN
        assert (await ask(base, "lock")).status_code == 200
        assert not task.done()
        assert (await ask(base, "unlock", passphrase=PASSPHRASE)).status_code == 200
        assert parse_standing(await reader.readline()).failures == 0
        assert (await ask(base, "lock")).status_code == 200
        await asyncio.wait_for(asyncio.shield(task), 10)
        assert LEAVING in await reader.read()


async def test_it_hears_of_new_addresses_and_ends_with_the_porter(
    desk: Desk, server: SmallServer, tmp_path: Path, clock: Clock
) -> None:
    async with behind(desk, server, tmp_path, clock, Standing()) as (task, reader, writer, base):
        await reader.readline()
        assert (await ask(base, "start", token="cd" * 32)).status_code == 401
        writer.write(Standing(start="cd" * 32).encode())
        assert parse_standing(await reader.readline()).start == "cd" * 32
        assert (await ask(base, "start", token="cd" * 32)).status_code == 200
        assert parse_standing(await reader.readline()).start == ""
        writer.close()
        await asyncio.wait_for(asyncio.shield(task), 10)
