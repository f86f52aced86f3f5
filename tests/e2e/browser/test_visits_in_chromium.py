"""Reading and writing with a browser are one visit: the same requests, at moments of one kind.

Everything that the browser asks for is looked at, from the page itself on. The page's own clock is
turned on, so that nobody waits for minutes.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request, Route

from silent_courier import desk as desks
from tests.e2e.browser.chromium import (
    open_chromium,
    open_letterbox,
    read_answers,
    until_words,
    write_letter,
)
from tests.e2e.browser.stage import Scene, Stage, answer, open_scene
from tests.e2e.house import open_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

SOONEST_S = 100
LATEST_S = 600
BEGUN = ["GET /v1/keyring", "GET /v1/board"]
WORDS = "abandon amount liar amount expire adjust cage candy arch gather drum buyer"
WHOLE = [*BEGUN, "GET /v1/tickets", "POST /v1/tickets", "POST /v1/letters"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    directory = tmp_path_factory.mktemp("visits") / "h"
    async with open_house(directory, begin=time.time()) as house, open_chromium() as browser:
        yield Stage(house, browser)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a server sees it: what for, how long, and how long the answer was."""

    what: str
    head: int
    body: int
    answer: int


class Trail:
    """Every request of a page and of its worker, in order."""

    def __init__(self, page: Page) -> None:
        self._requests: list[Request] = []
        page.on("request", lambda request: self._requests.append(request))  # noqa: PLW0108

    @property
    def api(self) -> list[str]:
        return [what for what in map(_what, self._requests) if " /v1/" in what]

    async def whole(self) -> list[Asked]:
        """But for the icon, which a browser asks for beside the page, whenever it likes."""
        asked = [await _asked(request) for request in self._requests]
        assert len([each for each in asked if "/icon-" in each.what]) == 1
        return [each for each in asked if "/icon-" not in each.what]


def _what(request: Request) -> str:
    return f"{request.method} /{request.url.split('/', 3)[3].partition('#')[0]}"


async def _asked(request: Request) -> Asked:
    head = sum(len(n) + len(v) for n, v in (await request.all_headers()).items())
    response = await request.response()
    assert response is not None
    length = int((await response.all_headers()).get("content-length", "0"))
    assert length or response.status == 204  # which alone tells none
    return Asked(_what(request), head, len(request.post_data_buffer or b""), length)


async def _begin(scene: Scene) -> Trail:
    await scene.page.clock.install()
    return Trail(scene.page)


async def _until_over(scene: Scene) -> None:
    """Turn the page's clock on until its empty letter is in."""
    await scene.page.clock.fast_forward(LATEST_S * 1000)
    await _until_in(scene.page)


async def _until_in(page: Page) -> None:
    await page.locator("#cover", has_text="is handed in").wait_for()


async def test_reading_and_writing_are_the_same_requests_from_the_page_on(stage: Stage) -> None:
    async with open_scene(stage) as writing, open_scene(stage) as reading:
        trail = await _begin(writing)
        words = await write_letter(writing.page, writing.portal, "A letter")
        written = await trail.whole()

        trail = await _begin(reading)
        await read_answers(reading.page, reading.portal, words)
        await _until_over(reading)
        assert await trail.whole() == written
        assert [each.what for each in written if " /v1/" in each.what] == WHOLE
        assert written[0].what == "GET /en/letterbox"


async def test_keyring_and_board_come_before_it_is_known_what_for(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        trail = await _begin(scene)
        async with scene.page.expect_response("**/v1/board"):
            await scene.page.goto(f"{scene.portal}/en/letterbox")
        assert await scene.page.is_visible("[data-choose=write]")
        whole = await trail.whole()
        assert trail.api == BEGUN

        await scene.page.click("[data-choose=read]")
        await scene.page.click("footer a[href$='#write']")
        await scene.page.fill("#text", "Until the words are shown")
        await scene.page.click("#letter [type=submit]")
        await scene.page.wait_for_selector("#word-list li")
        assert await trail.whole() == whole
        assert scene.page.url.endswith("/en/letterbox")


async def test_the_empty_letter_goes_when_others_send_theirs_and_holds_nothing_back(
    stage: Stage,
) -> None:
    async with open_scene(stage) as scene:
        page = scene.page
        words = await write_letter(page, scene.portal, "To be answered")
        await answer(scene.house, "To be answered", "Thank you.")
        await page.goto("about:blank")
        trail = await _begin(scene)
        await read_answers(page, scene.portal, words)
        assert "Thank you." in await page.inner_text("#answers")

        await page.click("#finish")
        await page.clock.fast_forward(SOONEST_S * 1000 // 2)
        await page.wait_for_timeout(300)
        assert trail.api == BEGUN
        await page.clock.fast_forward(SOONEST_S * 1000)
        await _until_in(page)
        assert trail.api == WHOLE


async def test_who_reads_and_then_writes_leaves_one_letter(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        page = scene.page
        words = await write_letter(page, scene.portal, "The first")
        await page.goto("about:blank")
        trail = await _begin(scene)
        await read_answers(page, scene.portal, words)
        await page.click("#write-again")
        await page.clock.fast_forward(2 * LATEST_S * 1000)
        await page.fill("#text", "The second")
        await page.click("#letter [type=submit]")
        await page.wait_for_selector("#sent:not([hidden])")
        assert trail.api == WHOLE
        await scene.house.sync()
        desk = scene.house.desk("Анна")
        threads = [desks.read_thread(desk, row.thread) for row in desks.list_threads(desk)]
        assert {"The first", "The second"} in [{e.text for e in thread} for thread in threads]


async def test_a_refused_empty_letter_is_tried_again_as_a_person_would(stage: Stage) -> None:
    refused: list[str] = []

    async def refuse_once(route: Route) -> None:
        if refused:
            await route.continue_()
        else:
            refused.append(route.request.url)
            await route.fulfill(status=507, body="")

    async with open_scene(stage) as writing, open_scene(stage) as reading:
        trail = await _begin(writing)
        await writing.page.route("**/v1/letters", refuse_once)
        words = await until_words(writing.page, writing.portal, "Twice")
        await _type_and_send(writing.page, words)
        await writing.page.wait_for_selector("#trouble:not([hidden])")
        await writing.page.click("#sending [data-again]")
        await writing.page.wait_for_selector("#sent:not([hidden])")
        written = trail.api

        refused.clear()
        trail = await _begin(reading)
        await reading.page.route("**/v1/letters", refuse_once)
        await read_answers(reading.page, reading.portal, words)
        async with reading.page.expect_response("**/v1/letters"):
            await reading.page.clock.fast_forward(LATEST_S * 1000)
        await reading.page.wait_for_timeout(300)
        assert trail.api == WHOLE
        await _until_over(reading)
        assert trail.api == written == WHOLE * 2


async def test_leaving_leaves_at_once_whatever_was_still_to_go(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        page = scene.page
        trail = await _begin(scene)
        await open_letterbox(page, f"{scene.portal}/en", "read")
        await page.fill("#own", WORDS)
        await page.click("#ask [type=submit]")
        await page.wait_for_selector("#answers:not([hidden])")
        await page.click("#leave")
        await page.wait_for_url("**/en/left")
        await page.clock.fast_forward(LATEST_S * 1000)
        assert trail.api == BEGUN


async def _type_and_send(page: Page, words: list[str]) -> None:
    await page.click("#written")
    for box in await page.locator("#typed-fields input").all():
        await box.fill(words[int(await box.get_attribute("data-n") or 0) - 1])
    await page.click("#typed [type=submit]")
