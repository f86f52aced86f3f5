"""Desks and a real server behind a host that tampers: what sources are shown is noticed."""

import os
from dataclasses import replace
from pathlib import Path

from silent_courier.cli.portal import portal_maker
from silent_courier.desk import Desk, list_alarms, sign_portal, sync
from silent_courier.storage.vault import portal
from silent_courier.tor.transport import Transport
from tests.e2e.house import House, open_house
from tests.headers import any_answers
from tests.tampering import Change, Passing, adding, replacing, tampering


async def test_changed_script_and_changed_page_alarm_a_desk_and_the_right_ones_do_not(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path / "h") as house:
        anna, boris = (
            replace(house.desk(name), portal=portal_maker()) for name in ("Анна", "Борис")
        )
        async with _to_desk_side(house) as transport:
            await sign_portal(anna, transport)
        await house.server.tick()
        async with _to_desk_side(house) as transport:
            await sync(boris, transport)  # From now on he knows what to look at.

        for change, word in (
            (_unchanged, None),
            (replacing("/static/portal-", b"(", b"( "), "is changed"),
            (replacing("/", b"</h1>", b"</h1><p>Write to me instead</p>"), "is changed"),
            (adding("/", "Refresh", "0; url=/en/other"), "served with other headers"),
        ):
            await _look(house, boris, change)
            details = [detail for row in list_alarms(boris) for detail in row.details]
            assert any(word in detail for detail in details) if word else not details
            for row in list_alarms(boris):
                assert row.kind == "portal-changed"
                assert "sign" in row.sentence
            await house.pass_time(days=1)


def _unchanged(passing: Passing) -> Passing:
    return passing


def _to_desk_side(house: House) -> Transport:
    return Transport(house.server.desk_url, socks=None, random_bytes=os.urandom)


async def _look(house: House, desk: Desk, change: Change) -> None:
    """A sync at the moment that was drawn for a look."""
    portal.set_look_at(desk.vault, int(desk.clock()))
    assert house.server.portal_listen is not None
    with any_answers(), tampering(house.server.portal_listen, change) as address:
        async with (
            _to_desk_side(house) as transport,
            Transport(f"http://{address}", socks=None, random_bytes=os.urandom) as public,
        ):
            report = await sync(desk, transport, public=public)
    assert report.troubles == ()
