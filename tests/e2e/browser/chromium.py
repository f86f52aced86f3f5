"""Chromium by Playwright, on loopback: what all browsers must find, and pictures of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, without a window."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        await browser.close()


async def until(page: Page, expression: str) -> None:
    """Wait for this to be so. Playwright's own way asks by `eval`, which a strict page forbids."""
    async with asyncio.timeout(20):
        while not await page.evaluate(expression):
            await page.wait_for_timeout(20)


async def open_letterbox(page: Page, start: str, purpose: str) -> None:
    """The letterbox anew, with its choice made; `start` is the first page."""
    if "/letterbox" in page.url:
        await page.goto("about:blank")
    await page.goto(f"{start}/letterbox#{purpose}")


async def until_words(page: Page, portal: str, text: str, language: str = "en") -> list[str]:
    """Write and press the button; gives the words that are shown."""
    await open_letterbox(page, f"{portal}/{language}", "write")
    await page.fill("#text", text)
    await page.click("#letter [type=submit]")
    await page.wait_for_selector("#word-list li")
    return await page.locator("#word-list span").all_text_contents()


async def type_back(page: Page, words: list[str]) -> None:
    """Type the three words that are asked for."""
    await page.click("#written")
    for box in await page.locator("#typed-fields input").all():
        number = int(await box.get_attribute("data-n") or 0)
        await box.fill(words[number - 1])


async def write_letter(page: Page, portal: str, text: str, language: str = "en") -> list[str]:
    """The whole way; gives the twelve words."""
    words = await until_words(page, portal, text, language)
    await type_back(page, words)
    await page.click("#typed [type=submit]")
    await page.wait_for_selector("#sent:not([hidden])")
    return words


async def read_answers(page: Page, portal: str, words: list[str], language: str = "en") -> None:
    """Type the words and wait for what is found; the empty letter goes later."""
    await open_letterbox(page, f"{portal}/{language}", "read")
    await page.fill("#own", " ".join(words))
    await page.click("#ask [type=submit]")
    await page.wait_for_selector("#answers:not([hidden])")


async def axe_violations(page: Page, source: str) -> list[str]:
    """What axe-core finds wrong, each with the first element it is about."""
    if not await page.evaluate("typeof globalThis.axe === 'object'"):
        await page.evaluate(source)
    results: list[dict[str, Any]] = await page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in results]
