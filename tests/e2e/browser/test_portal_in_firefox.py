"""Debian's Firefox, as Tor Browser would be set, through the private Tor network to the portal."""

import time
from pathlib import Path

from silent_courier import desk as desks
from silent_courier.desk import SavedFile
from silent_courier.server.limits import Limits
from tests.e2e.browser.bidi import Tab
from tests.e2e.browser.firefox import Level, open_firefox
from tests.e2e.browser.visitor import complaints, read_answers, write_letter
from tests.e2e.files import CAMERA, photo, write_noise
from tests.e2e.house import House, open_house
from tests.e2e.tornet import Tornet

ANSWER = "Спасибо. <img src=x onerror=document.title='gone'> Что было дальше?"


async def test_letters_and_answers_pass_at_every_level_that_seals(
    tmp_path: Path, tornet: Tornet
) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo())
    noise = write_noise(tmp_path / "<b>noise.bin", 2_500_000)
    async with (
        open_house(tmp_path / "h", tornet=tornet, limits=Limits(), begin=time.time()) as house,
        tornet.client(f"{tmp_path.name}-b", tcp=True) as tor,
    ):
        socks = (tor.socks.host, tor.socks.port)
        for level in ("standard", "safer"):
            async with open_firefox(tmp_path / level, level, socks) as tab:
                await _conversation(house, tab, level, tmp_path, noise)
        async with open_firefox(tmp_path / "safest", "safest", socks) as tab:
            await _safest_takes_no_words(house, tab)


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
    await house.sync("Анна")
    await house.pass_time(hours=1)
    answers = await read_answers(tab, f"{portal}/ru/letterbox#read", words)
    assert len(answers) >= 1
    assert ANSWER in answers[0]
    assert "Анна" in answers[0]
    assert await tab.run("document.title") != "gone"
    assert complaints(tab) == []


def _content(file: SavedFile) -> bytes:
    assert file.path is not None
    return Path(file.path).read_bytes()


async def _safest_takes_no_words(house: House, tab: Tab) -> None:
    await tab.go(f"{house.server.portal_url}/en/letterbox#write")
    shown: str = await tab.run("document.body.innerText")
    assert "“Safer”" in shown
    assert "courier" in shown
    assert await tab.run("document.querySelectorAll('form, input, textarea').length") == 0
