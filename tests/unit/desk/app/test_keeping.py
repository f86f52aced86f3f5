import asyncio

import pytest

from silent_courier.desk.app import keeping
from silent_courier.protocol.errors import (
    RequestRefusedError,
    VaultDamagedError,
    WrongPassphraseError,
)
from silent_courier.storage.vault import open_vault
from tests.unit.desk.app.kit import Visitor
from tests.unit.desk.kit import PASSPHRASE


async def test_the_passphrase_opens_and_locking_closes_the_vault(visitor: Visitor) -> None:
    keeper = visitor.app.keeper
    with pytest.raises(RequestRefusedError):
        _ = keeper.desk
    await keeper.unlock(PASSPHRASE)
    vault = keeper.desk.vault
    assert vault.rows("SELECT 1") == [(1,)]
    await keeper.lock()
    assert not keeper.is_open
    with pytest.raises(AttributeError):
        vault.rows("SELECT 1")
    await keeper.unlock(PASSPHRASE)


async def test_wrong_passphrases_cost_more_and_more_patience(visitor: Visitor) -> None:
    await visitor.begin()
    waits = []
    for _ in range(10):
        answer = await visitor.ask("unlock", passphrase="not the passphrase")
        assert answer.status_code == 403
        waits.append((await visitor.told("state"))["wait_s"])
        visitor.hand.now += waits[-1]
    assert waits == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    await visitor.told("unlock", passphrase=PASSPHRASE)


async def test_no_passphrase_is_looked_at_too_soon(visitor: Visitor) -> None:
    await visitor.begin()
    for _ in range(2):
        await visitor.ask("unlock", passphrase="wrong")
    assert (await visitor.ask("unlock", passphrase=PASSPHRASE)).status_code == 429
    assert not visitor.app.keeper.is_open
    visitor.hand.now += 1
    await visitor.told("unlock", passphrase=PASSPHRASE)
    assert visitor.app.keeper.is_open


async def test_idle_is_counted_from_the_last_act(visitor: Visitor) -> None:
    keeper = visitor.app.keeper
    assert not keeper.is_idle
    await keeper.unlock(PASSPHRASE)
    visitor.hand.now += 599
    keeper.touch()
    visitor.hand.now += 599
    assert not keeper.is_idle


async def test_a_command_that_uses_the_vault_is_waited_for(visitor: Visitor) -> None:
    keeper = visitor.app.keeper
    vault = open_vault(visitor.app._settings.directory, PASSPHRASE)
    asyncio.get_running_loop().call_later(0.3, vault.close)
    await keeper.unlock(PASSPHRASE)
    assert keeper.is_open


async def test_a_vault_that_stays_in_use_is_told(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "PATIENCE", 1)
    await visitor.begin()
    with open_vault(visitor.app._settings.directory, PASSPHRASE):
        answer = await visitor.ask("unlock", passphrase=PASSPHRASE)
    assert answer.status_code == 409
    assert answer.json()["error"] == "Another program is using this vault."
    assert answer.json()["remedy"].startswith("Go on where it is open")


async def test_two_unlocks_at_once_open_one_vault(visitor: Visitor) -> None:
    keeper = visitor.app.keeper
    await asyncio.gather(keeper.unlock(PASSPHRASE), keeper.unlock(PASSPHRASE))
    await keeper.lock()
    with open_vault(visitor.app._settings.directory, PASSPHRASE):
        pass


async def test_a_passphrase_is_checked_with_the_patience_of_the_door(visitor: Visitor) -> None:
    await visitor.unlock()
    keeper = visitor.app.keeper
    for _ in range(2):
        with pytest.raises(WrongPassphraseError):
            await keeper.check("wrong")
    assert keeper.wait_s == 1
    with pytest.raises(RequestRefusedError):
        await keeper.check(PASSPHRASE)
    visitor.hand.now += 1
    await keeper.check(PASSPHRASE)
    assert keeper.is_open


async def test_a_vault_that_cannot_be_taken_up_is_let_go_of(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await visitor.begin()

    def damaged(_: object) -> None:
        raise VaultDamagedError

    with monkeypatch.context() as patch:
        patch.setattr(keeping, "info", damaged)
        answer = await visitor.ask("unlock", passphrase=PASSPHRASE)
        assert answer.status_code == 409
        assert answer.json()["error"] == VaultDamagedError.sentence
    assert (await visitor.told("state"))["locked"]
    await visitor.told("unlock", passphrase=PASSPHRASE)
