"""The desk's page in Chromium: the whole way between two handlers and a source, what it keeps."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route

from silent_courier.source.compose import Draft
from tests.e2e.browser.chromium import axe_violations, open_chromium
from tests.e2e.browser.desks import Seat, open_seat
from tests.e2e.forger import forge
from tests.e2e.house import House, open_house

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
LETTER = "3 ноября я увидела документы тендера до их публикации."
ANSWER = "Спасибо. Где вы их видели?"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path / "h") as house:
        yield house


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with open_chromium() as browser:
        yield browser


async def _shown(page: Page, selector: str) -> list[str]:
    await page.wait_for_selector(selector)
    return await page.locator(selector).all_inner_texts()


async def test_a_letter_is_read_answered_and_the_colleague_and_the_source_see_it(
    house: House, browser: Browser
) -> None:
    words = secrets.token_bytes(16)
    async with (
        open_seat(house, "Анна", browser) as anna,
        open_seat(house, "Борис", browser) as boris,
    ):
        await anna.unlock()
        assert "No letters yet" in await anna.page.inner_text("main")
        await house.write(words, Draft(LETTER, "ru"))
        await anna.sync()
        assert await _shown(anna.page, ".row.unread .preview") == [LETTER]
        alias = await anna.page.inner_text(".row .alias")

        await anna.page.wait_for_selector(".row")
        await anna.page.keyboard.press("j")
        assert await _shown(anna.page, ".entry.letter .text") == [LETTER]
        await anna.page.wait_for_selector(".row.unread", state="detached")
        await anna.write("r", "Не то.")
        assert "Waiting" in (await _shown(anna.page, ".entry.reply .state"))[0]
        await anna.page.click(".entry.reply .state button")
        await anna.page.wait_for_selector(".entry.reply", state="detached")
        await anna.page.wait_for_timeout(900)  # longer than the page waits to keep a draft
        assert await anna.page.input_value("#writing") == "Не то."
        await anna.page.fill("#writing", ANSWER)
        await anna.page.click(".composer .primary")
        await anna.page.wait_for_selector(".composer", state="detached")
        await anna.sync()
        await anna.page.wait_for_selector(".entry.reply .state.posted")

        await boris.unlock()
        await boris.page.click(".row")
        assert await boris.page.inner_text("h1.alias") == alias
        assert await _shown(boris.page, ".entry.reply .text") == [ANSWER]
        assert "Анна" in (await _shown(boris.page, ".entry.reply h2"))[0]
        await boris.write("n", "Проверю адрес.")
        await boris.sync()
        await anna.sync()
        assert await _shown(anna.page, ".entry.note .text") == ["Проверю адрес."]

        await house.pass_time(hours=10)
        checked = await house.check(words)
        assert [answer.text for answer in checked.mailbox.answers] == [ANSWER]
        assert anna.complaints == boris.complaints == []


async def test_a_disputed_thread_offers_no_answer_until_somebody_says_whom_they_believe(
    house: House, browser: Browser
) -> None:
    words = secrets.token_bytes(16)
    async with open_seat(house, "Анна", browser) as anna:
        await house.write(words, Draft(LETTER, "ru"))
        await anna.unlock()
        await forge(house, words, "Не пишите мне больше на этот адрес.")
        await anna.sync()
        await anna.page.click(".row:has-text('disputed')")
        await anna.page.wait_for_selector(".notice.alarm:has-text('Two letters here')")
        assert await _shown(anna.page, ".desk > article > .actions button") == [
            "Note for colleagues"
        ]
        await anna.page.keyboard.press("r")
        await anna.write("n", "Кто из них настоящий?")
        await anna.page.click(".entry.letter >> nth=0 >> text=Believe this letter…")
        await anna.page.click("text=Believe it")
        await anna.page.wait_for_selector(".desk > article > .actions .primary")
        await anna.write("r", ANSWER)
        await anna.page.wait_for_selector(".entry.reply .state.waiting")


async def test_a_box_that_was_opened_while_an_answer_was_sealed_stays_open(
    house: House, browser: Browser
) -> None:
    async with open_seat(house, "Анна", browser) as anna:
        await house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
        await anna.unlock()
        await anna.page.click(".row")
        held = asyncio.Event()

        async def hold(route: Route) -> None:
            await held.wait()
            await route.continue_()

        await anna.page.route("**/api/write", hold)
        await anna.page.keyboard.press("r")
        await anna.page.fill("#writing", ANSWER)
        await anna.page.click(".composer .primary")
        await anna.page.locator("#writing").blur()
        await anna.page.keyboard.press("n")
        await anna.page.fill(".composer.note #writing", "Проверю адрес.")
        held.set()
        await anna.page.wait_for_selector(".entry.reply .state.waiting")
        assert await anna.page.input_value(".composer.note #writing") == "Проверю адрес."


async def test_what_a_team_sets_is_on_every_desk_and_in_the_trail(
    house: House, browser: Browser
) -> None:
    await house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
    async with (
        open_seat(house, "Анна", browser) as anna,
        open_seat(house, "Борис", browser) as boris,
    ):
        await anna.unlock()
        await anna.page.wait_for_selector(".row")
        await anna.page.keyboard.press("j")
        await anna.page.wait_for_selector(".entry.letter")
        await anna.page.keyboard.press("l")
        await anna.page.wait_for_selector("#label:focus")
        await anna.page.keyboard.type("Срочно")
        await anna.page.keyboard.press("Enter")
        await anna.page.wait_for_selector("li.label >> text=Срочно")
        await anna.page.keyboard.press("Escape")
        await anna.page.keyboard.press("a")
        await anna.page.wait_for_selector("#assign:focus")
        await anna.page.select_option("#assign", "Борис")
        await anna.page.wait_for_selector(".history >> text=Given to Борис")
        await anna.page.click("text=Translate by hand")
        await anna.page.fill(".side-by-side textarea", "On 3 November")
        await anna.page.click("text=Keep the translation")
        await anna.page.wait_for_selector(".side-by-side section")
        await anna.page.keyboard.press("r")
        await anna.page.fill("#come-back", "2099-12-20")
        await anna.page.click(".insert >> text=Put in")
        await anna.page.click(".composer .primary")
        text = (await _shown(anna.page, ".entry.reply .text"))[0]
        assert text == "Пожалуйста, зайдите сюда снова не позже 20 декабря 2099."
        await anna.sync()

        await boris.unlock()
        await boris.page.select_option(".filters select >> nth=0", "mine")
        await boris.page.click(".row:has-text('Срочно')")
        assert await _shown(boris.page, "li.label bdi") == ["Срочно"]
        assert await _shown(boris.page, ".side-by-side section .text") == ["On 3 November"]
        assert "20 December 2099" in await boris.page.inner_text(".matter")
        assert "Анна" in (await _shown(boris.page, ".entry.letter .small-print"))[-1]
        await boris.page.click("text=Close the thread")
        await boris.page.wait_for_selector(".filters + .rows:not(:has(.row))")
        await boris.sync()
        await anna.sync()
        await anna.page.wait_for_selector(".matter >> text=Open it again")

        await anna.page.click(".matter >> text=Delete this thread…")
        await anna.page.click(".matter .notice >> text='Delete'")
        await anna.page.wait_for_selector(".matter", state="detached")
        await anna.page.click(".top >> text=Records")
        trail = await _shown(anna.page, ".records table:not(.chart) td:nth-child(2)")
        assert trail[0] == "Thread deleted"
        assert "Thread opened" in trail
        assert anna.complaints == boris.complaints == []


async def test_axe_finds_nothing_in_any_state(house: House, browser: Browser) -> None:
    source = AXE.read_text(encoding="utf-8")
    for width, dark in ((1280, False), (1280, True), (360, False)):
        async with open_seat(house, "Анна", browser, width=width, dark=dark) as anna:
            page = anna.page

            async def hold_to(state: str, page: Page = page) -> None:
                assert await axe_violations(page, source) == [], state
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
                    state
                )

            await hold_to("locked")
            await anna.unlock()
            await hold_to("list")
            await house.write(secrets.token_bytes(16), Draft("w" * 300 + " A letter", "en"))
            await anna.sync()
            await page.click(".row")
            await page.wait_for_selector(".entry.letter")
            await hold_to("thread")
            await page.keyboard.press("r")
            await page.fill("#writing", "An answer")
            await hold_to("writing")
            await page.click(".composer .primary")
            await page.wait_for_selector(".entry.reply")
            await anna.write("n", "A note")
            await hold_to("answered")
            await page.click("text=Translate by hand")
            await page.fill(".side-by-side textarea", "x" * 300)
            await hold_to("translating")
            await page.click(".side-by-side button >> text=Close")
            await page.keyboard.press("l")
            await page.wait_for_selector("#label:focus")
            await page.keyboard.type("w" * 40)
            await page.keyboard.press("Enter")
            await page.wait_for_selector("li.label")
            await page.click("text=Delete this thread…")
            await hold_to("team")
            await page.click("text=Keep it")
            anna.app.keeper.desk.vault.run(
                "INSERT OR IGNORE INTO past_month VALUES ('2026-01', 99, 50, 50, 80)"
            )
            await page.click(".top >> text=Records")
            await page.click("text=Write a text…")
            await page.wait_for_selector(".records tbody td")
            await hold_to("records")
            await page.keyboard.press("?")
            await page.wait_for_selector("dialog[open]")
            await hold_to("keys")


async def test_letters_are_text_and_nothing_else(house: House, browser: Browser) -> None:
    poison = '<img src=x onerror="document.title=1"><script>document.title=1</script>\n&amp; {{1}}'
    await house.write(secrets.token_bytes(16), Draft(poison, "en"))
    async with open_seat(house, "Анна", browser) as anna:
        await anna.unlock()
        await anna.page.wait_for_selector(".row")
        await anna.page.keyboard.press("j")
        assert await _shown(anna.page, ".entry.letter .text") == [poison]
        assert await anna.page.locator(".entry img, .entry script").count() == 0
        assert anna.complaints == []


async def test_nothing_is_fetched_from_elsewhere_and_nothing_is_kept_in_the_browser(
    house: House, browser: Browser
) -> None:
    await house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
    async with open_seat(house, "Анна", browser) as anna:
        await anna.unlock()
        await anna.page.wait_for_selector(".row")
        await anna.page.keyboard.press("j")
        await anna.page.wait_for_selector(".entry")
        base = anna.app.new_address().partition("/#")[0]
        assert all(url.startswith(base + "/") for url in anna.urls)
        assert anna.page.url == base + "/"
        kept = "[document.cookie, localStorage.length, sessionStorage.length].join()"
        assert await anna.page.evaluate(kept) == ",0,0"
        assert await anna.page.context.cookies() == []


HOSTILE = """async (base) => {
    const told = [];
    for (const mode of ["cors", "no-cors"]) {
        for (const type of ["application/json", "text/plain"]) {
            const asked = { method: "POST", mode, body: "{}", headers: { "Content-Type": type } };
            try {
                const answer = await fetch(`${base}/api/lock`, asked);
                told.push(answer.status === 0 ? "" : await answer.text());
            } catch {
                told.push("");
            }
        }
    }
    told.push(await new Promise((done) => {
        const socket = new WebSocket(`${base.replace("http", "ws")}/api/state`);
        socket.onopen = () => done("open");
        socket.onerror = () => done("");
    }));
    const frame = document.createElement("iframe");
    frame.name = "frame";
    frame.src = base;
    document.body.append(frame);
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: `${base}/api/lock`, enctype: "text/plain" });
    form.target = "frame";
    document.body.append(form);
    form.submit();
    await new Promise((done) => setTimeout(done, 1000));
    try {
        told.push(frame.contentDocument.body.textContent);
    } catch {
        told.push("");
    }
    return told;
}"""


async def _serve_hostile(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    body = b"<!doctype html><title>x</title><body></body>"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    writer.write(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    await writer.drain()
    writer.close()


async def test_another_page_reaches_nothing(house: House, browser: Browser) -> None:
    async with (
        open_seat(house, "Анна", browser) as anna,
        await asyncio.start_server(_serve_hostile, "127.0.0.1") as hostile,
    ):
        await anna.unlock()
        base = anna.app.new_address().partition("/#")[0]
        for host in ("127.0.0.1", "localhost"):
            page = await browser.new_page()
            await page.goto(f"http://{host}:{hostile.sockets[0].getsockname()[1]}/")
            # A page of no policy of its own; one under a name that was turned to 127.0.0.1 asks
            # with that name, which the desk does not answer to.
            rebound = base.replace("127.0.0.1", "localhost")
            for target in (base, rebound):
                assert set(await page.evaluate(HOSTILE, target)) == {""}
            await page.close()
        assert anna.app.keeper.is_open


async def test_locking_takes_the_letters_off_the_screen_and_keeps_the_draft(
    house: House, browser: Browser
) -> None:
    await house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
    async with open_seat(house, "Анна", browser) as anna:
        await anna.unlock()
        await anna.page.wait_for_selector(".row")
        await anna.page.keyboard.press("j")
        await anna.page.wait_for_selector(".entry")
        await anna.page.keyboard.press("r")
        await anna.page.fill("#writing", "Наполовину")
        await anna.page.wait_for_selector("#measure >> text=Kept in the vault")
        await anna.page.keyboard.press("Escape")
        await anna.page.keyboard.press("Shift+L")
        await anna.page.wait_for_selector("#passphrase")
        assert LETTER not in await anna.page.content()
        assert await anna.page.title() == "Desk"
        assert not anna.app.keeper.is_open

        await anna.unlock()
        await _draft_is_there(anna)


async def _draft_is_there(seat: Seat) -> None:
    await seat.page.wait_for_selector(".row .begun")
    await seat.page.click(".row")
    await seat.page.click("text=Go on with your answer")
    assert await seat.page.input_value("#writing") == "Наполовину"


async def test_wrong_passphrases_are_told_and_slowed_down(house: House, browser: Browser) -> None:
    async with open_seat(house, "Анна", browser) as anna:
        for _ in range(4):
            await anna.page.wait_for_selector("form .primary")
            await anna.page.wait_for_selector("form .primary:enabled")
            await anna.page.fill("#passphrase", "not the passphrase")
            await anna.page.click("form .primary")
            await anna.page.wait_for_selector("text=This is not the vault's passphrase.")
        await anna.page.wait_for_selector("text=Try again in")
        assert await anna.page.locator("form .primary:enabled").count() == 0


async def test_a_reloaded_page_asks_for_a_new_address_and_an_old_one_is_used_up(
    house: House, browser: Browser
) -> None:
    async with open_seat(house, "Анна", browser) as anna:
        address = anna.app.new_address()
        await anna.page.reload()
        await anna.page.wait_for_selector("text=This page needs a new address")
        for shown in ("#passphrase", "text=This page needs a new address"):
            page = await browser.new_page()
            await page.goto(address)
            await page.wait_for_selector(shown)
            await page.close()


async def test_a_server_that_is_off_is_told(house: House, browser: Browser) -> None:
    async with open_seat(house, "Анна", browser) as anna:
        await anna.unlock()
        await house.stop_server()
        await anna.page.click(".sync button")
        await anna.page.wait_for_selector(".bars >> text=The last sync did not finish.")
