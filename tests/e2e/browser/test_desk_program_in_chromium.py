"""`courier desk run` before a browser: its disk fills up, it is killed, another runs beside it."""

import asyncio
import os
import re
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import RawIOBase
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from silent_courier import desk as desks
from silent_courier.desk import Desk
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from silent_courier.storage.vault import open_vault
from tests.e2e.browser.chromium import open_chromium
from tests.e2e.browser.crooked import open_street
from tests.e2e.due import let_be_due
from tests.e2e.house import PASSPHRASE, Room
from tests.e2e.small_disk import on_small_disk

pytestmark = pytest.mark.asyncio(loop_scope="module")

LETTER = "3 ноября я увидела документы тендера до их публикации."
ANSWER = "Спасибо. Где вы их видели?"
DISK_MIB = 6
COURIER = str(Path(sys.executable).with_name("courier"))
ADDRESS = re.compile(rb"http://127\.0\.0\.1:(\d+)/#[0-9a-f]{64}")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with open_chromium() as browser:
        yield browser


@dataclass(frozen=True, slots=True)
class Program:
    """`courier desk run`, and the address that it printed."""

    process: asyncio.subprocess.Process
    address: str
    port: str


@asynccontextmanager
async def run_desk(
    directory: Path, *options: str, before: tuple[str, ...] = ()
) -> AsyncIterator[Program]:
    """Until the end of the block, or until somebody has ended it."""
    process = await asyncio.create_subprocess_exec(
        *before,
        COURIER,
        "desk",
        "run",
        str(directory),
        "--no-browser",
        *options,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).strip()
        found = ADDRESS.fullmatch(line)
        assert found
        yield Program(process, line.decode(), found[1].decode())
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(process.wait(), 20) == 0


@asynccontextmanager
async def run_on_a_small_disk(directory: Path) -> AsyncIterator[tuple[Program, Path]]:
    """On a copy of this vault, on a disk that only the program sees and that goes with it."""
    place = directory.with_name("small")
    async with run_desk(place, before=on_small_disk(place, directory, DISK_MIB)) as program:
        yield program, Path(f"/proc/{program.process.pid}/root{place}")


def _write_for_ever(file: RawIOBase, piece: bytes) -> None:
    while True:
        file.write(piece)


def fill(disk: Path) -> None:
    """Take every byte that is left."""
    with (disk / "ballast").open("ab", buffering=0) as file:
        for piece in (65536, 4096, 1):
            with pytest.raises(OSError, match="No space left"):
                _write_for_ever(file, bytes(piece))


async def unlock(page: Page) -> None:
    await page.fill("#passphrase", PASSPHRASE)
    await page.click("form .primary")
    await page.wait_for_selector(".office")


async def sync(page: Page) -> None:
    await page.click(".sync button >> text=Sync")
    await page.wait_for_selector(".sync[data-state=running]")
    await page.wait_for_selector(".sync[data-state=synced]")


async def test_on_a_full_disk_letters_are_read_and_nothing_that_is_written_is_lost(
    tmp_path: Path, browser: Browser
) -> None:
    text = "Спасибо. Где вы их видели? " * 20
    async with open_street(tmp_path / "h", time.time()) as street:
        house = street.house
        await house.write(secrets.token_bytes(16), Draft(LETTER, "ru"))
        page = await browser.new_page(locale="en-GB")
        page.set_default_timeout(20_000)
        async with run_on_a_small_disk(street.directory("Анна")) as (program, disk):
            await page.goto(program.address)
            await unlock(page)
            await page.wait_for_selector(".row")
            file = attach_bytes("план.bin", bytes(400_000))
            await house.write(secrets.token_bytes(16), Draft("Второе письмо", "ru", (file,)))
            fill(disk)
            await page.click(".sync button >> text=Sync")
            full = page.locator(".bars .care", has_text="The disk is full")
            await full.wait_for()
            assert "Make room on this computer's disk" in await full.inner_text()
            await page.click(f".row:has-text('{LETTER}')")
            assert await page.inner_text(".entry.letter .text") == LETTER
            await writes_in_vain(page, text)
            (disk / "ballast").unlink()
            await page.wait_for_selector("#measure >> text=Kept in the vault.")
            await page.wait_for_selector(".bars .alarm", state="detached")
            await sync(page)
            assert await page.locator(".bars .notice").count() == 0
            assert await page.locator(".row").count() == 2
            await page.fill("#writing", "Спасибо.")
            await page.click(".composer .primary")
            await page.wait_for_selector(".entry.reply")

            fill(disk)
            await page.keyboard.press("Shift+L")
            await page.wait_for_selector("#passphrase")
            await unlock(page)
            await page.click(f".row:has-text('{LETTER}')")
            await page.wait_for_selector(".entry.reply")
            assert await page.locator(".entry").count() == 2
            await page.click(".row:has-text('Второе')")
            await page.wait_for_selector(".attachments")
        await page.close()


async def writes_in_vain(page: Page, text: str) -> None:
    """The handler is told at every turn, and finds the text again."""
    await page.keyboard.press("r")
    await page.fill("#writing", text)
    told = page.locator(".composer .care", has_text="The disk is full")
    await told.wait_for()
    assert "Your text is on this page alone until then" in await told.inner_text()
    await page.wait_for_selector(".bars .alarm >> text=What you wrote is not kept")
    for button in ("Seal the answer", "Close, keep the draft"):
        await page.click(f"text={button}")
        await page.wait_for_timeout(300)
        assert await page.input_value("#writing") == text
        await told.wait_for()
    assert await page.locator(".entry.reply").count() == 0
    await page.click(".thread-head h1")
    await page.keyboard.press("Escape")
    await page.wait_for_selector(".composer", state="detached")
    await page.click(".row >> nth=0")
    await page.click(f".row:has-text('{LETTER}')")
    await page.keyboard.press("r")
    assert await page.input_value("#writing") == text


async def test_killed_in_the_middle_of_a_sync_everything_is_there_once(
    tmp_path: Path, browser: Browser
) -> None:
    words = secrets.token_bytes(16)
    async with open_street(tmp_path / "h", time.time()) as street:
        house = street.house
        await house.write(words, Draft(LETTER, "ru"))
        let_be_due(house.desk("Анна"))
        directory = street.directory("Анна")
        page = await browser.new_page(locale="en-GB")
        page.set_default_timeout(20_000)
        # The server takes a letter of this desk, and the desk is not told so.
        street.desks.mute_from = b"POST /v1/letters "
        async with run_desk(directory) as program:
            await page.goto(program.address)
            await unlock(page)
            await page.wait_for_selector(".sync[data-state=running] >> text=Posting")
            await page.click(".row")
            await page.keyboard.press("r")
            await page.fill("#writing", ANSWER)
            await page.click(".composer .primary")
            await page.wait_for_selector(".entry.reply")
            os.kill(behind(program), signal.SIGKILL)
            await page.wait_for_selector("text=The program ended by itself, and is locked now.")

            street.desks.mute_from = None
            await unlock(page)
            await page.wait_for_selector(".sync[data-state=synced]")
            await there_once(page)
            await others_are_kept_out(browser, directory)
            await sync(page)

            program.process.kill()
            await program.process.wait()
            await page.wait_for_selector(".bars .alarm >> text=The desk does not answer.")
            assert "courier desk run DIR" in await page.inner_text(".bars .alarm")
        async with run_desk(directory, "--port", program.port) as again:
            await page.wait_for_selector("text=This page needs a new address")
            await page.goto(again.address)
            await unlock(page)
            await there_once(page)
        await page.close()
        vault = open_vault(directory, PASSPHRASE)
        house.rooms["Анна"] = Room(Desk(vault, house.clock, secrets.token_bytes), None)
        await house.post("Анна")
        await house.sync()
        for label in ("Анна", "Борис"):
            (row,) = desks.list_threads(house.desk(label))
            assert (row.letters, row.replies) == (1, 1)
        await house.pass_time(hours=12)
        assert [a.text for a in (await house.check(words)).mailbox.answers] == [ANSWER]
        vault.close()


def behind(program: Program) -> int:
    """The process that holds the vault."""
    pid = program.process.pid
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return int(child)


async def there_once(page: Page) -> None:
    await page.click(".row")
    await page.wait_for_selector(".entry.reply")
    assert await page.locator(".row").count() == 1
    assert await page.locator(".entry.letter").all_inner_texts() != []
    assert await page.locator(".entry").count() == 2


async def others_are_kept_out(browser: Browser, directory: Path) -> None:
    """A second page, and a command."""
    secret = directory.with_name("passphrase")
    secret.write_text(PASSPHRASE, encoding="utf-8")
    command = (COURIER, "desk", "sync", str(directory), "--passphrase-file", str(secret))
    syncing = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    async with run_desk(directory) as second:
        page = await browser.new_page(locale="en-GB")
        await page.goto(second.address)
        await page.fill("#passphrase", PASSPHRASE)
        await page.click("form .primary")
        told = page.locator(".care", has_text="Another program is using this vault.")
        await told.wait_for()
        assert "Go on where it is open" in await told.inner_text()
        await page.close()
    _, said = await asyncio.wait_for(syncing.communicate(), 30)
    assert syncing.returncode == 52
    assert "Another program is using this vault." in said.decode()
