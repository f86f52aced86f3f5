"""A house with its portal, and fresh pages of a Chromium to look at it with."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Page

from silent_courier import desk as desks
from tests.e2e.house import House


@dataclass(frozen=True, slots=True)
class Stage:
    """A house and a browser; shared by all tests of a file."""

    house: House
    browser: Browser


@dataclass(frozen=True, slots=True)
class Scene:
    """A visitor's fresh page."""

    house: House
    page: Page

    @property
    def portal(self) -> str:
        return self.house.server.portal_url


@asynccontextmanager
async def open_scene(
    stage: Stage, width: int = 1000, *, script: bool = True
) -> AsyncIterator[Scene]:
    """A page in a context of its own."""
    page = await stage.browser.new_page(
        viewport={"width": width, "height": 900}, java_script_enabled=script
    )
    page.set_default_timeout(20_000)
    yield Scene(stage.house, page)
    await page.close()


async def answer(house: House, letter: str, text: str) -> None:
    """Let a desk answer the letter that begins so, and the board take the answer."""
    await house.sync()
    desk = house.desk("Анна")
    row = next(row for row in desks.list_threads(desk) if row.preview == letter)
    desks.reply(desk, row.thread, text)
    await house.post("Анна")
