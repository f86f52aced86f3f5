"""An app over a desk of the protocol's tests, asked as its own page asks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from silent_courier.desk import Desk, Progress
from silent_courier.desk.app import Connect, DeskApp, Settings
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import PASSPHRASE, Clock, SmallServer, serving


@dataclass(slots=True)
class Hand:
    """Seconds on the monotonic clock, turned by hand."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def connect_by(transport: Transport) -> Connect:
    """A way to the server that is there already."""

    @asynccontextmanager
    async def connect(_: Desk, progress: Progress) -> AsyncIterator[Transport]:
        progress("tor", 50, 100)
        yield transport

    return connect


async def until(condition: Callable[[], object]) -> None:
    """Wait for what other tasks bring about."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.01)


@dataclass(slots=True)
class Visitor:
    """The page: an address, and the session once it has begun."""

    app: DeskApp
    hand: Hand
    http: httpx.AsyncClient
    session: str = ""

    async def ask(self, path: str, /, **question: object) -> httpx.Response:
        """POST as the page does."""
        headers = {"Origin": str(self.http.base_url).rstrip("/")}
        if self.session:
            headers["Authorization"] = f"Bearer {self.session}"
        return await self.http.post(f"/api/{path}", json=question, headers=headers)

    async def told(self, path: str, /, **question: object) -> Any:
        """The answer to what is allowed."""
        answer = await self.ask(path, **question)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def begin(self) -> None:
        """Open the app's address."""
        token = self.app.new_address().partition("#")[2]
        self.session = (await self.told("start", token=token))["session"]

    async def unlock(self) -> None:
        """Begin, and give the passphrase."""
        await self.begin()
        await self.told("unlock", passphrase=PASSPHRASE)


@asynccontextmanager
async def open_app(
    desk: Desk, server: SmallServer, directory: Path, clock: Clock
) -> AsyncIterator[Visitor]:
    """The app on the vault of this desk, which is closed first."""
    desk.vault.close()
    hand = Hand()

    def running(transport: Transport) -> DeskApp:
        return DeskApp(
            Settings(desk.vault.directory, tick_s=0.02),
            connect_by(transport),
            clock=clock,
            monotonic=hand,
            random=desk.random,
        )

    async with serving(server, directory) as transport, running(transport) as app:
        base = app.new_address().partition("/#")[0]
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
            yield Visitor(app, hand, http)
            assert app.faults == 0
