from pathlib import Path

from silent_courier.desk import Desk
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
