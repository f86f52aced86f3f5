import pytest

from silent_courier.desk import Desk
from silent_courier.desk.deadlines import (
    Settings,
    change_settings,
    next_due,
    read_settings,
)
from silent_courier.desk.views import Due
from silent_courier.storage.vault import audit
from silent_courier.storage.vault.threads import Waiting

RULES = Settings()
DAY = 20_780


@pytest.mark.parametrize(
    ("after", "state"),
    [(0, "later"), (4, "later"), (5, "due"), (7, "due"), (8, "overdue"), (400, "overdue")],
)
def test_an_acknowledgement_is_due_on_day_five_and_overdue_after_seven(
    after: int, state: str
) -> None:
    due = next_due(RULES, Waiting(DAY, DAY), DAY + after)

    assert due is not None
    assert (due.kind, due.date, due.state) == ("acknowledge", "2026-11-30", state)


@pytest.mark.parametrize(
    ("after", "state"), [(0, "later"), (74, "later"), (75, "due"), (90, "due"), (91, "overdue")]
)
def test_feedback_is_due_on_day_75_and_overdue_after_90(after: int, state: str) -> None:
    due = next_due(RULES, Waiting(DAY, None), DAY + after)

    assert due is not None
    assert (due.kind, due.state) == ("feedback", state)


def test_what_is_overdue_comes_before_what_ends_sooner() -> None:
    rules = Settings(acknowledge_days=30, acknowledge_alert=1, feedback_days=5, feedback_alert=1)

    assert next_due(rules, Waiting(DAY, DAY + 1), DAY + 6) == Due(
        "feedback", "2026-11-28", "overdue"
    )


def test_nothing_is_owed_where_nothing_waits() -> None:
    assert next_due(RULES, None, DAY) is None


def test_settings_are_kept_and_written_down(desk: Desk) -> None:
    assert read_settings(desk) == Settings(7, 5, 90, 75, 0)
    change_settings(desk, retention_days=365, acknowledge_days=3)

    assert read_settings(desk) == Settings(acknowledge_days=3, retention_days=365)
    assert [(row.act, row.detail) for row in audit.every(desk.vault)] == [
        ("set", "retention_days"),
        ("set", "acknowledge_days"),
    ]


@pytest.mark.parametrize("values", [{"retention_days": -1}, {"retention_days": 3651}, {"moon": 1}])
def test_what_is_no_setting_changes_nothing(desk: Desk, values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="setting"):
        change_settings(desk, acknowledge_days=3, **values)
    assert read_settings(desk) == Settings()
