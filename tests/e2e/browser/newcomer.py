"""What a newcomer does at the page, from nothing to the first sync."""

from pathlib import Path

from playwright.async_api import Page

from silent_courier.organisation import actions
from tests.e2e.house import House

PHRASE = "скамья ветер кисель глобус рельс обед"


async def make_vault(page: Page, label: str) -> None:
    """The first step."""
    await page.fill("#label", label)
    await page.fill("#new-passphrase", PHRASE)
    await page.fill("#new-passphrase-again", PHRASE)
    await page.click("form .primary")
    await page.wait_for_selector("#charter")


async def take_charter(page: Page, house: House, name: str) -> None:
    """The organisation takes the request, and its charter is chosen in the page."""
    charter = house.directory / f"{name}.charter"
    request = (house.directory / name / "request.courier").read_bytes()
    actions.enrol(house.directory / "org", [request])
    house.issue()
    await house.server.tick()
    charter.write_bytes(house.chain)
    await choose_charter(page, charter)


async def choose_charter(page: Page, charter: Path) -> None:
    """Give the page this file, and wait for what it says about it."""
    await page.set_input_files("#charter", charter)
    await page.wait_for_selector(".fingerprint, [role=alert]")
