"""Poison letters and hostile attachments at the desk's page: it stays whole, each stops alone."""

import io
import secrets
import time
from dataclasses import replace
from pathlib import Path

from PIL import Image
from playwright.async_api import FloatRect, Page

from silent_courier.protocol.payload import FormAnswer
from silent_courier.source.attachments import AttachmentSource, attach_bytes
from silent_courier.source.compose import Draft
from tests.e2e.browser.chromium import open_chromium
from tests.e2e.browser.desks import Seat, open_seat
from tests.e2e.house import open_house
from tests.unit.desk.sandbox import hostile

MARKUP = "<img src=/x onerror=\"document.title='gone'\"><script>document.title='gone'</script>"
BIDI = "\u202e\u2066\u2067evil\u202d"
MARKS = "\u0301" * 300
TEXTS = (
    MARKUP,
    f"Turned {BIDI} and not turned back",
    f"{MARKS}a{MARKS}",
    "w" * 14_000,
    "nul \0 bell \a escape \x1b[2J next\x85line \ufeff\u200b\u2028end",
    "&amp; {n} {{1}} %s ${x} __proto__ constructor",
    "\n" * 3000,
)
FORM = (
    FormAnswer(question="what", answer=TEXTS[0]),
    FormAnswer(question="how", answer=TEXTS[1]),
    FormAnswer(question="others", answer=TEXTS[2]),
    FormAnswer(question="when", answer=TEXTS[3][:900]),
    FormAnswer(question="danger", answer=TEXTS[4]),
)


def named(name: str, content: bytes) -> AttachmentSource:
    """By a source that does not clean its names."""
    return replace(attach_bytes("x", content), name=name)


LINE = b"\xd1\x8f" * 500_000
FILES = (
    named(f"{MARKUP[:60]}.txt", MARKUP.encode()),
    named(f"{BIDI}gpj.exe", b"MZ\x90\0"),
    named(f"{MARKS[:100]}.txt", LINE),
    named("w" * 255, hostile.zip_bomb()),
    named("pixels.png", hostile.hundred_megapixels()),
    named("bomb.png", hostile.bomb_png()),
    named("broken.pdf", hostile.pdf(2)[:400]),
    named("pages.pdf", hostile.pdf_of_a_million_pages()),
    named("locked.pdf", hostile.locked_pdf()),
    named("honest.png", hostile.picture()),
)
SHOWN = {
    "pixels.png": "This picture has too many pixels to be drawn safely.",
    "bomb.png": "This picture has too many pixels to be drawn safely.",
    "broken.pdf": "This is broken, or not what it claims to be, and cannot be drawn.",
    "locked.pdf": "This is locked with a password.",
}


async def test_poison_is_text_and_each_hostile_file_stops_alone(tmp_path: Path) -> None:
    async with open_house(tmp_path / "h", begin=time.time()) as house, open_chromium() as browser:
        for text in TEXTS:
            await house.write(secrets.token_bytes(16), Draft(text, "en"))
        await house.write(secrets.token_bytes(16), Draft("Files", "en", FILES, FORM))
        async with open_seat(house, "Анна", browser) as anna:
            page = anna.page
            await anna.unlock()
            await page.wait_for_selector(".row")
            assert await page.locator(".row").count() == len(TEXTS) + 1
            seen = []
            for number in range(len(TEXTS) + 1):
                await page.keyboard.press("j")
                await page.wait_for_selector(f".rows li:nth-child({number + 2}) [aria-current]")
                await page.wait_for_selector(".entry.letter .text")
                seen.append(await page.locator(".entry.letter .text").text_content())
                await is_whole(page)
            assert sorted(filter(None, seen)) == sorted((*TEXTS, "Files"))
            await page.click(".row:has-text('Files')")
            await page.wait_for_selector(".attachments")
            await marks_stay_in_their_box(page)
            await look_at_all(anna)
            assert anna.complaints == []
            base = anna.app.new_address().partition("/#")[0]
            assert not [url for url in anna.urls if not url.startswith(f"{base}/")]
            assert not [url for url in anna.urls if url.endswith("/x")]


async def marks_stay_in_their_box(page: Page) -> None:
    """Of a pile of marks nothing is drawn over what stands above it: there is its ground alone."""
    dd = page.locator(".entry dd").nth(2)
    await dd.scroll_into_view_if_needed()
    box = await dd.bounding_box()
    assert box is not None
    above = FloatRect(x=box["x"], y=box["y"] - 4, width=40.0, height=3.0)
    with Image.open(io.BytesIO(await page.screenshot(clip=above))) as strip:
        assert len(strip.convert("RGB").getcolors() or ()) == 1


async def look_at_all(seat: Seat) -> None:
    page = seat.page
    told = {}
    for button in await page.locator(".attachments .look").all():
        await button.click()
        await page.wait_for_selector(".seen .notice, .seen .text, .seen canvas")
        name = await page.inner_text("#seen")
        notice = page.locator(".seen .notice")
        told[name] = await notice.inner_text() if await notice.count() else ""
        await is_whole(page)
        await page.click(".viewer .close")
        await page.wait_for_selector(".viewer", state="detached")
    assert {name: told[name] for name in SHOWN} == SHOWN
    assert told["honest.png"] == ""
    table = await page.inner_text(".attachments table")
    assert "\\u202e" in table
    assert "archive" in table


async def is_whole(page: Page) -> None:
    """No markup of a letter's became the page's, and nothing has left its place."""
    assert await page.evaluate(
        """[document.images.length, document.scripts.length, document.title.includes("gone"),
            document.documentElement.scrollWidth <= innerWidth,
            document.querySelector(".top").getBoundingClientRect().top]"""
    ) == [0, 1, False, True, 0]
