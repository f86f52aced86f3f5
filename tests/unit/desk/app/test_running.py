import asyncio
from pathlib import Path

import httpx
import pytest

from silent_courier.desk import Desk
from silent_courier.desk.app import running
from silent_courier.protocol.errors import VaultDamagedError
from silent_courier.storage.vault import open_vault
from tests.unit.desk.app.kit import Visitor, open_app, until
from tests.unit.desk.kit import PASSPHRASE, Clock, SmallServer


async def test_an_address_is_good_once_and_its_token_is_in_no_request_line(
    visitor: Visitor,
) -> None:
    address = visitor.app.new_address()
    base, _, token = address.partition("/#")
    assert len(token) == 64
    assert base == str(visitor.http.base_url).rstrip("/")
    await visitor.told("start", token=token)
    assert (await visitor.ask("start", token=token)).status_code == 401


async def test_it_locks_when_nobody_is_there_and_watching_is_not_being_there(
    visitor: Visitor,
) -> None:
    await visitor.unlock()
    visitor.hand.now += 599
    assert not (await visitor.told("state"))["locked"]
    visitor.hand.now += 2
    await until(lambda: not visitor.app.keeper.is_open)
    assert (await visitor.told("state"))["locked"]
    assert (await visitor.ask("threads")).status_code == 423
    with open_vault(visitor.app._settings.directory, PASSPHRASE):
        pass


async def test_somebody_who_moves_the_mouse_is_there(visitor: Visitor) -> None:
    await visitor.unlock()
    for _ in range(3):
        visitor.hand.now += 500
        await visitor.told("awake")
        await asyncio.sleep(0.05)
    assert visitor.app.keeper.is_open


async def test_what_the_page_asks_after_each_sync_is_not_being_there(visitor: Visitor) -> None:
    await visitor.unlock()
    for _ in range(2):
        visitor.hand.now += 250
        await visitor.told("threads")
    visitor.hand.now += 101
    await until(lambda: not visitor.app.keeper.is_open)


async def test_at_the_end_the_vault_is_closed_and_the_port_too(
    desk: Desk, server: SmallServer, tmp_path: Path, clock: Clock
) -> None:
    async with open_app(desk, server, tmp_path, clock) as visitor:
        await visitor.unlock()
        base = str(visitor.http.base_url)
    with open_vault(desk.vault.directory, PASSPHRASE):
        pass
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(base)


async def test_half_an_export_that_a_kill_left_behind_goes_when_the_vault_is_opened(
    visitor: Visitor,
) -> None:
    folder = visitor.app._settings.directory / "exported"
    folder.mkdir()
    for name in ("a.zip.part", "a.zip", "b.part"):
        (folder / name).write_bytes(b"x")
    await visitor.unlock()

    assert sorted(path.name for path in folder.iterdir()) == ["a.zip", "b.part"]


async def test_a_vault_that_cannot_be_read_keeps_no_lock(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visitor.begin()

    def damaged(*_: object) -> Desk:
        raise VaultDamagedError

    with monkeypatch.context() as patch:
        patch.setattr(running, "take_up", damaged)
        assert (await visitor.ask("unlock", passphrase=PASSPHRASE)).status_code == 409
    with open_vault(visitor.app._settings.directory, PASSPHRASE):
        pass
