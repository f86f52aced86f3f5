"""The assisted form works on one request at a time, and keeps what it was lent functions for."""

import asyncio
import threading
from pathlib import Path

import pytest

from silent_courier.protocol.errors import (
    MalformedReceiptError,
    RequestRefusedError,
    StoreDamagedError,
)
from silent_courier.server.assisted import (
    WAITING_MAX,
    Assisted,
    Found,
    FoundAll,
    Post,
    UnworkedLane,
)
from tests.unit.server.kit import House, open_house

FOUND = Found("answer", 1, "Anna", False, "Thank you")


class Lent:
    """Functions that remember what they were asked, and how many ran at once."""

    def __init__(self, cover: bytes | None = b"cover") -> None:
        self.cover = cover
        self.posts: list[Post] = []
        self.running = 0
        self.most = 0
        self.gate = threading.Event()
        self.gate.set()

    def draw(self) -> str:
        return "0" * 24

    def parse(self, typed: str) -> str:
        if typed != "good":
            raise MalformedReceiptError
        return typed

    def seal(self, post: Post, receipt: str, text: str, language: str) -> bytes:
        self._run(post)
        return f"{receipt} {language} {text}".encode()

    def find(self, post: Post, receipt: str) -> FoundAll:
        assert receipt == "good"
        self._run(post)
        return FoundAll((FOUND,), False, False, self.cover)

    def _run(self, post: Post) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        self.gate.wait(5)
        self.posts.append(post)
        self.running -= 1


class Kept(list[bytes]):
    """Where letters go."""

    refuses = False
    full = False

    async def enter(self) -> bytes:
        if self.full:
            raise RequestRefusedError(503)
        return b"ticket"

    async def keep(self, letter: bytes, ticket: bytes) -> None:
        assert ticket == b"ticket"
        if self.refuses:
            raise StoreDamagedError
        self.append(letter)


def _assisted(house: House, lent: Lent, kept: Kept) -> Assisted:
    lane = UnworkedLane(kept.enter, kept.keep)
    return Assisted(lent, house.server._publisher, lane)


async def test_text_is_sealed_by_what_was_lent_under_the_documents_of_now(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        lent, kept = Lent(), Kept()
        await _assisted(house, lent, kept).write("good", "text", "ru")
        assert kept == [b"good ru text"]
        (post,) = lent.posts
        assert post.org_id == house.organisation.charter.org_id
        assert post.keyring == (await house.ask_public("GET", "/v1/keyring")).body
        assert post.board == (await house.ask_public("GET", "/v1/board")).body


async def test_reading_leaves_an_empty_letter_and_does_without(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        lent, kept = Lent(), Kept()
        assisted = _assisted(house, lent, kept)
        assert (await assisted.read("good")).found == (FOUND,)
        assert kept == [b"cover"]
        kept.refuses = True
        assert (await assisted.read("good")).found == (FOUND,)
        lent.cover = None
        assert (await assisted.read("good")).found == (FOUND,)
        assert kept == [b"cover"]


async def test_nothing_is_derived_from_what_is_no_receipt(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        lent, kept = Lent(), Kept()
        assisted = _assisted(house, lent, kept)
        with pytest.raises(MalformedReceiptError):
            await assisted.write("twelve words", "text", "en")
        with pytest.raises(MalformedReceiptError):
            await assisted.read("twelve words")
        assert lent.posts == []
        assert list(kept) == []


async def test_no_work_is_done_for_who_has_no_place_in_the_lane(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        lent, kept = Lent(), Kept()
        kept.full = True
        assisted = _assisted(house, lent, kept)
        for asked in (assisted.write("good", "text", "en"), assisted.read("good")):
            with pytest.raises(RequestRefusedError):
                await asked
        assert lent.posts == []


async def test_one_at_a_time_and_no_more_wait_than_people_would(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        lent, kept = Lent(), Kept()
        assisted = _assisted(house, lent, kept)
        lent.gate.clear()
        waiting = [asyncio.create_task(assisted.read("good")) for _ in range(WAITING_MAX)]
        await asyncio.sleep(0.05)
        with pytest.raises(RequestRefusedError) as refusal:
            await assisted.write("good", "text", "en")
        assert refusal.value.status == 503
        lent.gate.set()
        await asyncio.gather(*waiting)
        assert lent.most == 1
        assert len(kept) == WAITING_MAX
        await assisted.write("good", "text", "en")
        assisted.close()


def test_nothing_of_a_letter_is_in_what_is_printed() -> None:
    assert "Thank you" not in repr(FOUND)
    assert "secret" not in repr(FoundAll((FOUND,), False, False, b"secret"))
