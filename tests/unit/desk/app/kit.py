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
from silent_courier.protocol.payload import LetterPayload
from silent_courier.protocol.thread import derive_auth, derive_thread_key
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import PASSPHRASE, QUICK, Clock, SmallServer, make_file, seal, serving
from tests.unit.protocol.makers import WEEK, Organisation, draw, letter_payload, source_id


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
            Settings(desk.vault.directory, tick_s=0.02, kdf=QUICK),
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


async def synced(visitor: Visitor, rounds: int = 1) -> None:
    """Wait for so many syncs."""
    await until(lambda: visitor.app.rounds >= rounds)


async def one_thread(visitor: Visitor, server: SmallServer, org: Organisation) -> str:
    """Unlock, with one letter in the letterbox."""
    file = make_file(org, "фото.jpg", b"pixels")
    server.chunks |= file.chunks
    server.put(seal(org, letter_payload(org, attachments=(file.attachment,))))
    await visitor.unlock()
    await synced(visitor)
    return source_id(org).hex()


def letter_of(org: Organisation, source: int, **changes: Any) -> LetterPayload:
    """A letter of one of many sources, by number."""
    entropy = draw(f"source/{source}")[:16]
    return letter_payload(
        org,
        id=draw(f"letter/{source}")[:16].hex(),
        auth=derive_auth(entropy, org.org_id, 1).hex(),
        thread_key=derive_thread_key(entropy, org.org_id, 1, WEEK).key.hex(),
        **changes,
    )
