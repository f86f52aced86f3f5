"""Pages are found by their path, follow the keyring, and explain what went wrong."""

import os
from pathlib import Path

import pytest

from silent_courier.protocol.calendar import DAYS_PER_WEEK
from silent_courier.server.portal.site import HTML
from silent_courier.server.setup import init_server
from tests.unit.server.kit import Clock, House, Response, make_organisation, make_server, open_house
from tests.unit.server.portal.portal_kit import Page


async def _ask(
    house: House, path: str, *, host: str | None = None, method: str = "GET"
) -> Response:
    async with house.public() as client:
        own = house.server.portal_listen or ""
        return await client.request(method, path, host=own if host is None else host)


def _kind(response: Response) -> bytes:
    return dict(response.headers)[b"content-type"]


async def test_pages_and_their_files_are_served(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        page = await _ask(house, "/en/letterbox")
        files = [
            link
            for name in ("src", "href", "data-worker", "data-list")
            for link in Page(page.body).attributes(name)
            if link.startswith("/static/")
        ]

        assert page.status == 200
        assert _kind(page) == HTML
        assert len(files) >= 5
        for file in files:
            assert (await _ask(house, file)).status == 200


async def test_pages_follow_the_day(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        before = await _ask(house, "/en/letterbox")
        house.clock.turn(days=DAYS_PER_WEEK)
        await house.server.tick()
        after = await _ask(house, "/en/letterbox")

        assert before.body != after.body


async def test_between_changes_all_get_the_same_bytes(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        assert (await _ask(house, "/")).body == (await _ask(house, "/")).body


@pytest.mark.parametrize(
    "path", ["/nothing", "/en/nothing", "/en", "/en/letterbox?a=1", "/../etc", "nothing", "*"]
)
async def test_unknown_page_is_explained_in_a_page(tmp_path: Path, path: str) -> None:
    async with open_house(tmp_path / "s") as house:
        answer = await _ask(house, path)

        assert answer.status == 404
        assert _kind(answer) == HTML
        assert "There is no such page" in Page(answer.body).text


async def test_wrong_method_on_a_page_is_explained_in_a_page(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        answer = await _ask(house, "/en/help", method="POST")

        assert answer.status == 405
        assert "This did not work" in Page(answer.body).text


@pytest.mark.parametrize("path", ["/v1/nothing", "/static/nothing.js"])
async def test_api_and_files_keep_their_empty_refusals(tmp_path: Path, path: str) -> None:
    async with open_house(tmp_path / "s") as house:
        answer = await _ask(house, path)

        assert answer.status == 404
        assert answer.body == b""


async def test_page_under_a_strangers_name_explains_the_danger(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        for path in ("/", "/en/letterbox", "/nothing"):
            answer = await _ask(house, path, host="abc.onion.example")
            assert answer.status == 421
            assert "You did not come to us directly" in Page(answer.body).text
            assert b"template" not in answer.body


async def test_before_the_first_charter_a_page_says_so(tmp_path: Path) -> None:
    clock, directory = Clock(), tmp_path / "s"
    init_server(directory, random=os.urandom, portal="127.0.0.1:1", desk="127.0.0.1:2")
    async with make_server(directory, clock) as server:
        house = House(server, make_organisation(), clock, directory)
        for path in ("/", "/en/letterbox"):
            answer = await _ask(house, path)
            assert answer.status == 503
            assert "This letterbox is not open yet" in Page(answer.body).text
        assert (await _ask(house, "/en/left")).status == 200


async def test_charter_that_ran_out_closes_the_pages_and_stops_nothing_else(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        house.clock.turn(days=1000)
        await house.server.tick()

        page = await _ask(house, "/en/letterbox")
        assert page.status == 503
        assert "This letterbox is not being emptied now" in Page(page.body).text
        assert (await _ask(house, "/v1/board")).status == 200
        await house.server.tick()
