"""Picture the desk's page in every state, in light and dark and on a small phone.

A part of `make screenshots`: a whole organisation on loopback, a handler at the page, letters in
three languages, one with files, and a forged one that goes to quarantine with an alarm.
"""

import io
import secrets
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.async_api import Page

from scripts.screenshots_trouble import picture_trouble
from silent_courier import desk as desks
from silent_courier.protocol.payload import FormAnswer
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from tests.e2e.browser.chromium import open_chromium
from tests.e2e.browser.desks import Seat, open_new_seat, open_seat
from tests.e2e.browser.newcomer import make_vault, take_charter
from tests.e2e.forger import forge
from tests.e2e.house import House, open_house

LOOKS = (
    ("light-en", 1440, False, "en-GB"),
    ("dark-ru", 1440, True, "ru"),
    ("half-en", 1024, False, "en-GB"),
    ("narrow-ru", 360, False, "ru"),
    ("narrow-en", 360, False, "en-GB"),
)
LETTERS = (
    Draft("في 3 نوفمبر رأيت وثائق المناقصة قبل نشرها.\n\nلاثنين من المتقدمين العنوان نفسه.", "ar"),
    Draft("I can help you to read company accounts. I did that for twenty years.", "en"),
)
FORM = (
    FormAnswer(question="what", answer="Торги на ремонт больницы"),
    FormAnswer(question="danger", answer="Нет"),
)
STORY = (
    "3 ноября я увидела документы тендера до их публикации.\n\n"
    "У двух из трёх участников один и тот же адрес. Посылаю снимок и таблицу."
)
ANSWER = (
    "Спасибо, мы получили ваше письмо.\n\nГде вы видели документы и кто ещё мог их видеть? "
    "Не присылайте ничего, что есть только у вас."
)


class Album:
    """Numbered pictures of one look."""

    def __init__(self, folder: Path, page: Page) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._page = page
        self._number = 0

    async def take(self, name: str) -> None:
        """Save what is on the screen."""
        self._number += 1
        await self._page.wait_for_timeout(200)
        await self._page.screenshot(path=self._folder / f"{self._number:02}-{name}.png")


async def picture_desk(folder: Path) -> None:
    """All looks, each with an organisation of its own."""
    async with open_chromium() as browser:
        for name, width, dark, locale in LOOKS:
            with tempfile.TemporaryDirectory() as directory:
                async with (
                    open_house(Path(directory) / "h", begin=time.time()) as house,
                    open_seat(
                        house, "Анна", browser, width=width, dark=dark, locale=locale
                    ) as seat,
                ):
                    await _picture(house, seat, Album(folder / name, seat.page))
                async with (
                    open_house(Path(directory) / "n", begin=time.time()) as house,
                    open_new_seat(
                        house, "vera", browser, width=width, dark=dark, locale=locale
                    ) as seat,
                ):
                    await _arrive(house, seat, Album(folder / name / "arriving", seat.page))
            await picture_trouble(
                browser, folder / name / "trouble", width=width, dark=dark, locale=locale
            )


async def picture_for_docs(picture: Path) -> None:
    """A letter, an answer and a note for a colleague, as the README shows them."""
    story = "On 3 November I saw the tender documents, before they were published. See the photo."
    file = (attach_bytes("tender.jpg", drawn_photo()),)
    others = (LETTERS[1], Draft(STORY, "ru"), LETTERS[0])
    with tempfile.TemporaryDirectory() as directory:
        async with (
            open_chromium() as browser,
            open_house(
                Path(directory) / "h", ("Anna", "Boris"), name="Example Herald", begin=time.time()
            ) as house,
            open_seat(house, "Anna", browser, width=1440) as seat,
        ):
            for draft in (*others, Draft(story, "en", file)):
                await house.write(secrets.token_bytes(16), draft)
            await seat.unlock()
            page = seat.page
            await page.click(".row:has-text('tender documents')")
            await page.select_option("#assign", "Boris")
            await page.fill("#label", "tenders")
            await page.keyboard.press("Enter")
            await page.wait_for_selector(".tags .label")
            await page.click(".thread-head h1")
            await seat.write("r", "Thank you. Who else could have seen these documents?")
            await seat.sync()
            await page.click(".thread-head h1")
            await seat.write("n", "Boris, please look the bidders up in the register.")
            await page.wait_for_selector(".entry.note")
            await page.mouse.move(0, 0)
            await page.locator(".desk").evaluate("(pane) => pane.scrollTo(0, 0)")
            await page.set_viewport_size({"width": 1440, "height": 900})
            await page.screenshot(path=picture)


async def _arrive(house: House, seat: Seat, album: Album) -> None:
    page = seat.page
    await album.take("begin")
    await page.fill("#label", "Вера")
    await page.fill("#new-passphrase", "password1234")
    await page.click("form .link")
    await page.wait_for_selector(".phrase")
    await page.wait_for_selector("#strength:not(:empty)")
    await album.take("weak")
    await make_vault(page, "Вера")
    await album.take("request")
    await take_charter(page, house, "vera")
    await album.take("charter")
    await page.click(".primary")
    await page.wait_for_selector(".sync[data-state=synced]")
    await album.take("first-sync")


async def _picture(house: House, seat: Seat, album: Album) -> None:
    page = seat.page
    await _picture_door(seat, album)
    await page.emulate_media(media="print")
    await album.take("card-on-paper")
    await page.emulate_media(media="screen")
    stranger = secrets.token_bytes(16)
    await _fill(house, stranger)
    await seat.sync()
    await album.take("list")
    await page.click(".row:has-text('3 ноября')")
    await page.wait_for_selector(".entry")
    await album.take("thread")
    if await page.locator(".to-matter").is_visible():
        await page.click(".to-matter")
        await album.take("matter")
        await page.click(".beside .back")
    await _picture_files(page, album)
    await _picture_team(page, album)
    await _picture_writing(seat, album)
    await page.keyboard.press("?")
    await album.take("keys")
    await page.keyboard.press("Escape")
    await _picture_matter(page, album)
    await _picture_records(seat, album)
    await _picture_settings(page, album)
    await _picture_dispute(house, seat, album, stranger)
    await page.click(".bars .link >> nth=0")
    await page.click("summary >> nth=0")
    await album.take("quarantine")
    await house.stop_server()
    await page.click(".sync button")
    await page.wait_for_selector(".bars .care")
    await album.take("server-off")
    await page.keyboard.press("Shift+L")
    await page.wait_for_selector("#passphrase")
    await album.take("locked-again")
    await page.reload()
    await page.wait_for_selector(".alone h1")
    await album.take("no-session")


async def _picture_door(seat: Seat, album: Album) -> None:
    """Locked, a wrong passphrase, and nothing there yet."""
    page = seat.page
    await album.take("locked")
    await page.fill("#passphrase", "not the passphrase")
    await page.click("form .primary")
    await page.wait_for_selector("#passphrase-told:not(:empty)")
    await album.take("wrong-passphrase")
    await seat.unlock()
    await album.take("empty")


async def _picture_writing(seat: Seat, album: Album) -> None:
    """An answer and a note: begun, waiting, posted."""
    page = seat.page
    await page.keyboard.press("r")
    await page.fill("#writing", ANSWER)
    await page.wait_for_timeout(700)
    await page.locator(".composer .actions").scroll_into_view_if_needed()
    await album.take("writing")
    await page.click(".composer .primary")
    await page.wait_for_selector(".composer", state="detached")
    await seat.write("n", "Борис, проверьте, пожалуйста, адрес в реестре.")
    await album.take("waiting")
    await seat.sync()
    await page.wait_for_selector(".state.posted")
    await album.take("posted")


async def _picture_matter(page: Page, album: Album) -> None:
    """What is asked before a case leaves the desk, and before a thread is deleted."""
    if await page.locator(".to-matter").is_visible():
        await page.click(".to-matter")
    for name, place in (("case", -3), ("delete", -1)):
        section = page.locator(".matter > section").nth(place)
        await section.locator("button").first.click()
        await section.locator(".actions").scroll_into_view_if_needed()
        await album.take(f"before-{name}")
        await section.locator(".actions button").last.click()
    if await page.locator(".beside .back >> nth=0").is_visible():
        await page.click(".beside .back >> nth=0")


async def _picture_settings(page: Page, album: Album) -> None:
    """Language, notices, a backup, another passphrase."""
    await page.click(".top button.to-settings")
    await page.wait_for_selector(".settings[open]")
    await album.take("settings")
    await page.keyboard.press("Escape")


async def _picture_dispute(house: House, seat: Seat, album: Album, entropy: bytes) -> None:
    """Two letters that speak for one source, and what is asked before one is believed."""
    page = seat.page
    await forge(house, entropy, "Не пишите мне больше на этот адрес.")
    await seat.sync()
    if await page.locator(".desk .back").is_visible():
        await page.click(".desk .back")
        await page.fill(".search input", "")
    await page.click(".row:has-text('company accounts')")
    await page.wait_for_selector(".notice.alarm >> nth=-1")
    await page.click(".entry .small:has-text('…') >> nth=0")
    await album.take("disputed")
    await page.keyboard.press("Escape")


async def _picture_files(page: Page, album: Album) -> None:
    """A file as pixels, what is asked before its original leaves, and words found in everything."""
    await page.click(".attachments .look >> nth=0")
    await page.wait_for_selector(".seen canvas")
    await page.wait_for_timeout(300)
    await album.take("pixels")
    await page.keyboard.press("Escape")
    await page.click(".attachments summary >> nth=0")
    await page.click(".attachments .export >> nth=0")
    await page.locator(".attachments .notice").scroll_into_view_if_needed()
    await album.take("export")
    await page.click(".attachments .actions button >> nth=1")
    await page.keyboard.press("/")
    await page.fill(".search input", "доку")
    await page.wait_for_selector(".hits mark")
    await album.take("search")
    await page.click(".hits .row >> nth=0")
    if await page.locator(".search input").is_visible():
        await page.fill(".search input", "")
    await page.wait_for_selector(".entry")


async def _picture_team(page: Page, album: Album) -> None:
    """Who has the thread, its labels, what was set; and a translation beside its letter."""
    await page.click(".thread-head h1")
    await page.keyboard.press("l")
    for label in ("urgent", "больница"):
        await page.wait_for_selector("#label:focus")
        await page.fill("#label", label)
        await page.keyboard.press("Enter")
        await page.wait_for_selector(f"li.label:has-text('{label}')")
    await page.select_option("#assign", "Борис")
    await page.fill("#follow-up", "Спросить юриста")
    await page.fill("#follow-up-day", "2026-01-05")
    await page.click("form:has(#follow-up) button >> nth=0")
    await page.wait_for_selector(".matter .notice")
    await page.locator(".beside").evaluate("(pane) => pane.scrollTo(0, 0)")
    await album.take("team")
    await page.locator(".history").scroll_into_view_if_needed()
    await album.take("what-was-set")
    if await page.locator(".beside .back >> nth=0").is_visible():
        await page.click(".beside .back >> nth=0")
    await page.click(".entry.letter > .small-print .link >> nth=0")
    await page.fill(".side-by-side textarea", "On 3 November I saw the papers of the tender.")
    await page.locator(".side-by-side").scroll_into_view_if_needed()
    await album.take("translating")
    await page.click(".side-by-side form button >> nth=0")
    await page.wait_for_selector(".side-by-side section")


async def _picture_records(seat: Seat, album: Album) -> None:
    """Numbers by month, promises, texts to answer with, the trail."""
    page = seat.page
    counted = (("2026-08", 12, 2, 12, 40), ("2026-09", 31, 20, 19, 40), ("2026-10", 58, 40, 44, 99))
    seat.app.keeper.desk.vault.run_many("INSERT INTO past_month VALUES (?, ?, ?, ?, ?)", counted)
    await page.click(".to-records")
    await page.wait_for_selector(".records .chart")
    await album.take("records")
    await page.click(".records section:nth-of-type(3) > button")
    await page.fill("#text-name", "Thanks")
    await page.fill("#text-text", "Thank you for your letter.")
    await page.locator("#text-text").scroll_into_view_if_needed()
    await album.take("text-to-answer-with")
    await page.click(".records form:has(#text-name) .actions button >> nth=0")
    await page.locator(".records table >> nth=1").scroll_into_view_if_needed()
    await album.take("trail")


async def _fill(house: House, entropy: bytes) -> None:
    """Three letters, one of them answered by the colleague; the entropy is of its source."""
    for draft, words in zip(LETTERS, (secrets.token_bytes(16), entropy), strict=True):
        await house.write(words, draft)
    await house.sync("Борис")
    boris = house.desk("Борис")
    helpful = next(row for row in desks.list_threads(boris) if row.language == "en")
    desks.reply(boris, helpful.thread, "Thank you. We will come back to you.", "en")
    await house.sync("Борис")
    files = (
        attach_bytes("снимок.jpg", drawn_photo()),
        attach_bytes("tender-2026-final.ods", bytes(345_000)),
    )
    await house.write(secrets.token_bytes(16), Draft(STORY, "ru", files, FORM))


def drawn_photo() -> bytes:
    """Something to look at: a sheet of paper on a table, as a telephone sees it."""
    picture = Image.new("RGB", (1200, 900), "#6b5a48")
    pen = ImageDraw.Draw(picture)
    pen.polygon([(240, 70), (960, 110), (1000, 850), (190, 820)], fill="#f4f1ea")
    pen.text((310, 150), "PUBLIC TENDER No. 17", fill="#222", font_size=44)
    for line in range(11):
        end = 880 - 90 * (line % 4 == 3) - 170 * (line % 3 == 2)
        pen.rectangle((300, 250 + 46 * line, end, 262 + 46 * line), fill="#8d8a84")
    pen.ellipse((760, 690, 900, 800), outline="#35518c", width=7)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=80)
    return kept.getvalue()
