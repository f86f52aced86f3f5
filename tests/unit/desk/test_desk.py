from pathlib import Path

import pytest

from silent_courier.desk import Desk, sync, take_up
from silent_courier.desk.desk import UNSURE_DAYS
from silent_courier.protocol.errors import (
    ClockError,
    VaultDamagedError,
    VaultError,
    VaultFullError,
)
from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS
from silent_courier.storage.vault import day_keys
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import Clock, make_desk
from tests.unit.protocol.makers import TODAY, Organisation


def test_a_desk_s_day_is_its_clock_s(desk: Desk, clock: Clock) -> None:
    assert desk.today == TODAY
    clock.turn(2)
    assert desk.today == TODAY + 2


def test_two_desks_share_nothing(tmp_path: Path, org: Organisation, desk: Desk) -> None:
    other = make_desk(tmp_path / "other", org, 4)

    assert other.vault.directory != desk.vault.directory
    other.vault.close()


def test_a_desk_that_is_opened_destroys_old_day_keys_even_if_it_never_syncs(
    desk: Desk, clock: Clock
) -> None:
    assert TODAY in [key.day for key in day_keys.living(desk.vault)]
    clock.turn(DAY_KEY_LIFE_DAYS + UNSURE_DAYS - 1)
    take_up(desk.vault, clock, desk.random)
    assert TODAY in [key.day for key in day_keys.living(desk.vault)]
    clock.turn(1)
    take_up(desk.vault, clock, desk.random)

    assert min(key.day for key in day_keys.living(desk.vault)) == TODAY + 1


async def test_a_clock_that_is_set_two_weeks_ahead_costs_no_day_key(
    desk: Desk, transport: Transport
) -> None:
    await sync(desk, transport)
    before = [key.day for key in day_keys.living(desk.vault)]
    wrong = Clock()
    wrong.turn(14)
    with pytest.raises(ClockError):
        await sync(take_up(desk.vault, wrong, desk.random), transport)

    # One day the clock may be ahead; what a letter of the last eight days needs is all there.
    assert [key.day for key in day_keys.living(desk.vault)] == before[1:]


@pytest.mark.parametrize("error", [VaultFullError, VaultDamagedError])
def test_a_desk_can_be_read_though_its_disk_is_full_or_its_vault_damaged(
    desk: Desk, clock: Clock, monkeypatch: pytest.MonkeyPatch, error: type[VaultError]
) -> None:
    def fail(*_: object) -> int:
        raise error

    monkeypatch.setattr(day_keys, "destroy_old", fail)

    assert take_up(desk.vault, clock, desk.random).vault is desk.vault
