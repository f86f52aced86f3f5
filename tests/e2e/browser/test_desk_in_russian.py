"""The desk's page in Russian, every view of it: no sentence is left in English."""

import json
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from playwright.async_api import Page, Route

from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.app.catalogue import load_catalogue
from silent_courier.protocol.payload import FormAnswer
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from tests.e2e.browser.chromium import open_chromium, until
from tests.e2e.browser.desks import Seat, open_new_seat, open_seat
from tests.e2e.browser.languages import latin_words
from tests.e2e.browser.newcomer import make_vault, take_charter
from tests.e2e.files import photo
from tests.e2e.forger import forge
from tests.e2e.house import PASSPHRASE, House, open_house
from tests.unit.desk.sandbox import hostile

LETTER = "3 ноября я увидела документы тендера до их публикации."
FORM = tuple(
    FormAnswer(question=name, answer="Да") for name in ("what", "how", "others", "when", "danger")
)
FILES = (
    attach_bytes("снимок", photo()),
    attach_bytes("отчёт", hostile.office("word", macros=True)),
    replace(attach_bytes("смета", b"MZ\x90\0"), name="смета\u202e"),
    attach_bytes("слова", "Смета ремонта больницы".encode()),
)

Hold = Callable[[str], Awaitable[None]]


Found = dict[str, list[str]]


async def look(page: Page, found: Found, view: str) -> None:
    """Note the Latin words that are seen here."""
    await page.wait_for_timeout(100)
    if words := await latin_words(page):
        found[view] = words


async def test_a_sentence_that_is_not_translated_is_found(tmp_path: Path) -> None:
    """The look itself: one sentence less in the catalogue, and it stands there in English."""
    catalogue = {**load_catalogue("ru")}
    assert catalogue.pop("The desk is locked")

    async def lessened(route: Route) -> None:
        await route.fulfill(json=json.loads(json.dumps(catalogue)))

    async with (
        open_house(tmp_path / "h", begin=time.time()) as house,
        open_chromium() as browser,
        open_seat(house, "Анна", browser, locale="ru") as anna,
    ):
        assert await latin_words(anna.page) == []
        await anna.page.route("**/ru.json", lessened)
        await anna.page.goto("about:blank")
        await anna.page.goto(anna.app.new_address())
        await anna.page.wait_for_selector("#passphrase")
        assert await latin_words(anna.page) == ["The", "desk", "is", "locked"]


async def test_no_view_speaks_english_to_who_reads_russian(tmp_path: Path) -> None:
    async with open_house(tmp_path / "h", begin=time.time()) as house, open_chromium() as browser:
        found: Found = {}
        async with open_new_seat(house, "vera", browser, width=1440, locale="ru") as vera:
            await _arrive(house, vera, partial(look, vera.page, found))
        await house.join()
        await house.sync()
        entropy = secrets.token_bytes(16)
        await house.write(secrets.token_bytes(16), Draft("Ещё одно письмо", "ru"))
        async with open_seat(house, "Анна", browser, width=1440, locale="ru") as anna:
            hold = partial(look, anna.page, found)
            await _open(house, anna, entropy, hold)
            await _read(anna.page, hold)
            await _set(anna.page, hold)
            await _answer(anna, hold)
            await _look_up(anna, hold)
            await _worry(house, anna, entropy, hold)
        assert found == {}


async def _arrive(house: House, vera: Seat, hold: Hold) -> None:
    """From an empty directory to the first sync."""
    page = vera.page
    await hold("first run")
    for phrase in ("пароль", "password1234", "пароль пароль", "скамья ветер кисель глобус"):
        await page.fill("#new-passphrase", phrase)
        await page.wait_for_selector("#strength:not(:empty)")
        await hold("strength")
    await page.click("form .link")
    await page.wait_for_selector(".phrase")
    await page.fill("#new-passphrase-again", "другой")
    await hold("six words")
    await make_vault(page, "Вера")
    await hold("request")
    await page.set_input_files("#charter", house.directory / "vera" / "request.courier")
    await page.wait_for_selector("[role=alert]")
    await hold("no charter")
    await take_charter(page, house, "vera")
    await hold("charter")
    await page.click(".primary")
    await page.wait_for_selector(".sync[data-state=synced]")
    await hold("first sync")


async def _open(house: House, anna: Seat, entropy: bytes, hold: Hold) -> None:
    page = anna.page
    await page.fill("#passphrase", "не тот пароль")
    await page.click("form .primary")
    await page.wait_for_selector("#passphrase-told:not(:empty)")
    await hold("wrong passphrase")
    await page.fill("#passphrase", PASSPHRASE)
    await page.wait_for_selector("form .primary:enabled")
    await anna.unlock()
    await page.wait_for_selector(".row")
    await hold("list")
    await house.write(entropy, Draft(LETTER, "ru", FILES, FORM))
    await anna.sync()


async def _read(page: Page, hold: Hold) -> None:
    await page.click(".row:has-text('3 ноября')")
    await page.wait_for_selector(".attachments .look")
    await hold("thread")
    await page.click(".attachments .look >> nth=0")
    await page.wait_for_selector(".seen canvas")
    await hold("pixels")
    await page.keyboard.press("Escape")
    await page.click(".attachments .look >> nth=1")
    await page.wait_for_selector(".seen .text")
    await hold("text as pixels")
    await page.keyboard.press("Escape")
    await page.click(".attachments summary >> nth=0")
    await hold("menu")
    for entry in (0, 1):
        await page.click(f".attachments .menu[open] button >> nth={entry}")
        await hold("export of a file")
        await page.click(".attachments .notice button >> nth=0")
        await page.wait_for_selector(".attachments .notice :is([role=status], [role=alert])")
        await hold("exported file")
        await page.click(".attachments .notice button >> nth=-1")
    await page.click(".entry.letter > .small-print .link >> nth=0")
    await page.fill(".side-by-side textarea", "Перевод")
    await hold("translating")
    await page.click(".side-by-side form button >> nth=0")
    await page.wait_for_selector(".side-by-side section")


async def _set(page: Page, hold: Hold) -> None:
    """All that a team sets, and what is shown of it."""
    await page.fill("#label", "срочно")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("li.label")
    await page.select_option("#assign", "Борис")
    await page.fill("#follow-up", "Спросить юриста")
    await page.fill("#follow-up-day", "2026-01-05")
    await page.click("form:has(#follow-up) button >> nth=0")
    await page.wait_for_selector(".matter .notice")
    for number in (1, 2, 0):
        await page.click(f".matter .turns >> nth=0 >> button >> nth={number}")
        await page.wait_for_timeout(200)
    await hold("closed, muted, on hold")
    for number in (1, 2, 0):
        await page.click(f".matter .turns >> nth=0 >> button >> nth={number}")
        await page.wait_for_timeout(200)
    await page.click(".matter section:has(.line) button, .matter section:nth-of-type(3) button")
    await hold("marking as the same matter")
    await page.click(".row:has-text('Ещё одно')")
    await page.wait_for_selector(".entry.letter .text >> text=Ещё одно")
    await page.click(".matter section:nth-of-type(3) button")
    await page.wait_for_selector(".matter .plain .alias")
    await page.click(".row:has-text('3 ноября')")
    await page.wait_for_selector(".matter .plain .alias")
    await page.click(".matter section:nth-of-type(5) button")
    await page.wait_for_selector(".matters")
    await hold("export of a case")
    await page.click(".matter section:nth-of-type(5) .actions button >> nth=0")
    await page.wait_for_selector(".matter section:nth-of-type(5) [role=status]")
    await page.click(".matter section:last-of-type button")
    await hold("matter")
    await page.click(".matter section:last-of-type .actions button >> nth=1")


async def _answer(anna: Seat, hold: Hold) -> None:
    page = anna.page
    await page.keyboard.press("r")
    await hold("an empty answer")
    await page.fill("#come-back", "2099-12-20")
    await page.click(".insert button >> nth=-1")
    await page.wait_for_timeout(700)
    await hold("an answer")
    await page.fill("#writing", "ж" * 20_000)
    await page.wait_for_selector("#measure.wrong")
    await hold("too long")
    await page.fill("#writing", "Спасибо")
    await page.click(".composer .primary")
    await page.wait_for_selector(".entry.reply")
    await anna.write("n", "Проверьте")
    await hold("waiting")
    await anna.sync()
    await page.wait_for_selector(".entry.reply .state.posted")
    await hold("posted")
    await page.keyboard.press("r")
    await page.fill("#writing", "Наполовину")
    await page.wait_for_timeout(700)
    await page.click(".composer .actions button >> nth=1")
    await page.wait_for_selector(".composer", state="detached")
    await page.keyboard.press("Escape")
    await hold("list with labels and drafts")
    for show in ("drafts", "overdue"):
        await page.select_option(".filters select >> nth=0", show)
        await hold(show)
    await page.select_option(".filters select >> nth=0", "open")


async def _look_up(anna: Seat, hold: Hold) -> None:
    """Search, keys, records and settings."""
    page = anna.page
    for words in ("тенд", "срочно", "смета", "нигде"):
        await page.fill(".search input", words)
        await page.wait_for_timeout(500)
        await hold("search")
    await page.press(".search input", "Escape")
    await page.keyboard.press("?")
    await page.wait_for_selector("dialog[open]")
    await hold("keys")
    await page.keyboard.press("Escape")
    months = (("2026-08", 12, 2, 12, 40), ("2026-09", 31, 20, 19, 40))
    anna.app.keeper.desk.vault.run_many("INSERT INTO past_month VALUES (?, ?, ?, ?, ?)", months)
    await page.click(".to-records")
    await page.wait_for_selector(".records .chart")
    await page.click(".records section:nth-of-type(3) > button")
    await page.fill("#text-name", "Спасибо")
    await page.fill("#text-text", "Спасибо за письмо.")
    await hold("records")
    await page.click(".records form:has(#text-name) .actions button >> nth=0")
    await page.click(".records .days button")
    await page.wait_for_timeout(300)
    await hold("records, kept")
    await page.click(f".top >> text={load_catalogue('ru')['Settings'][0]}")
    await page.click("dialog section:last-of-type button")
    await page.check("dialog input[type=checkbox]")
    await hold("settings")
    await page.fill("#backup-passphrase", "не тот пароль")
    await page.click("dialog form button >> nth=0")
    await page.wait_for_selector("dialog [role=alert]")
    await hold("a backup with a wrong passphrase")
    await page.fill("#backup-passphrase", PASSPHRASE)
    await page.click("dialog form button >> nth=0")
    await page.wait_for_selector("dialog .phrase")
    await hold("backup")
    await page.keyboard.press("Escape")


async def _worry(house: House, anna: Seat, entropy: bytes, hold: Hold) -> None:
    """A forged letter, every alarm there is, a server that is off, a page without a session."""
    page = anna.page
    await forge(house, entropy, "Не пишите мне больше на этот адрес.")
    await anna.sync()
    await page.click(".bars .link >> nth=0")
    await page.click("summary >> nth=0")
    await hold("quarantine")
    await page.click(".row:has-text('3 ноября'), .row:has-text('Не пишите') >> nth=0")
    await page.wait_for_selector(".entry .notice, .column > .notice")
    await hold("disputed")
    desk = anna.app.keeper.desk
    for kind in AlarmKind:
        raise_alarm(desk, kind, desk.today, "", "1")
    await anna.sync()
    while await page.locator(".bars .link").count() > 1:
        await hold("alarms")
        left = await page.locator(".bars").inner_text()
        await page.click(".bars .link >> nth=-1")
        shown = json.dumps(left)
        await until(page, f"document.querySelector('.bars').innerText !== {shown}")
    await house.stop_server()
    await page.click(".sync button")
    await page.wait_for_selector(".bars .care")
    await hold("server off")
    await page.reload()
    await page.wait_for_selector(".alone h1")
    await hold("no session")
