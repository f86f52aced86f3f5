"""What people, files and networks get wrong, under names that are markup: said, and nothing lost.

Everybody here is called by a piece of markup, so every page of these tests would run it if any did.
"""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route

from silent_courier import desk as desks
from silent_courier.protocol.sizes import ATTACHMENT_LEN_MAX
from tests.e2e.browser.chromium import (
    axe_violations,
    open_chromium,
    open_letterbox,
    read_answers,
    type_back,
    until_words,
)
from tests.e2e.browser.stage import Scene, Stage, open_scene
from tests.e2e.browser.test_portal_in_chromium import AXE
from tests.e2e.files import write_noise
from tests.e2e.house import open_house

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVIL = "<img src=/x onerror=document.title='gone'>"
LABELS = (f"A{EVIL}", "B</template><script>document.title='gone'</script>")
QUESTIONS = ("what", "how", "others", "when", "danger")
RECEIPT = "4280 6050 9553 9573 1361 2956"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    directory = tmp_path_factory.mktemp("bad") / "h"
    async with (
        open_house(
            directory, LABELS, name=f"Herald {EVIL}", begin=time.time(), assisted=True
        ) as house,
        open_chromium() as browser,
    ):
        yield Stage(house, browser)


async def _is_untouched(page: Page) -> bool:
    counts = await page.evaluate(
        "[document.images.length, document.querySelectorAll('script:not([src])').length,"
        " document.title === 'gone' ? 1 : 0]"
    )
    return bool(counts == [0, 0, 0])


async def test_markup_in_every_field_and_name_stays_text(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / f"{EVIL.replace('/', '_')}.txt"
    file.write_bytes(b"x")
    async with open_scene(stage) as scene:
        page, house = scene.page, scene.house
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in ("", "letterbox", "help", "about"):
            await page.goto(f"{scene.portal}/ru/{path}")
            assert await _is_untouched(page), path
        await open_letterbox(page, f"{scene.portal}/en", "write")
        assert EVIL in await page.inner_text("#letter")
        await page.fill("#text", EVIL)
        await page.click("#letter summary")
        for question in QUESTIONS:
            await page.fill(f"#form-{question}", f"{question} {EVIL}")
        await page.set_input_files("#pick", file)
        await page.wait_for_selector("#files li:not([data-busy])")
        assert file.name in await page.inner_text("#files")
        await page.click("#letter [type=submit]")
        await page.wait_for_selector("#word-list li")
        words = await page.locator("#word-list span").all_text_contents()
        await type_back(page, words)
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#sent:not([hidden])")
        assert await _is_untouched(page)

        await house.sync()
        desk = house.desk(LABELS[0])
        row = next(row for row in desks.list_threads(desk) if row.preview == EVIL)
        (letter,) = desks.read_thread(desk, row.thread)
        assert list(letter.form) == [(q, f"{q} {EVIL}") for q in QUESTIONS]
        desks.reply(desk, row.thread, EVIL)
        await house.post(LABELS[0])
        await read_answers(page, scene.portal, words)
        assert EVIL in await page.inner_text("#answers .text")
        assert LABELS[0] in (await page.inner_text("#answers")).replace("\u2068", "").replace(
            "\u2069", ""
        )
        assert await _is_untouched(page)
        assert not [url for url in asked if url.endswith("/x")]


async def test_a_file_one_byte_too_large_is_said_and_the_rest_is_kept(
    stage: Stage, tmp_path: Path
) -> None:
    (tmp_path / "small").write_bytes(b"x")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(ATTACHMENT_LEN_MAX + 1)
    async with open_scene(stage) as scene:
        page = scene.page
        await open_letterbox(page, f"{scene.portal}/en", "write")
        await page.fill("#text", "Kept")
        await page.set_input_files("#pick", tmp_path / "small")
        await page.set_input_files("#pick", tmp_path / "large")
        await page.wait_for_selector("#trouble:not([hidden])")
        assert "larger than 2 GiB" in await page.inner_text("#trouble")
        assert await page.locator("#files li").count() == 1
        assert await page.input_value("#text") == "Kept"


async def test_a_file_that_goes_while_it_uploads_is_said_and_can_be_left_out(
    stage: Stage, tmp_path: Path
) -> None:
    film, sent = tmp_path / "film.bin", list[str]()
    write_noise(film, 9_000_000)

    async def take_away(route: Route) -> None:
        sent.append(route.request.url)
        film.write_bytes(b"another")
        await route.continue_()

    async with open_scene(stage) as scene:
        page = scene.page
        await page.route("**/v1/chunks/*", take_away)
        await open_letterbox(page, f"{scene.portal}/en", "write")
        await page.fill("#text", "Without the film")
        await page.set_input_files("#pick", film)
        await page.click("#letter [type=submit]")
        await page.wait_for_selector("#word-list li")
        await type_back(page, await page.locator("#word-list span").all_text_contents())
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#trouble:not([hidden])")
        assert sent
        assert "could not be read" in await page.inner_text("#trouble")
        await page.click("#sending [data-back]")
        assert await page.input_value("#text") == "Without the film"
        await page.click("#files button")
        await page.click("#letter [type=submit]")
        await page.wait_for_selector("#word-list li")
        await type_back(page, await page.locator("#word-list span").all_text_contents())
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#sent:not([hidden])")


async def test_a_connection_that_is_lost_is_said_at_once_and_the_text_goes_when_it_is_back(
    stage: Stage,
) -> None:
    lost: list[str] = []

    async def lose(route: Route) -> None:
        lost.append(route.request.url)
        await route.abort()

    async with open_scene(stage) as scene:
        page = scene.page
        page.set_default_timeout(60_000)
        await page.route("**/v1/**", lose)
        words = await until_words(page, scene.portal, "Kept through it all")
        await page.wait_for_selector("#trouble:not([hidden])")  # After about half a minute.
        assert "connection was lost" in await page.inner_text("#trouble")
        assert len(lost) > 3
        await page.unroute("**/v1/**")
        await type_back(page, words)
        await page.click("#typed [type=submit]")
        await page.wait_for_selector("#sent:not([hidden])")


async def test_digits_of_a_receipt_are_not_taken_where_words_belong(stage: Stage) -> None:
    async with open_scene(stage) as scene:
        page, asked = scene.page, list[str]()
        await open_letterbox(page, f"{scene.portal}/en", "read")
        async with page.expect_response("**/v1/board"):
            pass
        page.on("request", lambda request: asked.append(request.url))
        await page.fill("#own", RECEIPT[:4])
        await page.locator("#own-wrong", has_text="never type them here").wait_for()
        await page.fill("#own", RECEIPT)
        await page.click("#ask [type=submit]")
        await page.locator("#own-wrong", has_text="never type them here").wait_for()
        assert await page.is_hidden("#answers")
        assert asked == []


async def test_pages_that_answer_a_form_are_whole_and_fit_a_small_phone(stage: Stage) -> None:
    source = AXE.read_text(encoding="utf-8")
    async with open_scene(stage, width=320) as scene:
        page = scene.page
        for language in ("en", "ar"):
            for fields in (
                {"form": "receipt"},
                {"form": "write", "receipt": "1", "text": EVIL},
                {"form": "read", "receipt": RECEIPT},
                {"form": "file"},
            ):
                await page.goto(f"{scene.portal}/{language}/help")
                await _post(scene, language, fields)
                assert await axe_violations(page, source) == [], fields
                assert await _is_untouched(page), fields
                assert await page.evaluate("document.documentElement.scrollWidth") <= 320
                if "text" in fields:
                    assert await page.input_value("#text") == EVIL


async def _post(scene: Scene, language: str, fields: dict[str, str]) -> None:
    async with scene.page.expect_navigation():
        await scene.page.evaluate(
            """([action, fields]) => {
                const form = document.createElement("form");
                Object.assign(form, { action, method: "post", enctype: "multipart/form-data" });
                for (const [name, value] of Object.entries(fields)) {
                    const input = document.createElement("textarea");
                    Object.assign(input, { name, value });
                    form.append(input);
                }
                document.body.append(form);
                form.submit();
            }""",
            [f"/{language}/forms", fields],
        )
