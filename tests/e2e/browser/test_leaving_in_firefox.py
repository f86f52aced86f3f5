"""Leaving at once, in Firefox as Tor Browser is set: by which keys, how fast, and what is left."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.e2e.browser.bidi import Tab
from tests.e2e.browser.firefox import open_firefox
from tests.unit.server.kit import House, open_house

ESCAPE, SHIFT, CONTROL, ALT = "\ue00c", "\ue008", "\ue009", "\ue00a"
BLANK_WITHIN_MS = 100
AS_TOR_BROWSER: Mapping[str, Any] = {}
NOT_RESISTING = {
    "privacy.resistFingerprinting": False,
    "privacy.reduceTimerPrecision": False,
}
LISTEN = """(() => {
  window.heard = [];
  for (const type of ["keydown", "keyup", "keypress"]) {
    addEventListener(type, (event) => window.heard.push(event.key), true);
  }
})()"""
# How long after a key the page has nothing to show; asked for by the page that is left.
CLOCK = """(() => {
  let last = 0;
  addEventListener("keydown", () => { last = performance.now(); }, true);
  new MutationObserver(() => {
    if (document.body.childElementCount === 0) {
      window.name = String(performance.now() - last);
    }
  }).observe(document.body, { childList: true });
})()"""


def _portal(house: House) -> str:
    return f"http://{house.server.portal_listen}"


async def _write(house: House, tab: Tab) -> None:
    """From elsewhere by the start page to a letter that is begun."""
    await tab.go("about:blank")
    await tab.go(f"{_portal(house)}/en/")
    await tab.click("a.button.primary")
    await tab.wait("document.querySelector('#text')?.checkVisibility()")
    # Not key by key: the page may move the focus while it gets ready.
    await tab.run("document.querySelector('#text').value = 'What nobody may see'")
    await tab.run("document.querySelector('#text').focus()")


async def _has_left(house: House, tab: Tab) -> None:
    """The page that is left behind, and behind it nothing of the portal."""
    await tab.wait("location.pathname === '/en/left'")
    assert "New Identity" in await tab.run("document.body.innerText")
    await tab.back()
    await tab.wait("location.pathname !== '/en/left'")
    assert await tab.run("location.href") == "about:blank"
    assert "nobody" not in await tab.run("document.documentElement.outerHTML")


async def test_tor_browser_tells_a_page_nothing_of_shift_and_escape_leaves(tmp_path: Path) -> None:
    async with (
        open_house(tmp_path / "s") as house,
        open_firefox(tmp_path / "p", "safer", preferences=AS_TOR_BROWSER) as tab,
    ):
        await _write(house, tab)
        await tab.run(LISTEN)
        await tab.keys([SHIFT, CONTROL, ALT] * 4)
        assert await tab.run("window.heard") == []
        assert await tab.run("document.querySelector('#text').value") == "What nobody may see"

        await tab.keys([ESCAPE] * 3)
        await _has_left(house, tab)
        await _write(house, tab)
        await tab.click("#leave")
        await _has_left(house, tab)


async def test_where_a_page_is_told_of_shift_three_times_leave_at_once(tmp_path: Path) -> None:
    async with (
        open_house(tmp_path / "s") as house,
        open_firefox(tmp_path / "p", "safer", preferences=NOT_RESISTING) as tab,
    ):
        for key in (SHIFT, ESCAPE):
            await _write(house, tab)
            await tab.run(CLOCK)
            await tab.keys([key, key, "x", key])
            assert await tab.run("location.pathname") == "/en/letterbox"
            await tab.keys(["x", *[key] * 3])
            await tab.wait("location.pathname === '/en/left'")
            assert 0 <= float(await tab.run("window.name")) < BLANK_WITHIN_MS
            await _has_left(house, tab)
