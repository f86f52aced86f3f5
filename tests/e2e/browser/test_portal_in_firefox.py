"""Debian's Firefox, as Tor Browser would be set, through the private Tor network to the portal."""

import asyncio
import secrets
import time
from pathlib import Path

from silent_courier import desk as desks
from silent_courier.desk import SavedFile
from silent_courier.protocol.sizes import KEYRING_LEN_MAX
from silent_courier.server.limits import Limits
from silent_courier.source.compose import Draft
from silent_courier.source.letter_file import open_keyring, seal_letter
from tests.e2e.browser.bidi import Tab
from tests.e2e.browser.firefox import Level, open_firefox
from tests.e2e.browser.visitor import VISIT_WITHIN_S, complaints, read_answers, write_letter
from tests.e2e.files import CAMERA, photo, write_noise
from tests.e2e.house import House, open_house
from tests.e2e.tornet import Tornet

ANSWER = "Спасибо. <img src=x onerror=document.title='gone'> Что было дальше?"


async def test_letters_and_answers_pass_at_every_level(tmp_path: Path, tornet: Tornet) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo())
    noise = write_noise(tmp_path / "<b>noise.bin", 2_500_000)
    async with (
        open_house(
            tmp_path / "h", tornet=tornet, limits=Limits(), begin=time.time(), assisted=True
        ) as house,
        tornet.client(f"{tmp_path.name}-b", tcp=True) as tor,
    ):
        socks = (tor.socks.host, tor.socks.port)
        for level in ("standard", "safer"):
            async with open_firefox(tmp_path / level, level, socks) as tab:
                await _conversation(house, tab, level, tmp_path, noise)
        async with open_firefox(tmp_path / "safest", "safest", socks) as tab:
            await _without_script(house, tab, tmp_path)


async def _conversation(
    house: House, tab: Tab, level: Level, directory: Path, noise: bytes
) -> None:
    portal = house.server.portal_url
    text = f"Hello from {level} <script>document.title='gone'</script>"
    files = [directory / "photo.jpg", directory / "<b>noise.bin"]
    words = await write_letter(tab, f"{portal}/en/letterbox#write", text, files)
    assert await tab.run("document.querySelector('#text').value") == ""
    assert await tab.run("document.querySelectorAll('#word-list li, #typed input').length") == 0

    await house.sync()
    desk = house.desk("Анна")
    row = next(row for row in desks.list_threads(desk) if level in row.preview)
    assert desks.read_thread(desk, row.thread)[0].text == text
    saved = desks.save_attachments(desk, row.thread, directory)
    contents = [_content(file) for file in saved]
    assert contents[1] == noise
    assert CAMERA not in contents[0]
    assert contents[0].startswith(b"\xff\xd8")

    desks.reply(desk, row.thread, ANSWER)
    await house.post("Анна")
    answers = await read_answers(tab, f"{portal}/ru/letterbox#read", words)
    assert len(answers) >= 1
    assert ANSWER in answers[0]
    assert "Анна" in answers[0]
    assert await tab.run("document.title") != "gone"
    assert complaints(tab) == []


def _content(file: SavedFile) -> bytes:
    assert file.path is not None
    return Path(file.path).read_bytes()


async def _without_script(house: House, tab: Tab, directory: Path) -> None:
    page = f"{house.server.portal_url}/en/letterbox#write"
    await tab.go(page)
    shown: str = await tab.run("document.body.innerText")
    assert "“Safer”" in shown
    assert "courier write" in shown
    assert await tab.run("document.querySelectorAll('textarea').length") == 0
    await _words_are_not_sent(tab)
    await _hand_in_a_file(house, tab, directory)
    await tab.go(page)
    await _assisted_conversation(house, tab)
    assert complaints(tab) == []


async def _words_are_not_sent(tab: Tab) -> None:
    for typed in ("abandon " * 12, "абзац " * 12, "4280 6050", "1 2 3 4 5 6 7 8 9 10 11 12 a"):
        await tab.type("#receipt-read", typed)
        await tab.click("form:has(#receipt-read) [type=submit]")
        await asyncio.sleep(0.3)
        assert await tab.run("document.querySelector('#receipt-read').value") == typed
        assert await tab.run("document.querySelector('#receipt-read').validity.patternMismatch")
        await tab.run("document.querySelector('#receipt-read').value = ''")


async def _hand_in_a_file(house: House, tab: Tab, directory: Path) -> None:
    keyring = open_keyring(await _keyring(house), house.org_id, house.clock())
    letter = seal_letter(keyring, bytes(range(16)), Draft("Sealed elsewhere"), secrets.token_bytes)
    file = directory / "<b>letter"
    file.write_bytes(letter)
    await tab.choose("#letter-file", file)
    await tab.click("form:has(#letter-file) [type=submit]")
    await tab.wait("document.body.innerText.includes('is in the letterbox')", VISIT_WITHIN_S)
    await house.sync()
    rows = desks.list_threads(house.desk("Анна"))
    assert "Sealed elsewhere" in [row.preview for row in rows]


async def _assisted_conversation(house: House, tab: Tab) -> None:
    await tab.click("form:has([value=receipt]) [type=submit]")
    await tab.wait("document.querySelector('#receipt-write')", VISIT_WITHIN_S)
    receipt: str = await tab.run(
        "[...document.querySelectorAll('.words span')].map((group) => group.textContent).join(' ')"
    )
    text = "By the form <script>document.title='gone'</script>"
    await tab.type("#receipt-write", receipt)
    await tab.type("#text", text)
    await tab.click("form:has(#text) [type=submit]")
    await tab.wait("document.body.innerText.includes('is in the letterbox')", VISIT_WITHIN_S)

    await house.sync()
    desk = house.desk("Анна")
    row = next(row for row in desks.list_threads(desk) if "By the form" in row.preview)
    assert desks.read_thread(desk, row.thread)[0].text == text
    desks.reply(desk, row.thread, ANSWER)
    await house.post("Анна")
    await tab.go(f"{house.server.portal_url}/ar/letterbox#read")
    await tab.type("#receipt-read", receipt)
    await tab.click("form:has(#receipt-read) [type=submit]")
    await tab.wait("document.querySelector('.answer')", VISIT_WITHIN_S)
    assert ANSWER in await tab.run("document.querySelector('.answer .text').textContent")


async def _keyring(house: House) -> bytes:
    async with house.source_transport() as transport:
        return (await transport.request("GET", "/v1/keyring", max_len=KEYRING_LEN_MAX)).body
