from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from silent_courier.desk import Desk
from silent_courier.desk.auditing import Act, record
from silent_courier.desk.colleagues import put_change
from silent_courier.desk.trail import read_trail, tell_trail
from silent_courier.protocol.payload import ChangePayload, parse_letter_payload
from silent_courier.storage.vault import outbox
from tests.unit.desk.kit import Clock, changed, make_desk, make_reading
from tests.unit.protocol.makers import Organisation


@pytest.fixture
def second(tmp_path: Path, org: Organisation, clock: Clock) -> Iterator[Desk]:
    """The desk of the second handler, slot 4."""
    made = make_desk(tmp_path / "second", org, 4, clock)
    yield made
    made.vault.close()


@pytest.fixture
def busy(desk: Desk, clock: Clock) -> Desk:
    """A desk that was unlocked three times yesterday and once today."""
    for _ in range(3):
        record(desk, Act.UNLOCKED)
    clock.turn(1)
    record(desk, Act.UNLOCKED)
    return desk


def told(desk: Desk) -> list[ChangePayload]:
    found = [parse_letter_payload(queued.payload) for queued in outbox.letters(desk.vault)]
    return [payload for payload in found if isinstance(payload, ChangePayload)]


def test_colleagues_are_told_once_where_the_last_day_ended(busy: Desk, clock: Clock) -> None:
    tell_trail(busy)
    tell_trail(busy)
    (first,) = told(busy)
    clock.turn(1)
    tell_trail(busy)
    tell_trail(busy)

    assert [change.value.split()[0] for change in told(busy)] == ["3", "4"]
    assert first.source_id == first.org_id


def test_a_desk_that_did_nothing_says_nothing(desk: Desk, clock: Clock) -> None:
    tell_trail(desk)
    record(desk, Act.UNLOCKED)
    tell_trail(desk)

    assert told(desk) == []


def test_a_trail_that_is_whole_is_shown_so(busy: Desk) -> None:
    tell_trail(busy)
    trail = read_trail(busy)

    assert [entry.act for entry in trail.acts] == ["unlocked"] * 4
    assert trail.acts[0].time == "2026-11-23 12:00"
    assert trail.broken == ()
    assert [(each.label, each.acts) for each in trail.told] == [("Handler 0", 3)]


def test_an_altered_row_is_found(busy: Desk) -> None:
    busy.vault.run("UPDATE audit SET at = 0 WHERE seq = 2")
    trail = read_trail(busy)

    assert trail.broken == (2,)
    assert [entry.broken for entry in trail.acts] == [False, True, False, False]


def test_a_trail_made_anew_does_not_fit_what_colleagues_were_told(busy: Desk) -> None:
    tell_trail(busy)
    busy.vault.run("DELETE FROM audit")
    for _ in range(4):
        record(busy, Act.OPENED)

    assert read_trail(busy).broken == (3,)


def test_a_trail_that_was_cut_short_does_not_fit_either(busy: Desk) -> None:
    tell_trail(busy)
    busy.vault.run("DELETE FROM audit WHERE seq > 1")

    assert read_trail(busy).broken == (3,)


def test_a_colleague_knows_where_it_stood_and_nobody_speaks_for_another(
    busy: Desk, second: Desk, org: Organisation
) -> None:
    tell_trail(busy)
    (change,) = told(busy)
    reading = make_reading(second, org)
    for device, says in ((0, change), (4, changed(change, id="ab" * 16, value="9 ff"))):
        put_change(reading, says, device, _encoded(says))

    (known,) = read_trail(second).told
    assert (known.label, known.device, known.acts) == ("Handler 0", 0, 3)


@pytest.mark.parametrize("value", ["", "x", "-1 ab", "9" * 17, "١ ab"])
def test_what_is_no_place_in_a_trail_is_passed_over(
    busy: Desk, second: Desk, org: Organisation, value: str
) -> None:
    tell_trail(busy)
    change = changed(told(busy)[0], value=value)
    put_change(make_reading(second, org), change, 0, _encoded(change))

    assert read_trail(second).told == ()


def _encoded(change: ChangePayload) -> bytes:
    return msgspec.json.encode(change)
