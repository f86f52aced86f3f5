"""What goes wrong around a desk is said on its page, with what to do; the next sync repairs it."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from silent_courier import desk as desks
from silent_courier.desk import Desk, Progress, take_up
from silent_courier.desk.app import Connect
from silent_courier.protocol.errors import CourierError, VaultDamagedError
from silent_courier.source.compose import Draft
from silent_courier.storage.vault import open_vault
from silent_courier.tor.transport import Transport
from tests.e2e.browser import crooked
from tests.e2e.browser.chromium import open_chromium
from tests.e2e.browser.crooked import Street, Wrong, open_street
from tests.e2e.browser.desks import open_seat
from tests.e2e.house import PASSPHRASE, House, open_house
from tests.headers import any_answers

pytestmark = pytest.mark.asyncio(loop_scope="module")

LETTER = "3 ноября я увидела документы тендера до их публикации."
LETTERS = 6
NEXT = "If it is the same after the next sync, tell your operator"
GOES_ON = "Nothing is lost; the next sync goes on where this one stopped."
NONSENSE: tuple[tuple[Wrong, str, str], ...] = (
    (crooked.html, "This is not a keyring: its form is wrong.", NEXT),
    (crooked.fault, "The server gave an answer that the protocol does not foresee.", NEXT),
    (crooked.elsewhere, "The server gave an answer that the protocol does not foresee.", NEXT),
    (crooked.endless, "The answer is longer than allowed.", NEXT),
    (crooked.cut_short, "The connection was lost.", "The desk tries again by itself."),
    (crooked.garbage, "The connection was lost.", "The desk tries again by itself."),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with open_chromium() as browser:
        yield browser


def way_through(street: Street, attempts: int) -> Connect:
    """To the port before the server; each request is tried so often."""

    @asynccontextmanager
    async def connect(_: Desk, __: Progress) -> AsyncIterator[Transport]:
        async with Transport(
            street.desks.address, socks=None, random_bytes=secrets.token_bytes, attempts=attempts
        ) as transport:
            yield transport

    return connect


async def told(page: Page, wrong: str) -> str:
    """The bar that says what became of a sync."""
    bar = page.locator(".bars .care", has_text=wrong)
    await bar.wait_for()
    return await bar.inner_text()


async def test_a_server_that_answers_nonsense_or_slowly_is_told_and_the_next_sync_repairs_it(
    tmp_path: Path, browser: Browser
) -> None:
    async with (
        open_street(tmp_path / "h", time.time()) as street,
        open_seat(street.house, "Анна", browser, connect=way_through(street, 1)) as anna,
    ):
        page, desks = anna.page, street.desks
        await page.clock.install()
        await anna.unlock()
        assert await page.locator(".bars .notice").count() == 0
        await street.house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
        for wrong, sentence, remedy in NONSENSE:
            await desks.turn(wrong)
            rounds = anna.app.rounds
            with any_answers():
                await page.click(".sync button:has-text('Sync')")
                async with asyncio.timeout(20):
                    while anna.app.rounds == rounds:
                        await page.wait_for_timeout(20)
            bar = await told(page, sentence)
            assert remedy in bar
            assert GOES_ON in bar
            assert await page.locator(".row").count() == 0

        await desks.turn(crooked.slow)
        await page.click(".sync button:has-text('Sync')")
        await page.wait_for_selector(".sync[data-state=running] >> text=Checking the keyring")
        slow = page.locator(".bars .care >> text=The server answers slowly.")
        async with asyncio.timeout(20):
            while await slow.count() == 0:
                await page.clock.fast_forward(30_000)
                await page.wait_for_timeout(200)
        began = time.monotonic()
        await page.click(".sync button >> text=Stop")
        await page.wait_for_selector(".sync >> text=Stopped; the next sync goes on")
        assert time.monotonic() - began < 3
        assert await page.locator(".bars >> text=The server answers slowly.").count() == 0

        await desks.turn(None)
        await anna.sync()
        assert await page.locator(".bars .notice").count() == 0
        assert await page.inner_text(".row .preview") == LETTER
        assert anna.complaints == []


def flipped(sound: bytes, position: int) -> bytes:
    """One bit of it is another."""
    altered = bytearray(sound)
    altered[position] ^= 1
    return bytes(altered)


DAMAGES = (
    ("vault.json", lambda sound: flipped(sound, len(sound) // 3)),
    ("vault.json", lambda sound: sound[:-40]),
    ("vault.json", lambda sound: b""),
    ("vault.sqlite", lambda sound: flipped(sound, 100)),
    ("vault.sqlite", lambda sound: sound[: len(sound) // 2]),
    ("vault.sqlite", lambda sound: b""),
)


def everything(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir() if path.is_file()}


async def test_a_damaged_vault_is_told_from_a_wrong_passphrase_and_trying_alters_nothing(
    tmp_path: Path, browser: Browser
) -> None:
    async with (
        open_house(tmp_path / "h", begin=time.time()) as house,
        open_seat(house, "Анна", browser) as anna,
    ):
        directory = house.desk("Анна").vault.directory
        page = anna.page
        for name, damage in DAMAGES:
            sound = (directory / name).read_bytes()
            (directory / name).write_bytes(damage(sound))
            before = everything(directory)
            await page.fill("#passphrase", PASSPHRASE)
            await page.click("form .primary")
            told = await page.inner_text(".care[role=alert]")
            assert told.startswith("The vault is damaged. Nothing of it was overwritten.")
            assert "courier desk restore" in told
            assert "passphrase" not in told
            assert everything(directory) == before
            (directory / name).write_bytes(sound)
        header = (directory / "vault.json").read_bytes()
        (directory / "vault.json").unlink()
        await page.wait_for_selector(".care >> text=whose file vault.json is missing")
        (directory / "vault.json").write_bytes(header)
        await page.fill("#passphrase", "not the passphrase")
        await page.click("form .primary")
        await page.wait_for_selector(".wrong >> text=This is not the vault's passphrase.")
        assert await page.locator(".care[role=alert]").count() == 0
        await anna.unlock()


def hurt_a_thread(house: House) -> tuple[bytes, str]:
    """Flip a bit of the long letter; what was before, and a letter that can still be read."""
    vault = house.desk("Анна").vault
    vault.close()
    sound = vault.path.read_bytes()
    for position in range(len(sound) - 2048, 0, -4096):
        put(vault.path, flipped(sound, position))
        seen = read_all(vault.directory)
        if any(seen.values()) and not all(seen.values()):
            put(vault.path, flipped(sound, position))
            return sound, next(preview for preview, text in seen.items() if text)
    raise AssertionError("no such page")


def put(database: Path, content: bytes) -> None:
    """This, and no journal of something else."""
    database.with_name(f"{database.name}-wal").unlink(missing_ok=True)
    database.write_bytes(content)


def read_all(directory: Path) -> dict[str, bool]:
    """The first lines of the threads, and whether they can still be read."""
    seen = {}
    with suppress(CourierError), open_vault(directory, PASSPHRASE) as vault:
        desk = take_up(vault, time.time, secrets.token_bytes)
        for row in desks.list_threads(desk):
            seen[row.preview] = False
            with suppress(VaultDamagedError):
                desks.read_thread(desk, row.thread)
                seen[row.preview] = True
    return seen if len(seen) == LETTERS else {}


async def test_a_vault_with_a_damaged_part_shows_the_rest_and_says_nothing_to_the_server(
    tmp_path: Path, browser: Browser
) -> None:
    async with open_street(tmp_path / "h", time.time()) as street:
        house = street.house
        for number in range(LETTERS):
            text = f"Письмо {number}." * (600 if number == 0 else 1)
            await house.write(secrets.token_bytes(16), Draft(text, "ru"))
        await house.sync()
        path = house.desk("Анна").vault.path
        sound, good = hurt_a_thread(house)
        await house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
        async with open_seat(house, "Анна", browser, connect=way_through(street, 1)) as anna:
            page = anna.page
            await street.desks.turn(crooked.html)
            await page.fill("#passphrase", PASSPHRASE)
            await page.click("form .primary")
            await page.wait_for_selector(".bars .alarm >> text=A part of the vault cannot be read.")
            assert "courier desk restore" in await page.inner_text(".bars .alarm")
            await page.wait_for_selector(".row")
            assert await page.locator(".row").count() == LETTERS
            await page.click(f".row:has-text('{good}')")
            assert await page.inner_text(".entry .text") == good
            for row in await page.locator(".row").all():
                alias = await row.locator(".alias").text_content()
                await row.click()
                damaged = page.locator(".desk .care >> text=The vault is damaged.")
                await damaged.or_(page.locator(".desk h1.alias", has_text=alias)).first.wait_for()
                if await damaged.count():
                    break
            else:
                raise AssertionError
            await page.click(".sync button:has-text('Sync')")
            await page.wait_for_selector(".sync >> text=Not synced")
            # It would say that the letterbox is empty, and lose what it takes out of it.
            assert street.desks.seen == []
            await page.keyboard.press("Shift+L")
            await page.wait_for_selector("#passphrase")

            await street.desks.turn(None)
            put(path, sound)
            await anna.unlock()
            assert await page.locator(".row").count() == LETTERS + 1
            assert await page.locator(".bars .notice").count() == 0
