import pytest

from silent_courier.protocol.errors import RequestRefusedError
from tests.unit.desk.app.kit import Visitor
from tests.unit.desk.kit import PASSPHRASE


async def test_the_passphrase_opens_and_locking_closes_the_vault(visitor: Visitor) -> None:
    keeper = visitor.app.keeper
    with pytest.raises(RequestRefusedError):
        _ = keeper.desk
    keeper.unlock(PASSPHRASE)
    vault = keeper.desk.vault
    assert vault.rows("SELECT 1") == [(1,)]
    await keeper.lock()
    assert not keeper.is_open
    with pytest.raises(AttributeError):
        vault.rows("SELECT 1")
    keeper.unlock(PASSPHRASE)


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
    keeper.unlock(PASSPHRASE)
    visitor.hand.now += 599
    keeper.touch()
    visitor.hand.now += 599
    assert not keeper.is_idle
