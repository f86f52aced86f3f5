"""What who has no script posts: a sealed file, or text for the server to seal; and the answer back.

Real server, real desks, real sealing; the browser's part is in `browser/`.
"""

import os
import re
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from silent_courier import desk as desks
from silent_courier.protocol.sizes import letter_len
from silent_courier.server.answers import headers
from silent_courier.source.compose import Draft
from silent_courier.source.letter_file import open_keyring, seal_letter
from tests.e2e.house import QUICK_LIMITS, House, open_house

EVIL = "<script>alert(1)</script></textarea>\"'&"
TEXT = f"Я видела это.\r\n{EVIL}"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser without script, as far as a server sees it."""

    house: House
    http: httpx.AsyncClient

    async def post(self, form: str, language: str = "en", **fields: str | bytes) -> httpx.Response:
        parts: dict[str, tuple[str | None, str | bytes]] = {
            name: (EVIL if name == "letter" else None, value) for name, value in fields.items()
        }
        return await self.http.post(f"/{language}/forms", files={"form": (None, form), **parts})

    async def receipt(self) -> str:
        page = await self.post("receipt")
        return "".join(re.findall(r"<li><span>(\d{4})</span>", page.text))

    async def sealed(self, text: str) -> bytes:
        keyring = (await self.http.get("/v1/keyring")).content
        verified = open_keyring(keyring, self.house.org_id, self.house.clock())
        return seal_letter(verified, secrets.token_bytes(16), Draft(text), secrets.token_bytes)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visitor(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    directory = tmp_path_factory.mktemp("forms") / "h"
    async with (
        open_house(directory, begin=time.time(), assisted=True) as house,
        httpx.AsyncClient(base_url=house.server.portal_url) as http,
    ):
        yield Visitor(house, http)


def _texts(house: House) -> list[list[str]]:
    desk = house.desk("Анна")
    rows = desks.list_threads(desk)
    return [[entry.text for entry in desks.read_thread(desk, row.thread)] for row in rows]


async def test_a_sealed_file_is_a_letter_like_any_other(visitor: Visitor) -> None:
    letter = await visitor.sealed("From a file")
    for _ in range(2):  # Who presses the button twice has written once.
        page = await visitor.post("file", letter=letter)
        assert page.status_code == 200
        assert "Your letter is in the letterbox" in page.text
    await visitor.house.sync()
    assert [texts for texts in _texts(visitor.house) if "From a file" in texts] == [["From a file"]]


async def test_a_file_that_is_no_letter_is_said_and_can_be_handed_in_again(
    visitor: Visitor,
) -> None:
    length = letter_len(visitor.house.charter.body.parameters.letter_slots)
    for data in (b"", b"x", bytes(length - 1), bytes(length + 1)):
        page = await visitor.post("file", letter=data)
        assert page.status_code == 400
        assert "This file is no letter for us" in page.text
        assert 'type="file"' in page.text
        assert "alert(1)" not in page.text


async def test_a_letter_goes_by_the_assisted_form_and_its_answer_comes_back(
    visitor: Visitor,
) -> None:
    house, receipt = visitor.house, await visitor.receipt()
    spaced = " ".join(re.findall("....", receipt))
    sent = await visitor.post("write", "ru", receipt=spaced, text=TEXT)
    assert sent.status_code == 200
    assert "Ваше письмо в ящике" in sent.text
    await house.sync()
    assert [TEXT.replace("\r\n", "\n")] in _texts(house)

    desk = house.desk("Анна")
    row = next(row for row in desks.list_threads(desk) if "видела" in row.preview)
    desks.reply(desk, row.thread, EVIL)
    await house.post("Анна")
    persian = "".join(chr(0x6F0 + int(digit)) for digit in receipt)
    answers = await visitor.post("read", receipt=persian)
    assert answers.status_code == 200
    assert EVIL in unescape(answers.text)
    assert EVIL not in answers.text
    assert "Анна answered on" in answers.text

    await visitor.post("write", receipt=receipt, text="Once more")
    await house.sync()
    assert any({"Once more", TEXT.replace("\r\n", "\n")} < set(texts) for texts in _texts(house))


async def test_reading_leaves_a_letter_that_says_nothing(visitor: Visitor) -> None:
    house, receipt = visitor.house, await visitor.receipt()
    await house.sync()
    before = len(_texts(house))
    answers = await visitor.post("read", receipt=receipt)
    assert "nothing for this number" in answers.text
    await house.sync()
    assert len(_texts(house)) == before


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"receipt": "1" * 24, "text": TEXT}, 400, "a digit is wrong"),
        ({"receipt": "abandon " * 12, "text": TEXT}, 400, "a digit is wrong"),
        ({"receipt": "0" * 24, "text": " \n"}, 400, "nothing to send yet"),
        ({"receipt": "0" * 24, "text": EVIL + "ж" * 9000}, 400, "too long for this way"),
        ({"receipt": "0" * 24, "text": EVIL + "\0" * 9000}, 400, "too long for this way"),
    ],
)
async def test_what_was_typed_comes_back_with_a_sentence(
    visitor: Visitor, fields: dict[str, str], status: int, said: str
) -> None:
    page = await visitor.post("write", **fields)
    assert page.status_code == status
    assert said in page.text
    shown = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)
    assert shown is not None
    assert unescape(shown[1]).replace("\r\n", "\n") == fields["text"].replace("\r\n", "\n")
    assert EVIL not in page.text
    assert fields["receipt"] not in page.text


async def test_forms_that_nobody_offers_are_refused(visitor: Visitor, tmp_path: Path) -> None:
    url = "/en/forms"
    assert (await visitor.post("unknown")).status_code == 404
    assert (await visitor.http.post(url, content=b"form=file")).status_code == 400
    assert (await visitor.http.post(url, files={"form": "file", "more": "x"})).status_code == 400
    twice = [("form", (None, "file")), ("form", (None, "write"))]
    assert (await visitor.http.post(url, files=twice)).status_code == 400
    with suppress(httpx.ReadError):  # The answer may be lost with the connection.
        page = await visitor.post("write", receipt="0" * 24, text="x" * 2_000_000)
        assert page.status_code == 413
    cut = b'--b\r\nContent-Disposition: form-data; name="form"\r\n\r\nfile'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert (await visitor.http.post(url, content=cut, headers=kind)).status_code == 400
    async with (
        open_house(tmp_path / "h", begin=time.time()) as house,
        httpx.AsyncClient(base_url=house.server.portal_url) as http,
    ):
        stranger = Visitor(house, http)
        for form in ("receipt", "write", "read"):
            page = await stranger.post(form, receipt="0" * 24, text="x")
            assert page.status_code == 404
            assert "does not allow this way" in page.text


async def test_every_answer_has_exactly_the_same_headers(visitor: Visitor) -> None:
    expected = {name.decode(): value.decode() for name, value in headers(0)}
    pages = [
        await visitor.post("receipt"),
        await visitor.post("read", receipt="0" * 24),
        await visitor.post("write", receipt="1", text="x"),
        await visitor.post("file", letter=b"x"),
        await visitor.post("unknown"),
    ]
    for page in pages:
        varying = {name: page.headers[name] for name in ("content-type", "content-length")}
        assert dict(page.headers) == {**expected, **varying}
        assert page.headers["content-type"] == "text/html; charset=utf-8"


async def test_a_strangers_address_gets_nothing_taken(visitor: Visitor) -> None:
    letter = await visitor.sealed("Through a gateway")
    parts = [("form", (None, b"file")), ("letter", ("x", letter))]
    page = await visitor.http.post("/en/forms", files=parts, headers={"Host": "a.onion.example"})
    assert page.status_code == 421
    assert "You did not come to us directly" in page.text
    await visitor.house.sync()
    assert ["Through a gateway"] not in _texts(visitor.house)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example"},
    ],
)
async def test_a_strangers_page_cannot_post_a_receipt_of_its_own(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    receipt = await visitor.receipt()
    for form, text in (("write", " "), ("write", "Theirs"), ("read", ""), ("receipt", "")):
        parts = {"form": form, "receipt": receipt, "text": text}
        files = {name: (None, value) for name, value in parts.items()}
        page = await visitor.http.post("/en/forms", files=files, headers=headers)
        assert page.status_code == 403
        assert "You did not come to us directly" in page.text
        assert "<form" not in page.text
        assert receipt not in page.text
    await visitor.house.sync()
    assert ["Theirs"] not in _texts(visitor.house)


async def test_a_receipt_is_never_filled_in_again(visitor: Visitor) -> None:
    receipt = await visitor.receipt()
    for form, text in (("write", " "), ("write", "x" * 20_000), ("read", "")):
        page = await visitor.post(form, receipt=receipt, text=text)
        assert 'name="receipt"' in page.text
        assert receipt not in page.text


async def test_a_full_lane_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    limits = replace(QUICK_LIMITS, assisted_places=1, lane_wait_s=0.2)
    async with (
        open_house(tmp_path / "h", begin=time.time(), limits=limits, assisted=True) as house,
        httpx.AsyncClient(base_url=house.server.portal_url) as http,
    ):
        visitor = Visitor(house, http)
        assert (await visitor.post("file", letter=await visitor.sealed("1"))).status_code == 200
        page = await visitor.post("file", letter=await visitor.sealed("2"))
        assert page.status_code == 503
        assert "is busy" in page.text
        page = await visitor.post("write", receipt="0" * 24, text=TEXT)
        assert page.status_code == 503
        assert EVIL in unescape(page.text)
        page = await visitor.post("read", receipt="0" * 24)
        assert page.status_code == 503
        assert "0" * 24 not in page.text
        await house.sync()
        assert _texts(house) == [["1"]]


async def test_nothing_that_was_typed_is_in_any_file(visitor: Visitor) -> None:
    secret, receipt = "Only-in-memory", await visitor.receipt()
    assert (await visitor.post("write", receipt=receipt, text=secret)).status_code == 200
    assert (await visitor.post("read", receipt=receipt)).status_code == 200
    server = visitor.house.directory / "server"
    files = [Path(folder) / name for folder, _, names in os.walk(server) for name in names]
    contents = [file.read_bytes() for file in files if file.is_file()]
    assert len(contents) > 3
    for data in contents:
        assert secret.encode() not in data
        assert receipt.encode() not in data


async def test_nothing_is_sealed_where_nobody_would_read(tmp_path: Path) -> None:
    begin = time.time() - 5 * 86_400
    async with open_house(tmp_path / "h", begin=begin, assisted=True) as house:
        async with httpx.AsyncClient(base_url=house.server.portal_url) as http:
            early = await Visitor(house, http).sealed("Sealed five days ago")
        await house.pass_time(days=5)
        async with httpx.AsyncClient(base_url=house.server.portal_url) as http:
            visitor = Visitor(house, http)
            page = await visitor.post("write", receipt="0" * 24, text=TEXT)
            assert page.status_code == 503
            assert "not being emptied now" in page.text
            assert EVIL in unescape(page.text)
            assert (await visitor.post("read", receipt="0" * 24)).status_code == 200
            assert (await visitor.post("file", letter=early)).status_code == 200
        await house.sync()
        assert _texts(house) == [["Sealed five days ago"]]
