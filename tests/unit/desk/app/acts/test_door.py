from pathlib import Path

import pytest

from silent_courier.desk import Desk
from silent_courier.desk.app.acts import door
from silent_courier.protocol.errors import VaultDamagedError
from silent_courier.storage.vault import settings
from tests.unit.desk.app.kit import Visitor, open_app, synced
from tests.unit.desk.kit import Clock, SmallServer
from tests.unit.protocol.makers import Organisation


async def test_a_locked_desk_tells_nothing_but_that(visitor: Visitor) -> None:
    await visitor.begin()
    assert await visitor.told("state") == {
        "locked": True,
        "vault": True,
        "lost": False,
        "wait_s": 0.0,
        "language": "",
        "broke": False,
    }
    for path in ("overview", "threads", "quarantine", "awake", "sync", "stop"):
        assert (await visitor.ask(path)).status_code == 423


async def test_an_open_desk_tells_whose_it_is_and_how_syncing_goes(
    visitor: Visitor, org: Organisation
) -> None:
    await visitor.unlock()
    await synced(visitor)
    state = await visitor.told("state")
    assert state["desk"]["organisation"] == org.charter.body.name
    assert state["sync"]["finished"] > 0
    assert state["sync"]["report"]["troubles"] == []


async def test_a_desk_that_has_not_joined_opens_and_says_so(
    desk: Desk, server: SmallServer, tmp_path: Path, clock: Clock
) -> None:
    desk.vault.run("UPDATE self SET org_id = NULL, device = NULL")
    async with open_app(desk, server, tmp_path, clock) as visitor:
        await visitor.unlock()
        assert (await visitor.told("state"))["desk"] is None
        assert (await visitor.ask("threads")).status_code == 409


async def test_the_language_is_remembered_in_the_vault_and_none_that_is_not_there(
    visitor: Visitor,
) -> None:
    await visitor.unlock()
    assert (await visitor.told("state"))["language"] == ""
    assert (await visitor.ask("language", language="xx")).status_code == 400
    await visitor.told("language", language="ru")
    await visitor.told("lock")
    assert (await visitor.told("state"))["language"] == "ru"
    await visitor.unlock()
    assert (await visitor.told("state"))["language"] == "ru"
    kept = visitor.app.keeper.desk.vault.rows("SELECT value FROM setting WHERE name = 'language'")
    assert kept == [("ru",)]


async def test_an_open_desk_stays_what_it_is_when_its_charter_is_damaged(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visitor.unlock()
    before = await visitor.told("state")
    assert before["damaged"] is False

    def damaged(*_: object) -> None:
        raise VaultDamagedError

    monkeypatch.setattr(door, "info", damaged)
    monkeypatch.setattr(settings, "value_of", damaged)
    visitor.app.keeper.desk.vault.damaged = True
    state = await visitor.told("state")
    assert (state["desk"], state["damaged"]) == (before["desk"], True)
