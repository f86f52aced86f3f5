"""A word on the desktop when something new came: when allowed and away, and nothing of what."""

import json
import secrets
import time
from pathlib import Path

from silent_courier.source.compose import Draft
from tests.e2e.browser.chromium import open_chromium, until
from tests.e2e.browser.desks import Seat, open_seat
from tests.e2e.house import House, open_house

LETTER = "3 ноября я увидела документы тендера до их публикации."
# What the browser has really shown is written down. A page without a window is never hidden, so
# that alone is said in the browser's place.
WATCH = """() => {
    window.shown = [];
    window.Notification = new Proxy(Notification, {
        construct(kind, given) {
            const notice = Reflect.construct(kind, given);
            notice.addEventListener("show", () => shown.push(
                Object.fromEntries(["title", "body", "icon", "image", "lang", "tag", "data"]
                    .map((name) => [name, notice[name] ?? ""])),
            ));
            return notice;
        },
    });
    Object.defineProperty(document, "hidden", { get: () => window.away === true });
}"""


async def test_a_notice_is_shown_when_it_may_be_and_says_nothing_of_what_came(
    tmp_path: Path,
) -> None:
    async with (
        open_house(tmp_path / "h", begin=time.time()) as house,
        open_chromium() as browser,
        open_seat(house, "Анна", browser) as anna,
    ):
        page = anna.page
        await page.clock.install()
        await anna.unlock()
        await page.evaluate(WATCH)
        await page.evaluate("window.away = true")
        await arrives(house, anna, 1)
        assert await page.evaluate("[Notification.permission, shown.length]") == ["default", 0]

        base = anna.app.new_address().partition("/#")[0]
        await page.context.grant_permissions(["notifications"], origin=base)
        await arrives(house, anna, 2)
        await until(page, "shown.length === 1")
        (notice,) = await page.evaluate("shown")
        assert notice.pop("title") == "There is something new at the desk"
        assert notice.pop("tag") == "desk"
        assert set(notice.values()) == {""}
        told = json.dumps(await page.evaluate("shown"))
        aliases = await page.locator(".row .alias").all_inner_texts()
        assert not any(alias.casefold() in told.casefold() for alias in aliases)
        assert not any(sign.isdigit() for sign in told)

        await arrives(house, anna, 3)
        await page.wait_for_timeout(300)
        assert await page.evaluate("shown.length") == 1  # not twice in a minute
        await page.clock.fast_forward(61_000)
        await page.evaluate("window.away = false")
        await arrives(house, anna, 4)
        await page.wait_for_timeout(300)
        assert await page.evaluate("shown.length") == 1  # somebody looks at the page
        await page.evaluate("window.away = true")
        await arrives(house, anna, 5)
        await until(page, "shown.length === 2")
        await page.click("text=Settings")
        await page.wait_for_selector("text=They are shown while this page is hidden.")
        assert anna.complaints == []


async def arrives(house: House, seat: Seat, number: int) -> None:
    """A letter more, fetched and counted on the page."""
    await house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
    await seat.sync()
    await until(seat.page, f"document.title.startsWith('({number})')")
