import pytest

from silent_courier.desk import Desk, dismiss, list_alarms
from silent_courier.desk.alarms import AlarmKind, raise_alarm
from tests.unit.protocol.makers import TODAY


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_alarm_has_a_sentence_of_its_own(kind: AlarmKind) -> None:
    assert kind.sentence.endswith(".")
    assert [other for other in AlarmKind if other.sentence == kind.sentence] == [kind]


def test_an_alarm_is_shown_with_its_day_and_what_it_is_about(desk: Desk) -> None:
    raise_alarm(desk, AlarmKind.WITHHELD, TODAY - 1, "1/4", "Анна", "abcd")

    (row,) = list_alarms(desk)
    assert (row.kind, row.date, row.raised) == ("withheld", "2026-11-22", "2026-11-23")
    assert (row.details, row.sentence) == (("Анна", "abcd"), AlarmKind.WITHHELD.sentence)


def test_what_was_dismissed_is_shown_only_on_demand(desk: Desk) -> None:
    raise_alarm(desk, AlarmKind.OLD_BOARD, TODAY)
    (row,) = list_alarms(desk)
    assert dismiss(desk, row.id)

    assert list_alarms(desk) == ()
    assert [each.dismissed for each in list_alarms(desk, dismissed=True)] == [True]
    assert not dismiss(desk, row.id + 1)
