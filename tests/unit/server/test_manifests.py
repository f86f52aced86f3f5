"""Which manifest is published: signed under this charter, and about what is served."""

from pathlib import Path

import pytest

from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.manifest import (
    Manifest,
    PortalFile,
    encode_manifest,
    name_files,
    sign_manifest,
    verify_manifest,
)
from silent_courier.server.portal.files import render_portal
from silent_courier.server.setup import load_charter
from tests.unit.server.kit import House, Organisation, make_server, open_house
from tests.unit.server.portal.portal_kit import Page

OTHERS = (PortalFile("/", 200, "text/plain", 3, bytes(32)),)


async def _own(house: House) -> tuple[PortalFile, ...]:
    keyring = (await house.ask_public("GET", "/v1/keyring")).body
    org_id = house.organisation.charter.org_id
    return name_files(
        render_portal(verify_keyring_statements(keyring, org_id, house.clock.day), None)
    )


def _sign(house: House, files: tuple[PortalFile, ...], *, desk: int = 0, days: int = 0) -> Manifest:
    organisation = house.organisation
    key = organisation.desks[desk].key
    return sign_manifest(files, house.clock.day + days, organisation.charter, key)


async def _post(house: House, manifest: Manifest | bytes, *, desk: int = 0) -> int:
    body = manifest if isinstance(manifest, bytes) else encode_manifest(manifest)
    token = house.organisation.desks[desk].token
    return (await house.ask_desk("POST", "/v1/manifest", body, token=token)).status


async def _published(house: House) -> bytes | None:
    answers = [await ask("GET", "/v1/manifest") for ask in (house.ask_public, house.ask_desk)]
    assert (answers[0].status, answers[0].body) == (answers[1].status, answers[1].body)
    return answers[0].body if answers[0].status == 200 else None


async def test_until_one_is_signed_there_is_none(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        assert await _published(house) is None
        assert (await house.ask_public("GET", "/v1/manifest")).status == 404


async def test_signed_manifest_is_published_on_both_onions_and_survives_a_restart(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path / "s") as house:
        manifest = _sign(house, await _own(house))

        assert await _post(house, manifest) == 204
        assert await _post(house, manifest) == 204
        data = await _published(house)
        assert data == encode_manifest(manifest)
        assert verify_manifest(data, house.organisation.charter, house.clock.day) == manifest
        await house.server.stop()
        again = make_server(house.directory, house.clock)
        async with again:
            restarted = House(again, house.organisation, house.clock, house.directory)
            assert await _published(restarted) == data


async def test_about_page_names_who_signed(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        own = await _own(house)
        await house.server.tick()
        assert "Nobody has signed it yet." in await _about(house)
        await _post(house, _sign(house, own, desk=1), desk=1)
        await house.server.tick()

        assert "handler 1 signed it on 27 May 2026." in await _about(house)
        assert await _own(house) == own


async def _about(house: House) -> str:
    host = house.server.portal_listen or ""
    return Page((await house.ask_public("GET", "/en/about", host=host)).body).text


async def test_one_about_what_is_served_is_published_before_a_newer_one_that_is_not(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path / "s") as house:
        own = await _own(house)
        await _post(house, _sign(house, OTHERS, desk=1), desk=1)
        assert await _published(house) == encode_manifest(_sign(house, OTHERS, desk=1))
        await _post(house, _sign(house, own, days=-1))

        assert await _published(house) == encode_manifest(_sign(house, own, days=-1))
        await _post(house, _sign(house, own, desk=1), desk=1)
        assert await _published(house) == encode_manifest(_sign(house, own, desk=1))


@pytest.mark.parametrize(("days", "status"), [(-2, 400), (-1, 204), (1, 204), (2, 400)])
async def test_manifest_of_another_time_is_refused(tmp_path: Path, days: int, status: int) -> None:
    async with open_house(tmp_path / "s") as house:
        assert await _post(house, _sign(house, OTHERS, days=days)) == status


async def test_what_a_desk_may_not_hand_in_is_refused(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        good = encode_manifest(_sign(house, OTHERS))

        assert await _post(house, good, desk=1) == 403
        assert await _post(house, good[:-1]) == 400
        assert await _post(house, good[:-1] + bytes([good[-1] ^ 1])) == 400
        assert await _post(house, bytes(300_000)) == 413
        assert await _published(house) is None
        assert await _post(house, good) == 204
        assert await _post(house, _sign(house, OTHERS, days=-1)) == 409


async def test_new_charter_ends_it(tmp_path: Path) -> None:
    async with open_house(tmp_path / "s") as house:
        await _post(house, _sign(house, OTHERS))
        after = _load_next(house)
        await house.server.tick()

        assert (await house.ask_public("GET", "/v1/manifest")).status == 404
        old = _sign(house, OTHERS)
        assert await _post(house, old) == 400
        later = House(house.server, after, house.clock, house.directory)
        assert await _post(later, _sign(later, OTHERS)) == 204


def _load_next(house: House) -> Organisation:
    after = house.organisation.next()
    load_charter(house.directory, after.chain, after.access)
    return after
