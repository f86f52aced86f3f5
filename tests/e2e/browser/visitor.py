"""What a person does on the portal's pages, key by key; works in a tab of any level with script."""

from collections.abc import Sequence
from pathlib import Path

from tests.e2e.browser.bidi import Tab

VISIT_WITHIN_S = 120.0


async def write_letter(tab: Tab, portal: str, text: str, files: Sequence[Path] = ()) -> list[str]:
    """Write, note the words, type three back, send; gives the twelve words."""
    words = await write_until_words(tab, portal, text, files)
    await type_back(tab, words)
    await tab.click("#typed [type=submit]")
    await tab.wait("document.querySelector('#sent:not([hidden])')", VISIT_WITHIN_S)
    return words


async def write_until_words(
    tab: Tab, portal: str, text: str, files: Sequence[Path] = ()
) -> list[str]:
    """Write and press the button; gives the words that are shown."""
    await tab.go(portal)
    await tab.wait("document.querySelector('#text')?.checkVisibility()")
    await tab.type("#text", text)
    if files:
        await tab.choose("#pick", *files)
        await tab.wait(f"document.querySelectorAll('#files li').length === {len(files)}")
    await tab.click("#letter [type=submit]")
    await tab.wait("document.querySelector('#word-list li')", VISIT_WITHIN_S)
    words: list[str] = await tab.run(
        "[...document.querySelectorAll('#word-list span')].map((word) => word.textContent)"
    )
    return words


async def type_back(tab: Tab, words: Sequence[str]) -> None:
    """Type the three words that are asked for."""
    await tab.click("#written")
    await tab.wait("document.querySelector('#typed-fields input')")
    asked: list[int] = await tab.run(
        "[...document.querySelectorAll('#typed-fields input')].map((box) => Number(box.dataset.n))"
    )
    for number in asked:
        await tab.type(f"#typed-{number}", words[number - 1])


async def read_answers(tab: Tab, portal: str, words: Sequence[str]) -> list[str]:
    """Type the twelve words and wait for what is found; the empty letter goes later."""
    await tab.go(portal)
    await tab.wait("document.querySelector('#own')?.checkVisibility()")
    await tab.type("#own", " ".join(words))
    await tab.click("#ask [type=submit]")
    await tab.wait("document.querySelector('#answers:not([hidden])')", VISIT_WITHIN_S)
    answers: list[str] = await tab.run(
        "[...document.querySelectorAll('#answers .answer')].map((each) => each.innerText)"
    )
    return answers


def complaints(tab: Tab) -> list[str]:
    """What the browser complained of on the page: script errors, refused loads, refused markup."""
    entries = [event["params"] for event in tab.session.events if "params" in event]
    return [str(entry.get("text")) for entry in entries if entry.get("level") in ("error", "warn")]
