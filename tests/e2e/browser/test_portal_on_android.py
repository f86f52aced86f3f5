"""The portal under a finger: Firefox in the shape of Tor Browser for Android, through Tor.

A small screen, touch and no mouse, files by the system's picker. One whole letter and its answer.
"""

import time
from pathlib import Path

from silent_courier import desk as desks
from silent_courier.desk import SavedFile
from silent_courier.server.limits import Limits
from tests.e2e.browser.bidi import TouchTab
from tests.e2e.browser.firefox import open_firefox
from tests.e2e.browser.visitor import complaints, read_answers, write_letter
from tests.e2e.files import CAMERA, photo
from tests.e2e.house import open_house
from tests.e2e.tornet import Tornet

WIDTH, HEIGHT = 360, 640
TARGET_MIN = 44
ANDROID = {
    "dom.w3c_touch_events.enabled": 1,
    "ui.primaryPointerCapabilities": 1,
    "ui.allPointerCapabilities": 1,
    "apz.allow_zooming": True,
    "ui.useOverlayScrollbars": 1,
}
ANSWER = "Спасибо, пишите ещё."
TOUCHED = """(() => {
  window.touched = [];
  for (const type of ["touchstart", "pointerdown"]) {
    addEventListener(type, (event) => window.touched.push(event.pointerType ?? type), true);
  }
})()"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL = f"""[...document.querySelectorAll("a.button, button, summary, input, textarea")]
  .filter((each) => each.checkVisibility() && !each.matches(".unseen, .skip"))
  .filter((each) => each.getBoundingClientRect().height < {TARGET_MIN} - 0.5)
  .map((each) => each.outerHTML.slice(0, 80))"""


async def test_a_letter_and_its_answer_pass_under_a_finger(tmp_path: Path, tornet: Tornet) -> None:
    (tmp_path / "photo.jpg").write_bytes(photo())
    async with (
        open_house(tmp_path / "h", tornet=tornet, limits=Limits(), begin=time.time()) as house,
        tornet.client(f"{tmp_path.name}-b", tcp=True) as tor,
        open_firefox(
            tmp_path / "p",
            "safer",
            (tor.socks.host, tor.socks.port),
            preferences=ANDROID,
            kind=TouchTab,
        ) as tab,
    ):
        portal = house.server.portal_url
        await tab.hold(WIDTH, HEIGHT)
        await tab.go(f"{portal}/ru/")
        assert await tab.run("innerWidth") == WIDTH
        await tab.run(TOUCHED)
        await tab.click("details summary")
        assert set(await tab.run("window.touched")) >= {"touchstart", "touch"}
        assert await tab.run(TOO_WIDE) == 0
        assert await tab.run(SMALL) == []

        text = "Письмо с телефона"
        files = [tmp_path / "photo.jpg"]
        words = await write_letter(tab, f"{portal}/ru/letterbox#write", text, files)
        assert await tab.run(TOO_WIDE) == 0
        assert await tab.run(SMALL) == []

        await house.sync()
        desk = house.desk("Анна")
        (row,) = desks.list_threads(desk)
        assert desks.read_thread(desk, row.thread)[0].text == text
        (saved,) = desks.save_attachments(desk, row.thread, tmp_path)
        assert CAMERA not in _content(saved)
        desks.reply(desk, row.thread, ANSWER)
        await house.post("Анна")
        await house.pass_time(hours=6)

        await tab.go("about:blank")
        answers = await read_answers(tab, f"{portal}/ru/letterbox#read", words)
        assert ANSWER in answers[0]
        assert await tab.run(TOO_WIDE) == 0
        await tab.click("#leave")
        await tab.wait("location.pathname === '/ru/left'")
        assert complaints(tab) == []


def _content(file: SavedFile) -> bytes:
    assert file.path is not None
    return Path(file.path).read_bytes()
