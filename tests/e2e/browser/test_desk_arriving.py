"""A new desk in Chromium, from an empty directory to a letter; each step can be left."""

import secrets
import time
from functools import partial
from pathlib import Path

import pytest

from silent_courier.source.compose import Draft
from tests.e2e.browser.chromium import axe_violations, open_chromium
from tests.e2e.browser.desks import open_new_seat
from tests.e2e.browser.newcomer import PHRASE, choose_charter, make_vault, take_charter
from tests.e2e.house import open_house

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LETTER = "3 ноября я увидела документы тендера до их публикации."


@pytest.mark.parametrize(("locale", "width"), [("en-GB", 1280), ("ru", 360)])
async def test_a_newcomer_needs_nothing_but_the_page(
    tmp_path: Path, locale: str, width: int
) -> None:
    axe = AXE.read_text(encoding="utf-8")
    async with open_house(tmp_path / "h", begin=time.time()) as house, open_chromium() as browser:
        sit = partial(open_new_seat, house, "vera", browser, width=width, locale=locale)
        async with sit() as vera:
            await vera.page.fill("#new-passphrase", "password1234")
            await vera.page.wait_for_selector("#strength.wrong:not(:empty)")
            assert await vera.page.locator("form .primary:enabled").count() == 0
            await vera.page.click("form .link")
            await vera.page.wait_for_selector(".phrase")
            assert await axe_violations(vera.page, axe) == []
            await make_vault(vera.page, "Вера")
            assert await axe_violations(vera.page, axe) == []
            assert vera.complaints == []

        async with sit() as vera:
            page = vera.page
            await page.fill("#passphrase", PHRASE)
            await page.click("form .primary")
            await page.wait_for_selector("#charter")
            (tmp_path / "old.charter").write_bytes(house.chain)
            await choose_charter(page, tmp_path / "old.charter")
            await page.wait_for_selector(".notice.care[role=alert]")
            await take_charter(page, house, "vera")
            assert await axe_violations(page, axe) == []
            await page.click(".primary")
            await page.wait_for_selector(".sync[data-state=synced]")
            assert await axe_violations(page, axe) == []
            await page.click(".primary")
            await page.wait_for_selector(".address")

            await house.join()
            await house.sync()
            await house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
            await vera.sync()
            await page.click(".row")
            assert await page.inner_text(".entry.letter .text") == LETTER
            # The charter that was too old is the one thing that was refused.
            assert [text for text in vera.complaints if "409" not in text] == []
