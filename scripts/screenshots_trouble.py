"""Picture what the desk's page says when something goes wrong; a part of `screenshots_desk`.

A damaged vault, a second program, a full disk, a server that is slow or answers nonsense, a
program that fell over, and one that is gone. All of it is real but the full disk: there the
database is told that it may not grow.
"""

import secrets
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page

from silent_courier.desk import Desk, Progress
from silent_courier.desk.app import Connect
from silent_courier.source.compose import Draft
from silent_courier.storage.vault import open_vault
from silent_courier.tor.transport import Transport
from tests.e2e.browser import crooked
from tests.e2e.browser.crooked import Street, open_street
from tests.e2e.browser.desks import Seat, open_seat
from tests.e2e.house import PASSPHRASE

LETTER = "3 ноября я увидела документы тендера до их публикации."
ANSWER = "Спасибо, мы получили ваше письмо.\n\nГде вы видели документы?"


class Album:
    """Pictures by name."""

    def __init__(self, folder: Path, page: Page) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._page = page

    async def take(self, name: str) -> None:
        """Save what is on the screen."""
        await self._page.wait_for_timeout(200)
        await self._page.screenshot(path=self._folder / f"{name}.png")


async def picture_trouble(
    browser: Browser, folder: Path, *, width: int, dark: bool, locale: str
) -> None:
    """Every state, in one look."""
    with tempfile.TemporaryDirectory() as directory:
        async with open_street(Path(directory) / "h", time.time()) as street:
            await street.house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
            vault = street.house.desk("Анна").vault.path
            async with open_seat(
                street.house,
                "Анна",
                browser,
                width=width,
                dark=dark,
                locale=locale,
                connect=_through(street),
            ) as seat:
                album = Album(folder, seat.page)
                await _picture_door(seat, album, vault)
                await _picture_syncs(street, seat, album)
                await _picture_full_disk(seat, album)
                await _picture_damage(seat, album)
                await seat.page.context.set_offline(True)
                await seat.page.wait_for_selector(".bars .alarm code")
                await album.take("gone")
                await seat.page.clock.fast_forward(61_000)
                await seat.page.wait_for_selector(".alone code")
                await album.take("gone-for-a-minute")


def _through(street: Street) -> Connect:
    @asynccontextmanager
    async def connect(_: Desk, __: Progress) -> AsyncIterator[Transport]:
        async with Transport(
            street.desks.address, socks=None, random_bytes=secrets.token_bytes, attempts=1
        ) as transport:
            yield transport

    return connect


async def _picture_door(seat: Seat, album: Album, vault: Path) -> None:
    page = seat.page
    sound = _cut(vault)
    await _give_passphrase(page)
    await page.wait_for_selector(".care[role=alert]")
    await album.take("vault-damaged")
    _put_back(vault, sound)
    with open_vault(vault.parent, PASSPHRASE):
        await _give_passphrase(page)
        await page.wait_for_selector(".care[role=alert]")
        await album.take("vault-in-use")
    seat.app.standing.change(broke=True)
    await page.wait_for_selector(".care:not([role])")
    await album.take("ended-by-itself")


def _cut(vault: Path) -> bytes:
    sound = vault.read_bytes()
    vault.write_bytes(sound[: len(sound) // 2])
    return sound


def _put_back(vault: Path, sound: bytes) -> None:
    vault.write_bytes(sound)


async def _give_passphrase(page: Page) -> None:
    await page.fill("#passphrase", PASSPHRASE)
    await page.click("form .primary")
    await page.wait_for_selector("form .primary:enabled")


async def _picture_syncs(street: Street, seat: Seat, album: Album) -> None:
    page = seat.page
    await page.clock.install()
    await seat.unlock()
    for name, wrong in (("nonsense", crooked.garbage), ("another-answers", crooked.endless)):
        await street.desks.turn(wrong)
        await page.click(".sync button")
        await page.wait_for_selector(".sync[data-state=idle]")
        await page.wait_for_selector(".bars .care")
        await album.take(name)
    await street.desks.turn(crooked.slow)
    await page.click(".sync button")
    await page.wait_for_selector(".sync[data-state=running]")
    while await page.locator(".bars .care").count() < 2:
        await page.clock.fast_forward(30_000)
        await page.wait_for_timeout(200)
    await album.take("slow")
    await page.click(".sync button")
    await page.wait_for_selector(".sync[data-state=idle]")
    await album.take("stopped")
    await street.desks.turn(None)
    await seat.sync()


async def _picture_full_disk(seat: Seat, album: Album) -> None:
    page, vault = seat.page, seat.app.keeper.desk.vault
    await page.click(".row")
    await page.wait_for_selector(".entry")
    vault.rows("PRAGMA max_page_count = 1")
    await page.keyboard.press("r")
    await page.fill("#writing", ANSWER + " " * 110_000)
    await page.wait_for_selector(".composer .care")
    await page.locator(".composer .care").scroll_into_view_if_needed()
    await album.take("disk-full")
    vault.rows("PRAGMA max_page_count = 1000000")
    await page.wait_for_selector(".bars .alarm", state="detached")


async def _picture_damage(seat: Seat, album: Album) -> None:
    seat.app.keeper.desk.vault.damaged = True
    await seat.page.wait_for_selector(".bars .alarm")
    await album.take("part-damaged")
