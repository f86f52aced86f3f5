"""Debian's Firefox at a new desk: wizard, a letter over the private Tor network, an answer.

What Chromium is asked in detail is asked here once, from an empty directory to the colleague.
"""

import os
import secrets
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from silent_courier import desk as desks
from silent_courier.desk import Desk, Progress
from silent_courier.desk.app import DeskApp, Settings
from silent_courier.organisation import actions
from silent_courier.source.compose import Draft
from silent_courier.tor.client import TorClient
from silent_courier.tor.transport import Transport
from tests.e2e.browser.bidi import Tab
from tests.e2e.browser.firefox import open_firefox
from tests.e2e.browser.newcomer import PHRASE
from tests.e2e.browser.visitor import complaints
from tests.e2e.house import IMPATIENT, QUICK_KDF, House, open_house
from tests.e2e.tornet import Tornet

LETTER = "3 ноября я увидела документы <b>тендера</b> до их публикации."
ANSWER = "Спасибо. Где вы их видели?"
OVER_TOR_S = 120.0


@asynccontextmanager
async def newcomer(house: House, tornet: Tornet, tors: list[TorClient]) -> AsyncIterator[DeskApp]:
    """A desk's program before an empty directory; its way to the server is a tor of its own.

    tors: takes each one that the program starts.
    """

    @asynccontextmanager
    async def connect(desk: Desk, _: Progress) -> AsyncIterator[Transport]:
        address = desks.info(desk).desk
        tors.append(tornet.client(f"{house.directory.parent.name}-v"))
        await tors[-1].add_client_key(address, desks.tor_client_key(desk))
        async with (
            tors[-1] as tor,
            Transport(
                address, socks=tor.socks, random_bytes=secrets.token_bytes, timeouts=IMPATIENT
            ) as transport,
        ):
            yield transport

    async with DeskApp(
        Settings(house.directory / "vera", kdf=QUICK_KDF),
        connect,
        clock=house.clock,
        monotonic=time.monotonic,
        random=secrets.token_bytes,
    ) as app:
        yield app
        assert app.faults == 0


async def test_from_an_empty_directory_to_what_the_colleague_sees(
    tmp_path: Path, tornet: Tornet, monkeypatch: pytest.MonkeyPatch
) -> None:
    tors = list[TorClient]()
    async with (
        open_house(tmp_path / "h", ("Анна",), tornet=tornet) as house,
        newcomer(house, tornet, tors) as app,
        open_firefox(tmp_path / "profile", "standard") as tab,
    ):
        await _arrive(house, tab, app)
        await house.sync()
        words = secrets.token_bytes(16)
        await house.write(words, Draft(LETTER, "ru"))
        await _answer(house, tab)
        with monkeypatch.context() as patch:
            # Else the program has it back before anybody notices.
            patch.setenv("PATH", "")
            await _lose_tor(tab, tors[-1])
        await tab.click(".sync button")
        await tab.wait("document.querySelector('.sync[data-state=synced]')", OVER_TOR_S)
        assert await tab.run("document.querySelectorAll('.bars .notice').length") == 0
        assert len(tors) == 2
        await house.sync()
        (row,) = desks.list_threads(house.desk("Анна"))
        entries = desks.read_thread(house.desk("Анна"), row.thread)
        assert [(entry.by, entry.text) for entry in entries] == [(None, LETTER), ("Вера", ANSWER)]
        await tab.keys("L")
        await tab.wait("document.querySelector('#passphrase')")
        assert LETTER not in await tab.run("document.body.innerText")
        assert complaints(tab) == []


async def _arrive(house: House, tab: Tab, app: DeskApp) -> None:
    await tab.go(app.new_address())
    await tab.wait("document.querySelector('#label')")
    await tab.type("#label", "Вера")
    await tab.type("#new-passphrase", PHRASE)
    await tab.type("#new-passphrase-again", PHRASE)
    await tab.wait("document.querySelector('form .primary:enabled')")
    await tab.click("form .primary")
    await tab.wait("document.querySelector('#charter')")
    request = (house.directory / "vera" / "request.courier").read_bytes()
    actions.enrol(house.directory / "org", [request])
    house.issue()
    await house.server.tick()
    charter = house.directory / "charter"
    charter.write_bytes(house.chain)
    await tab.choose("#charter", charter)
    await tab.wait("document.querySelector('.fingerprint')")
    await tab.click(".primary")
    await tab.wait("document.querySelector('.sync[data-state=synced]')", OVER_TOR_S)
    await tab.click(".actions .primary")
    await tab.wait("document.querySelector('.office')")
    await house.join()


async def _lose_tor(tab: Tab, tor: TorClient) -> None:
    assert tor.pid is not None
    os.kill(tor.pid, signal.SIGKILL)
    await tab.click(".sync button")
    bar = "document.querySelector('.bars .care')"
    await tab.wait(bar, OVER_TOR_S)
    told = await tab.run(f"{bar}.textContent")
    assert "No Tor answers at the SOCKS address. The next sync starts Tor again." in told


async def _answer(house: House, tab: Tab) -> None:
    await tab.click(".sync button")
    await tab.wait("document.querySelector('.row')", OVER_TOR_S)
    await tab.click(".row")
    await tab.wait("document.querySelector('.entry.letter .text')")
    assert await tab.run("document.querySelector('.entry .text').textContent") == LETTER
    await tab.keys("r")
    await tab.wait("document.activeElement.id === 'writing'")
    await tab.type("#writing", ANSWER)
    await tab.wait("document.querySelector('.composer .primary:enabled')")
    await tab.click(".composer .primary")
    await tab.wait("document.querySelector('.entry.reply')")
    for _ in range(3):  # The timetable has its hours.
        await house.pass_time(hours=1)
        await tab.click(".sync button")
        await tab.wait("document.querySelector('.sync[data-state=running]')")
        await tab.wait("document.querySelector('.sync[data-state=synced]')", OVER_TOR_S)
    await tab.wait("document.querySelector('.entry.reply .state.posted')")
