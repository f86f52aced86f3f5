"""Picture every page and state of the portal and the desk: `python -m scripts.screenshots`.

Runs a whole organisation on loopback, plays a conversation in Chromium in English, Russian and
Arabic, in light and dark and on a small phone, and saves what can be seen at each step. The folder
is not under version control; it is for looking at. `--docs` makes
the pictures in docs/images instead.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, Route

from scripts import screenshots_desk
from scripts.tracked import ROOT
from silent_courier import desk as desks
from silent_courier.server.portal.catalogue import offered_languages
from tests.e2e.browser.chromium import (
    open_chromium,
    open_letterbox,
    read_answers,
    type_back,
    until_words,
)
from tests.e2e.files import photo
from tests.e2e.house import House, open_house

NAME = "Example Herald"
LABELS = ("Anna", "Boris")
LANGUAGES = ("en", "ru", "ar")
PAGES = ("", "letterbox", "help", "about", "nothing", "left")
TEXT = {
    "en": "On 3 November I saw the tender documents before they were published.\n\n"
    "Two of the three bidders share an address.",
    "ru": "3 ноября я увидела документы тендера до их публикации.\n\n"
    "У двух из трёх участников один и тот же адрес.",
    "ar": "في 3 نوفمبر رأيت وثائق المناقصة قبل نشرها.\n\nلاثنين من المتقدمين الثلاثة العنوان نفسه.",
}
ANSWER = {
    "en": "Thank you. We have read your letter.\n\nWhere did you see the documents, and who else "
    "could have seen them? Do not send anything that only you have.",
    "ru": "Спасибо. Мы прочитали ваше письмо.\n\nГде вы видели документы и кто ещё мог их видеть? "
    "Не присылайте ничего, что есть только у вас.",
    "ar": "شكرا لك. قرأنا رسالتك.\n\nأين رأيت الوثائق، ومن غيرك كان بإمكانه رؤيتها؟",
}


@dataclass(frozen=True, slots=True)
class Look:
    """One way of looking: a name for the folder, a width, a colour scheme."""

    name: str
    width: int
    dark: bool = False


LOOKS = (Look("light", 1000), Look("dark", 1000, dark=True), Look("narrow", 320))


class Album:
    """Pictures of one language and look."""

    def __init__(self, folder: Path, page: Page) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.page = page
        self._number = 0

    async def take(self, name: str) -> None:
        """Save the whole page as it is."""
        self._number += 1
        await self.page.evaluate("scrollTo(0, 0)")
        await self.page.screenshot(
            path=self._folder / f"{self._number:02}-{name}.png", full_page=True
        )


@dataclass(frozen=True, slots=True)
class Studio:
    """A house, a browser, files to attach, and where pictures go."""

    house: House
    browser: Browser
    files: Sequence[Path]
    folder: Path


@asynccontextmanager
async def _studio(folder: Path) -> AsyncIterator[Studio]:
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        files = (work / "photo.jpg", work / "table.ods")
        files[0].write_bytes(photo())
        files[1].write_bytes(bytes(3_400_000))
        async with (
            open_house(work / "h", LABELS, name=NAME, begin=time.time(), assisted=True) as house,
            open_chromium() as browser,
        ):
            yield Studio(house, browser, files, folder)


async def picture_all(folder: Path) -> None:
    """All languages that are offered, in all looks."""
    offered = [language.code for language in offered_languages() if language.code in LANGUAGES]
    for language in offered:
        # Answers take hours of the house's clock, and a browser's has to agree with it.
        async with _studio(folder) as studio:
            for look in LOOKS:
                await _picture(studio, language, look)


async def picture_for_docs(folder: Path) -> None:
    """The first page and the twelve words, as the README shows them."""
    async with _studio(folder) as studio:
        page = await studio.browser.new_page(viewport={"width": 900, "height": 1000})
        portal = studio.house.server.portal_url
        await page.goto(f"{portal}/en/")
        await page.screenshot(path=folder / "portal-home.png")
        await until_words(page, portal, TEXT["en"])
        await page.mouse.move(0, 0)
        await page.evaluate("scrollTo(0, 0)")
        await page.screenshot(path=folder / "portal-words.png")


async def _picture(studio: Studio, language: str, look: Look) -> None:
    house, browser, folder = studio.house, studio.browser, studio.folder
    page = await browser.new_page(
        viewport={"width": look.width, "height": 800},
        color_scheme="dark" if look.dark else "light",
    )
    album = Album(folder / language / look.name, page)
    portal = house.server.portal_url
    for name in PAGES:
        await page.goto(f"{portal}/{language}/{name}")
        await album.take(name or "home")
    words = await _write(album, house, language, studio.files)
    await _answer(house, language)
    await _read(album, portal, language, words)
    await _without_script(browser, portal, language, look, folder)
    await page.close()


async def _write(album: Album, house: House, language: str, files: Sequence[Path]) -> list[str]:
    page, portal = album.page, house.server.portal_url
    await open_letterbox(page, f"{portal}/{language}", "write")
    await page.wait_for_selector("#text")
    await album.take("write-empty")
    await page.click("#letter [type=submit]")
    await album.take("write-nothing-to-send")
    await page.fill("#text", TEXT[language] * 90)
    await page.set_input_files("#pick", files)
    await page.wait_for_selector("#files li:nth-child(2):not([data-busy])")
    await page.click("details:not(.top) summary")
    await album.take("write-filled")
    words = await until_words(page, portal, TEXT[language], language)
    await album.take("words")
    await page.click("#have-words")
    await album.take("words-of-an-earlier-letter")
    await page.click("#ask [data-back]")
    await page.wait_for_selector("#word-list li")
    await page.click("#written")
    await page.locator("#typed-fields input").first.fill("wrong")
    await page.click("#typed [type=submit]")
    await page.wait_for_selector("#typed-wrong:not(:empty)")
    await album.take("typed-wrong")
    await page.click("#typed [data-back]")
    await page.wait_for_selector("#word-list li")
    await type_back(page, words)
    await _send(album)
    return words


async def _send(album: Album) -> None:
    page, held = album.page, asyncio.Event()

    async def hold(route: Route) -> None:
        await held.wait()
        await route.fulfill(status=507, body="")

    await page.route("**/v1/letters", hold)
    await page.click("#typed [type=submit]")
    await page.wait_for_selector('[data-step="letter"].now')
    await album.take("sending")
    held.set()
    await page.wait_for_selector("#trouble:not([hidden])")
    await album.take("sending-full")
    await page.unroute("**/v1/letters")
    await page.click("#sending [data-again]")
    await page.wait_for_selector("#sent:not([hidden])")
    await album.take("sent")


async def _answer(house: House, language: str) -> None:
    for count, label in enumerate(LABELS):
        await house.sync()
        desk = house.desk(label)
        for row in desks.list_threads(desk):
            if len(row.answered_by) == count:
                desks.reply(desk, row.thread, ANSWER[language], language)
        await house.post(label)


async def _read(album: Album, portal: str, language: str, words: list[str]) -> None:
    page = album.page
    await open_letterbox(page, f"{portal}/{language}", "read")
    await page.wait_for_selector("#own")
    await album.take("read-empty")
    await page.fill("#own", f"{words[0]} {words[1]} {words[2]}x ")
    await page.wait_for_selector("#own-wrong:not(:empty)")
    await album.take("read-wrong-word")
    await read_answers(page, portal, words, language)
    await album.take("answers")
    await page.click("#write-again")
    await album.take("write-again")


async def _without_script(
    browser: Browser, portal: str, language: str, look: Look, folder: Path
) -> None:
    context = await browser.new_context(
        java_script_enabled=False, viewport={"width": look.width, "height": 800}
    )
    page = await context.new_page()

    async def take(name: str) -> None:
        path = folder / language / look.name / f"safest-{name}.png"
        await page.screenshot(path=path, full_page=True)

    await page.goto(f"{portal}/{language}/")
    await take("home")
    await page.goto(f"{portal}/{language}/letterbox")
    await take("letterbox")
    await page.set_input_files("#letter-file", {"name": "a", "mimeType": "", "buffer": b"a"})
    await page.click("form:has(#letter-file) [type=submit]")
    await take("no-letter")
    await page.goto(f"{portal}/{language}/letterbox")
    await page.click("form:has([value=receipt]) [type=submit]")
    await take("receipt")
    receipt = "".join(await page.locator(".words span").all_text_contents())
    await page.fill("#receipt-write", "1" * 24)
    await page.fill("#text", TEXT[language])
    await page.click("form:has(#text) [type=submit]")
    await take("wrong-receipt")
    await page.fill("#receipt-write", receipt)
    await page.click("form:has(#text) [type=submit]")
    await take("sent")
    await page.goto(f"{portal}/{language}/letterbox")
    await page.fill("#receipt-read", receipt)
    await page.click("form:has(#receipt-read) [type=submit]")
    await take("no-answer")
    await context.close()


def main(arguments: list[str]) -> int:
    for_docs = "--docs" in arguments
    folder = ROOT / "docs" / "images" if for_docs else ROOT / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    if for_docs:
        asyncio.run(picture_for_docs(folder))
        asyncio.run(screenshots_desk.picture_for_docs(folder / "desk.png"))
    else:
        asyncio.run(picture_all(folder))
        asyncio.run(screenshots_desk.picture_desk(folder / "desk"))
    print(f"{len(list(folder.rglob('*.png')))} pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
