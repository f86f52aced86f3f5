"""The portal's pages in Chromium on loopback: whole, reachable for everybody, and hard to trip."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Page, Response, Route

from silent_courier import desk as desks
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.server.answers import headers
from silent_courier.server.portal.catalogue import offered_languages
from tests.e2e.browser.chromium import (
    axe_violations,
    open_chromium,
    open_letterbox,
    read_answers,
    type_back,
    until_words,
    write_letter,
)
from tests.e2e.browser.stage import Stage, answer, open_scene
from tests.e2e.files import photo, write_noise
from tests.e2e.house import House, open_house

ROOT = Path(__file__).parents[3]
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = ("", "letterbox", "help", "about", "left")
LANGUAGES = [each.code for each in offered_languages() if each.code in ("en", "ru", "ar")]
FIRST_PAGE_MAX = 150_000


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    directory = tmp_path_factory.mktemp("chromium") / "h"
    async with open_house(directory, begin=time.time()) as house, open_chromium() as browser:
        yield Stage(house, browser)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_on_any_page(stage: Stage, scheme: str) -> None:
    async with open_scene(stage) as scene:
        await scene.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        source = AXE.read_text(encoding="utf-8")
        for language in LANGUAGES:
            for name in (*PAGES, "missing"):
                await scene.page.goto(f"{scene.portal}/{language}/{name}")
                await scene.page.wait_for_timeout(50)
                assert await axe_violations(scene.page, source) == [], f"{language}/{name}"


async def test_axe_finds_nothing_in_any_state_of_a_conversation(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        page, source = scene.page, AXE.read_text(encoding="utf-8")
        words = await until_words(page, scene.portal, "First letter")
        assert await axe_violations(page, source) == [], "words"
        await type_back(page, words)
        assert await axe_violations(page, source) == [], "typed"
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#sent:not([hidden])")
        assert await axe_violations(page, source) == [], "sent"
        await answer(scene.house, "First letter", "Thank you.")
        await read_answers(page, scene.portal, words)
        assert await axe_violations(page, source) == [], "answers"
        await page.click("#write-again")
        assert await axe_violations(page, source) == [], "write again"


async def test_nothing_scrolls_sideways_on_a_small_phone(stage: Stage) -> None:
    async with open_scene(stage, width=320) as scene:
        for language in LANGUAGES:
            for name in PAGES:
                await scene.page.goto(f"{scene.portal}/{language}/{name}")
                assert await _overflow(scene.page) <= 0, f"{language}/{name}"
            await until_words(scene.page, scene.portal, "w" * 200, language)
            assert await _overflow(scene.page) <= 0, f"{language} words"


async def test_a_phone_writes_and_reads_by_touch(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo())
    portal = stage.house.server.portal_url
    page = await stage.browser.new_page(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    await page.goto(f"{portal}/en/")
    await page.tap("a.button.primary")
    await page.fill("#text", "By touch")
    async with page.expect_file_chooser() as choosing:
        await page.tap("label[for=pick]")
    await (await choosing.value).set_files(tmp_path / "photo.jpg")
    await page.wait_for_selector("#files li:not([data-busy])")
    await page.tap("#letter [type=submit]")
    await page.wait_for_selector("#word-list li")
    words = await page.locator("#word-list span").all_text_contents()
    await type_back(page, words)
    await page.tap("#typed [type=submit]")
    await page.wait_for_selector("#sent:not([hidden])")
    small: list[str] = await page.evaluate(
        "[...document.querySelectorAll('a.button, button, summary, footer a')]"
        ".filter((e) => e.offsetParent && e.getBoundingClientRect().height < 44)"
        ".map((e) => e.outerHTML)"
    )
    assert small == []
    await page.close()


async def test_every_answer_has_exactly_the_same_headers(stage: Stage) -> None:
    answers: list[Response] = []
    async with open_scene(stage) as scene:
        scene.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108
        words = await write_letter(scene.page, scene.portal, "A letter")
        await read_answers(scene.page, scene.portal, words)
        await scene.page.goto(f"{scene.portal}/en/nothing")
        found = [(answer.url, await answer.all_headers()) for answer in answers]
        empty = {answer.url for answer in answers if answer.status == 204}
        async with httpx.AsyncClient(base_url=scene.portal) as client:
            for path in ("/nothing", "/?a", "/v1/nothing", "/static/nothing", "/v1/keyring?a"):
                found.append((path, dict((await client.get(path)).headers)))
            found.append(("post", dict((await client.post("/en/letterbox")).headers)))
        expected = {name.decode(): value.decode() for name, value in headers(0)}
        assert len(found) > 20
        assert len(empty) == 1  # a letter's, which has no body whose length could be told
        for url, got in found:
            assert ("content-length" in got) == (url not in empty), url
            whole = {"content-length": "none", **got}
            assert {**expected, **_varying(whole)} == whole, url


async def test_nothing_comes_from_elsewhere_and_nothing_is_kept(stage: Stage) -> None:
    urls: list[str] = []
    complaints: list[str] = []
    async with open_scene(stage) as scene:
        scene.page.on("request", lambda request: urls.append(request.url))
        scene.page.on("console", lambda message: complaints.append(message.text))
        scene.page.on("pageerror", lambda error: complaints.append(str(error)))
        await write_letter(scene.page, scene.portal, "A letter")
        kept = await scene.page.evaluate(
            "[document.cookie, localStorage.length, sessionStorage.length,"
            " history.state].map(String).join()"
        )
        assert all(url.startswith(scene.portal + "/") for url in urls)
        assert kept == ",0,0,null"
        assert complaints == []


async def test_leaving_blanks_the_page_at_once_and_back_shows_nothing(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        page = scene.page
        for how in ("button", "keys"):
            await page.goto("about:blank")
            await page.goto(f"{scene.portal}/en/")
            await page.click("a.button.primary")
            await page.wait_for_selector("#text")
            await page.fill("#text", "What nobody may see")
            if how == "button":
                left = await page.evaluate(
                    "() => { const start = performance.now();"
                    " document.getElementById('leave').click();"
                    " return [document.body.childElementCount, performance.now() - start]; }"
                )
                assert left[0] == 0
                assert left[1] < 100
            else:
                for _ in range(3):
                    await page.keyboard.press("Escape")
            await page.wait_for_url("**/en/left")
            assert "New Identity" in await page.inner_text("body")
            await page.go_back()
            assert "nobody" not in await page.content()
            assert "/en/" not in page.url


async def test_capitals_and_single_escapes_do_not_leave(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        await scene.page.goto(f"{scene.portal}/en/letterbox#write")
        await scene.page.focus("#text")
        await scene.page.keyboard.type("USSR, KGB")
        for key in ("Escape", "a", "Escape", "b", "Escape"):
            await scene.page.keyboard.press(key)
        assert await scene.page.input_value("#text") == "USSR, KGBab"


async def test_wrong_words_are_named_one_by_one(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        page = scene.page
        await page.goto(f"{scene.portal}/en/letterbox#read")
        good = "abandon amount liar amount expire adjust cage candy arch gather drum buyer"
        for text, said in (
            ("abandon amuont liar ", "Word 2 is not in the list: amuont."),
            (good.rpartition(" ")[0], "So far there are 11"),
            (good.replace("buyer", "zoo"), "do not belong together"),
            (f"{good} cage", "more than twelve"),
            ("hola adiós amigo ", "another language"),
        ):
            await page.fill("#own", text)
            await page.click("#ask [type=submit]")
            async with asyncio.timeout(5):
                while said not in await _said_of_words(page):
                    await page.wait_for_timeout(50)
            assert await page.is_hidden("#looking")


async def test_a_word_typed_wrong_sends_nothing(stage: Stage) -> None:
    asked: list[str] = []
    async with open_scene(stage) as scene:
        page = scene.page
        await until_words(page, scene.portal, "A letter")
        await page.click("#written")
        page.on("request", lambda request: asked.append(request.url))
        await page.locator("#typed-fields input").first.fill("wrong")
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#typed-wrong:not(:empty)")
        assert asked == []


async def test_words_that_may_be_on_paper_already_stay_the_same(stage: Stage) -> None:
    """Back to the letter for one more sentence, and on: the paper is right as it was."""
    async with open_scene(stage) as scene:
        page = scene.page
        words = await until_words(page, scene.portal, "A letter")
        await page.click("#words [data-back]")
        assert await page.locator("#word-list span").count() == 0
        await page.fill("#text", "A longer letter")
        await page.click("#letter [type=submit]")
        await page.wait_for_selector("#word-list li")
        assert await page.locator("#word-list span").all_text_contents() == words


async def test_an_empty_letter_is_not_sent(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        await scene.page.goto(f"{scene.portal}/en/letterbox#write")
        await scene.page.click("#letter [type=submit]")
        assert "nothing to send" in await scene.page.inner_text("#trouble")


async def test_text_too_long_for_a_letter_goes_as_a_file(stage: Stage, tmp_path: Path) -> None:
    text = "Длинное письмо. " * 2000
    async with open_scene(stage) as scene:
        await write_letter(scene.page, scene.portal, text)
        await scene.house.sync()
        desk = scene.house.desk("Борис")
        threads = [row.thread for row in desks.list_threads(desk) if row.attachments]
        saved = [each for t in threads for each in desks.save_attachments(desk, t, tmp_path)]
        contents = [Path(each.path or "").read_bytes() for each in saved]  # noqa: ASYNC240
        assert text.encode() in contents


@pytest.mark.parametrize(("status", "said"), [(507, "is full"), (503, "is busy"), (404, "older")])
async def test_a_refusal_keeps_the_text_and_can_be_tried_again(
    stage: Stage, status: int, said: str
) -> None:
    async with open_scene(stage) as scene:
        page = scene.page

        async def refuse(route: Route) -> None:
            await route.fulfill(status=status, body="")

        words = await until_words(page, scene.portal, "Kept")
        await type_back(page, words)
        await page.route("**/v1/letters", refuse)
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#trouble:not([hidden])")
        assert said in await page.inner_text("#trouble")
        assert await page.input_value("#text") == "Kept"
        await page.unroute("**/v1/letters")
        await page.click("#sending [data-again]")
        await page.wait_for_selector("#sent:not([hidden])")


@pytest.mark.parametrize(
    ("days", "passed", "said"),
    [
        (3, 0, "do not agree"),
        (5, 5, "not being emptied now"),
        (20, 20, "Too few of us"),
    ],
    ids=["clock", "not-emptied", "too-few"],
)
async def test_no_letter_leaves_where_nobody_would_read_it(
    stage: Stage, tmp_path: Path, days: int, passed: int, said: str
) -> None:
    sent: list[str] = []
    begin = time.time() - days * SECONDS_PER_DAY
    async with open_house(tmp_path / "h", begin=begin) as house:
        await house.pass_time(days=passed)
        async with open_scene(Stage(house, stage.browser)) as scene:
            page = scene.page
            page.on("request", lambda request: sent.append(request.method))
            # It is said before anybody writes, and again to who wrote all the same.
            await open_letterbox(page, f"{scene.portal}/en", "write")
            await page.wait_for_selector("#trouble:not([hidden])")
            assert said in await page.inner_text("#trouble")
            words = await until_words(page, scene.portal, "Kept")
            await type_back(page, words)
            await page.click("#typed [type=submit]")
            await page.wait_for_selector("#trouble:not([hidden])")
            assert said in await page.inner_text("#trouble")
            assert await page.input_value("#text") == "Kept"
            assert set(sent) == {"GET"}


async def test_a_server_that_restarts_in_the_middle_costs_nothing(
    stage: Stage, tmp_path: Path
) -> None:
    film, sent = write_noise(tmp_path / "film.bin", 9_000_000), list[str]()

    async def slowly(route: Route) -> None:
        await asyncio.sleep(0.3)
        await route.continue_()

    async with (
        open_house(tmp_path / "h", begin=time.time()) as house,
        open_scene(Stage(house, stage.browser)) as scene,
    ):
        page = scene.page
        page.on("requestfinished", lambda request: sent.append(request.url))
        await page.route("**/v1/chunks/*", slowly)
        await page.goto(f"{scene.portal}/en/letterbox#write")
        await page.set_input_files("#pick", tmp_path / "film.bin")
        await page.click("#letter [type=submit]")
        await page.wait_for_selector("#word-list li")
        await type_back(page, await page.locator("#word-list span").all_text_contents())
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#files-left:not([hidden])")
        await page.click("#pause")
        assert "Paused" in await page.inner_text("#files-left")
        await house.stop_server()
        await page.click("#pause")
        await house.start_server()
        await page.wait_for_selector("#sent:not([hidden])", timeout=60_000)
        chunks = [url for url in sent if "/v1/chunks/" in url]
        assert len(set(chunks)) == 12
        await house.sync("Анна")
        desk = house.desk("Анна")
        thread = desks.list_threads(desk)[0].thread
        saved = desks.save_attachments(desk, thread, tmp_path)
        assert Path(saved[0].path or "").read_bytes() == film  # noqa: ASYNC240


async def test_a_file_that_vanishes_is_said_and_the_rest_is_kept(
    stage: Stage, tmp_path: Path
) -> None:
    file = tmp_path / "gone.bin"
    file.write_bytes(b"x" * 1000)
    async with open_scene(stage) as scene:
        page = scene.page
        await page.goto(f"{scene.portal}/en/letterbox#write")
        await page.fill("#text", "Kept")
        await page.set_input_files("#pick", file)
        await page.wait_for_selector("#files li:not([data-busy])")
        file.write_bytes(b"y" * 2000)
        await page.click("#letter [type=submit]")
        await page.wait_for_selector("#word-list li")
        await type_back(page, await page.locator("#word-list span").all_text_contents())
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#trouble:not([hidden])")
        assert "could not be read" in await page.inner_text("#trouble")
        await page.click("#sending [data-back]")
        assert await page.input_value("#text") == "Kept"


async def test_writing_again_joins_the_thread(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        page = scene.page
        words = await write_letter(page, scene.portal, "Begun")
        await answer(scene.house, "Begun", "Go on")
        await read_answers(page, scene.portal, words)
        await page.click("#write-again")
        assert await page.inner_text("#title") == "Write again"
        await page.fill("#text", "Once more")
        await page.click("#letter [type=submit]")
        await page.wait_for_selector("#sent:not([hidden])")
        await scene.house.sync()
        assert {"Begun", "Go on", "Once more"} in _threads(scene.house)


async def test_words_of_an_earlier_letter_can_be_used_for_the_next(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        page = scene.page
        words = await write_letter(page, scene.portal, "An earlier letter")
        await until_words(page, scene.portal, "Another time")
        await page.click("#have-words")
        await page.fill("#own", " ".join(words))
        await page.click("#ask [type=submit]")
        await page.wait_for_selector("#sent:not([hidden])")
        await scene.house.sync()
        assert {"An earlier letter", "Another time"} in _threads(scene.house)


async def test_the_first_page_is_small(stage: Stage) -> None:
    sizes: list[int] = []
    async with open_scene(stage) as scene:

        async def count(answer: Response) -> None:
            sizes.append(len(await answer.body()))

        scene.page.on("response", count)
        await scene.page.goto(f"{scene.portal}/")
        await scene.page.wait_for_load_state("networkidle")
        assert 0 < sum(sizes) <= FIRST_PAGE_MAX


async def test_a_strangers_host_gets_the_page_that_explains_the_danger(stage: Stage) -> None:
    async with open_scene(stage) as scene, httpx.AsyncClient() as client:
        url, host = f"{scene.portal}/en/letterbox", "a.onion.example"
        answer = await client.get(url, headers={"Host": host})
        assert answer.status_code == 421
        assert "You did not come to us directly" in answer.text
        assert "<textarea" not in answer.text


def _varying(got: dict[str, str]) -> dict[str, str]:
    return {name: got[name] for name in ("content-type", "content-length")}


def _threads(house: House) -> list[set[str]]:
    """The texts of each thread, as a desk has them."""
    desk = house.desk("Анна")
    rows = desks.list_threads(desk)
    return [{entry.text for entry in desks.read_thread(desk, row.thread)} for row in rows]


async def _said_of_words(page: Page) -> str:
    said = await page.inner_text("#own-state") + await page.inner_text("#own-wrong")
    return said.replace("\u2068", "").replace("\u2069", "")


async def _overflow(page: Page) -> int:
    width: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width
