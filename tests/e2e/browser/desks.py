"""A handler at the desk's page: the real app on a desk of a `House`, and a browser before it."""

import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page

from silent_courier.desk import Desk, Progress
from silent_courier.desk.app import Connect, DeskApp, Settings
from silent_courier.tor.transport import Transport
from tests.e2e.due import let_be_due
from tests.e2e.house import PASSPHRASE, QUICK_KDF, House


@dataclass(frozen=True, slots=True)
class Seat:
    """A handler's page, and what the browser complained of or asked for."""

    app: DeskApp
    page: Page
    complaints: list[str]
    urls: list[str]

    async def unlock(self) -> None:
        """Give the passphrase, and wait until the desk is open and has synced."""
        await self.page.fill("#passphrase", PASSPHRASE)
        await self.page.click("form .primary")
        await self.page.wait_for_selector(".sync[data-state=synced]")

    async def sync(self) -> None:
        """Press the button, and wait for the end; what waits is due."""
        let_be_due(self.app.keeper.desk)
        rounds = self.app.rounds
        await self.page.click(".sync button")
        while self.app.rounds == rounds:
            await self.page.wait_for_timeout(20)
        await self.page.wait_for_selector(".sync[data-state=synced]")

    async def write(self, key: str, text: str) -> None:
        """Press `r` or `n`, type, and seal."""
        await self.page.keyboard.press(key)
        await self.page.fill("#writing", text)
        await self.page.click(".composer .primary")
        await self.page.wait_for_selector(".composer", state="detached")


@asynccontextmanager
async def open_seat(
    house: House,
    label: str,
    browser: Browser,
    *,
    width: int = 1280,
    dark: bool = False,
    locale: str = "en-GB",
    connect: Connect | None = None,
) -> AsyncIterator[Seat]:
    """The page of this handler, locked; the house's own handle on the vault is closed.

    connect: another way to the server than the house's own.
    """
    directory = house.desk(label).vault.directory
    house.desk(label).vault.close()

    @asynccontextmanager
    async def as_the_house_does(_: Desk, __: Progress) -> AsyncIterator[Transport]:
        async with house.desk_transport(label) as transport:
            yield transport

    way = connect or as_the_house_does
    async with _sit_down(
        house, directory, way, browser, width=width, dark=dark, locale=locale
    ) as seat:
        await seat.page.wait_for_selector("#passphrase")
        yield seat


@asynccontextmanager
async def open_new_seat(
    house: House,
    name: str,
    browser: Browser,
    *,
    width: int = 1280,
    dark: bool = False,
    locale: str = "en-GB",
) -> AsyncIterator[Seat]:
    """The page before a directory of this name, in which nothing is yet."""

    @asynccontextmanager
    async def connect(_: Desk, __: Progress) -> AsyncIterator[Transport]:
        async with Transport(
            house.server.desk_url, socks=None, random_bytes=secrets.token_bytes
        ) as transport:
            yield transport

    async with _sit_down(
        house, house.directory / name, connect, browser, width=width, dark=dark, locale=locale
    ) as seat:
        yield seat


@asynccontextmanager
async def _sit_down(
    house: House,
    directory: Path,
    connect: Connect,
    browser: Browser,
    *,
    width: int,
    dark: bool,
    locale: str,
) -> AsyncIterator[Seat]:
    app = DeskApp(
        Settings(directory, kdf=QUICK_KDF),
        connect,
        clock=house.clock,
        monotonic=time.monotonic,
        random=secrets.token_bytes,
    )
    page = await browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if dark else "light",
        locale=locale,
    )
    page.set_default_timeout(20_000)
    seat = Seat(app, page, [], [])
    page.on("console", lambda message: seat.complaints.append(message.text))
    page.on("pageerror", lambda error: seat.complaints.append(str(error)))
    page.on("request", lambda request: seat.urls.append(request.url))
    async with app:
        await page.goto(app.new_address())
        yield seat
        assert app.faults == 0
    await page.close()
