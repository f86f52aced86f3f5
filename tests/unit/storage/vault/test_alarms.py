from silent_courier.storage.vault import Vault, alarms
from silent_courier.storage.vault.alarms import Cause
from tests.unit.storage.vault.kit import TODAY

CAUSE = Cause("withheld", TODAY, "1/4")


def test_an_alarm_is_raised_once(vault: Vault) -> None:
    for _ in range(2):
        alarms.raise_alarm(vault, CAUSE, ["Анна", "ab"], TODAY + 1)

    (alarm,) = alarms.every(vault)
    assert (alarm.kind, alarm.day, alarm.raised) == ("withheld", TODAY, TODAY + 1)
    assert alarm.details == ("Анна", "ab")
    assert alarms.standing(vault) == 1


def test_a_dismissed_alarm_comes_back_only_when_it_has_changed(vault: Vault) -> None:
    alarms.raise_alarm(vault, CAUSE, ["ab"], TODAY)
    assert alarms.dismiss(vault, alarms.every(vault)[0].seq)
    alarms.raise_alarm(vault, CAUSE, ["ab"], TODAY)
    assert alarms.standing(vault) == 0

    alarms.raise_alarm(vault, CAUSE, ["ab", "cd"], TODAY)
    assert alarms.standing(vault) == 1


def test_another_day_or_subject_is_another_alarm(vault: Vault) -> None:
    for cause in (CAUSE, Cause("withheld", TODAY, "2/8"), Cause("withheld", TODAY - 1, "1/4")):
        alarms.raise_alarm(vault, cause, [], TODAY)

    assert alarms.standing(vault) == 3


def test_there_is_no_dismissing_what_is_not_there(vault: Vault) -> None:
    assert not alarms.dismiss(vault, 7)


def test_what_is_over_is_taken_away_and_may_come_again(vault: Vault) -> None:
    other = Cause("clock", TODAY, "")
    for cause in (CAUSE, other):
        alarms.raise_alarm(vault, cause, [], TODAY)
    alarms.end(vault, "clock")
    assert [alarm.kind for alarm in alarms.every(vault)] == ["withheld"]

    alarms.raise_alarm(vault, other, [], TODAY)
    assert alarms.standing(vault) == 2
