"""What a manifest names is what is served, and depends on nothing that changes by day."""

import os
from pathlib import Path

import pytest

from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.manifest import STANDS_FOR_ALL, fixed_part, name_files
from silent_courier.server.portal.assets import load_assets
from silent_courier.server.portal.catalogue import offered_languages
from silent_courier.server.portal.files import portal_bodies, portal_release, render_portal
from silent_courier.server.portal.pages import PAGES, render_pages
from tests.unit.server.kit import House, Response, open_house
from tests.unit.server.portal.portal_kit import DAY, facts

ASSETS = load_assets()
NAMED = name_files(portal_bodies(render_pages(facts(), ASSETS), ASSETS))


def test_every_page_in_every_language_and_every_file_is_named() -> None:
    named = {(file.path, file.status) for file in NAMED}

    for language in offered_languages():
        assert {(f"/{language.code}/{page}", 200) for page in (*PAGES, "left")} <= named
        assert (f"/{language.code}/", STANDS_FOR_ALL) in named
    assert {(path, 200) for path in ASSETS.served()} <= named
    assert {("/", 200), ("/", STANDS_FOR_ALL)} <= named


@pytest.mark.parametrize(
    "changes",
    [
        {"day": DAY + 9},
        {"readers": ()},
        {"readers": ("Дарья",), "missing": ("Anna", "<b>Boris</b>")},
        {"emptied": None, "refusal": "not-emptied"},
        {"emptied": DAY - 1},
        {"refusal": "too-few"},
        {"closed_until": DAY + 20},
        {"closed_until": 2**32 - 1},
        {"signer": 'A "quoted" > name', "signed": DAY - 2},
    ],
)
def test_nothing_that_changes_by_day_changes_what_is_named(changes: dict[str, object]) -> None:
    pages = render_pages(facts(**changes), ASSETS)

    assert name_files(portal_bodies(pages, ASSETS)) == NAMED
    assert pages != render_pages(facts(), ASSETS)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Another"},
        {"portal": "b" * 56 + ".onion"},
        {"org_id": "00" * 32},
        {"serial": 4},
        {"issued": DAY - 31},
        {"expires": DAY + 366},
    ],
)
def test_what_the_charter_says_is_named(changes: dict[str, object]) -> None:
    pages = render_pages(facts(**changes), ASSETS)

    assert name_files(portal_bodies(pages, ASSETS)) != NAMED


async def test_a_server_serves_what_is_named_to_the_byte(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        keyring = (await house.ask_public("GET", "/v1/keyring")).body
        charter = house.organisation.charter
        verified = verify_keyring_statements(keyring, charter.org_id, house.clock.day)
        bodies = render_portal(verified, None)

        for (path, status), (kind, body) in bodies.items():
            asked = path if status == 200 else path + os.urandom(4).hex()
            answer = await _ask(house, asked)
            assert (answer.status, answer.body) == (status, body), asked
            assert dict(answer.headers)[b"content-type"] == kind.encode()
            assert len(fixed_part(body, kind)) <= len(body)


async def _ask(house: House, path: str) -> Response:
    return await house.ask_public("GET", path, host=house.server.portal_listen or "")


def test_release_is_one_of_its_own_and_stays_the_same() -> None:
    assert len(portal_release()) == 32
    assert portal_release() == portal_release()
