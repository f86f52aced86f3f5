"""Files as pixels, searching and exporting a case at the desk's page, in one journey."""

import io
import json
import secrets
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.async_api import Page

from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from tests.e2e.browser.chromium import axe_violations, open_chromium, until
from tests.e2e.browser.desks import open_seat
from tests.e2e.house import open_house
from tests.unit.desk.sandbox import hostile

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
SECOND = "Я тоже была на этих торгах."
LETTER = "3 ноября я увидела документы тендера до их публикации. <b>Ёлки</b>"
# Of a copy: reading back the page's own canvas makes the browser complain.
PIXEL = """(() => {
    const pen = new OffscreenCanvas(40, 30).getContext("2d", { willReadFrequently: true });
    pen.drawImage(document.querySelector(".seen canvas"), 0, 0);
    return [...pen.getImageData(5, 5, 1, 1).data];
})()"""


def png(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


FILES = (
    attach_bytes("снимок.png", png("#336699")),
    attach_bytes("contract.pdf", hostile.pdf(3)),
    attach_bytes("words.txt", "Смета ремонта больницы".encode()),
    attach_bytes("report.docm", hostile.office("word", macros=True)),
    # A source that does not clean its names.
    replace(attach_bytes("x", b"MZ\x90\0"), name="exe\u202efdp.png"),
)


async def test_files_are_seen_as_pixels_everything_is_found_and_a_case_leaves(
    tmp_path: Path,
) -> None:
    axe = AXE.read_text(encoding="utf-8")
    async with (
        open_house(tmp_path / "h", begin=time.time()) as house,
        open_chromium() as browser,
    ):
        await house.write(secrets.token_bytes(16), Draft(SECOND, "ru"))
        await house.write(secrets.token_bytes(16), Draft(LETTER, "ru", FILES))
        async with open_seat(house, "Анна", browser) as anna:
            page = anna.page
            await anna.unlock()
            await page.click(".row:has-text('3 ноября')")
            await page.wait_for_selector(".attachments")
            await _read_table(page, axe)
            await _look(page, axe)
            await _search(page, axe)
            await _export(page, axe, house.desk("Анна").vault.directory)
            assert anna.complaints == []
            base = anna.app.new_address().partition("/#")[0]
            assert all(url.startswith(base + "/") for url in anna.urls)


async def _read_table(page: Page, axe: str) -> None:
    table = await page.inner_text(".attachments table")
    for told in ("PNG picture", "PDF document", "plain text", "Word document"):
        assert told in table
    assert "It holds macros: small programs that run when it is opened." in table
    assert "Windows program" in table
    assert "exe\\u202efdp.png" in table
    assert await page.locator(".attachments .look").count() == 3
    assert await axe_violations(page, axe) == []


async def _look(page: Page, axe: str) -> None:
    await page.click(".attachments .look >> nth=0")
    await page.wait_for_selector(".seen canvas")
    await until(page, f"{PIXEL}.join() === '51,102,153,255'")
    assert await axe_violations(page, axe) == []
    await page.keyboard.press("Escape")

    await page.click(".attachments .look >> nth=1")
    await page.wait_for_selector(".turn >> text=1 of 3")
    await page.wait_for_selector(".seen canvas")
    await page.keyboard.press("ArrowRight")
    await page.wait_for_selector(".turn >> text=2 of 3")
    await page.keyboard.press("Escape")
    await page.click(".attachments .look >> nth=2")
    await page.wait_for_selector(".seen .text >> text=Смета ремонта больницы")
    await page.keyboard.press("Escape")
    await page.wait_for_selector(".viewer", state="detached")


async def _search(page: Page, axe: str) -> None:
    await page.keyboard.press("/")
    await page.wait_for_selector(".search input:focus")
    await page.keyboard.type("елк")
    await page.wait_for_selector(".hits mark")
    assert await page.locator(".hits mark").all_inner_texts() == ["Ёлки"]
    assert "<b>" in await page.inner_text(".hits .snippet")
    assert await axe_violations(page, axe) == []
    await page.fill(".search input", "больниц смета")
    await page.wait_for_selector(".hits >> text=words.txt")
    await page.click(".hits .row")
    await page.wait_for_selector(".entry.letter:focus")
    await page.fill(".search input", await page.inner_text(".column h1.alias"))
    await page.wait_for_selector(".hits .marks >> text=Thread")
    await page.click(".hits .row")
    await page.wait_for_selector(".entry.letter")
    await page.fill(".search input", '"" OR * NEAR(')
    await page.wait_for_selector("text=Nothing has all of these words.")
    await page.press(".search input", "Escape")
    await page.wait_for_selector(".rows")


async def _export(page: Page, axe: str, directory: Path) -> None:
    await _mark_as_one_matter(page)
    await page.click("text=Export this case…")
    await page.wait_for_selector("text=The export is not encrypted")
    other = page.locator(".matters input")
    assert await other.count() == 1
    assert await other.is_checked()
    assert await axe_violations(page, axe) == []
    await page.click("text=Export as a ZIP")
    await page.wait_for_selector("text=listed and signed")
    (both,) = (directory / "exported").glob("*.zip")
    with zipfile.ZipFile(both) as archive:
        case, names = json.loads(archive.read("case.json")), archive.namelist()
    assert {"index.html", "files/снимок.png", "pictures/2-3.png"} <= set(names)
    texts = [entry["text"] for thread in case["threads"] for entry in thread["entries"]]
    assert texts == [LETTER, SECOND]

    await page.click(".matter >> text='Done'")
    await page.click("text=Export this case…")
    await other.uncheck()
    await page.click("text=Export as a ZIP")
    await page.wait_for_selector("text=listed and signed")
    (alone,) = {*(directory / "exported").glob("*.zip")} - {both}
    with zipfile.ZipFile(alone) as archive:
        assert len(json.loads(archive.read("case.json"))["threads"]) == 1


async def _mark_as_one_matter(page: Page) -> None:
    await page.click("text=Mark with another thread…")
    await page.click(f".row:has-text('{SECOND}')")
    await page.click("text=Same matter as")
    await page.wait_for_selector(".matter .plain .alias")
    await page.click(".row:has-text('3 ноября')")
    await page.wait_for_selector(".attachments")
    await page.wait_for_selector(".matter .plain .alias")
