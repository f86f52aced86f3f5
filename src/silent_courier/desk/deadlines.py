"""What the organisation has promised, and by when: acknowledge, give feedback. Spec §14.17.

The days are this desk's settings. A promise counts from the first letter that was not acknowledged
or answered; closing the thread ends it.
"""

from dataclasses import asdict, dataclass, fields
from typing import Final

from silent_courier.desk.auditing import Act, record
from silent_courier.desk.dates import iso_date
from silent_courier.desk.desk import Desk
from silent_courier.desk.views import Due, DueState
from silent_courier.storage.vault import settings
from silent_courier.storage.vault.threads import Waiting

SETTING_MAX: Final = 3650


@dataclass(frozen=True, slots=True)
class Settings:
    """Days. Alerts count from the letter, as what they warn of does. retention_days 0: keep all."""

    acknowledge_days: int = 7
    acknowledge_alert: int = 5
    feedback_days: int = 90
    feedback_alert: int = 75
    retention_days: int = 0


NAMES: Final = tuple(field.name for field in fields(Settings))


def read_settings(desk: Desk) -> Settings:
    """What is set on this desk."""
    usual = asdict(Settings())
    return Settings(
        **{name: int(settings.value_of(desk.vault, name, str(usual[name]))) for name in NAMES}
    )


def change_settings(desk: Desk, **values: int) -> Settings:
    """Set some of them; ValueError for what is no setting, or out of bounds."""
    if any(name not in NAMES or not 0 <= value <= SETTING_MAX for name, value in values.items()):
        raise ValueError("not a setting, or out of bounds")
    with desk.vault.transaction():
        for name, value in values.items():
            settings.keep(desk.vault, name, str(value))
            record(desk, Act.SET, detail=name)
    return read_settings(desk)


def next_due(rules: Settings, waiting: Waiting | None, today: int) -> Due | None:
    """The most urgent promise of an open thread; None when nothing is owed."""
    if waiting is None:
        return None
    owed = [_due("feedback", waiting.unanswered, rules.feedback_alert, rules.feedback_days, today)]
    if (day := waiting.unacknowledged) is not None:
        owed.append(
            _due("acknowledge", day, rules.acknowledge_alert, rules.acknowledge_days, today)
        )
    return min(owed, key=lambda due: (_URGENCY.index(due.state), due.date))


def _due(kind: str, day: int, alert: int, limit: int, today: int) -> Due:
    state: DueState = "later"
    if today > day + limit:
        state = "overdue"
    elif today >= day + alert:
        state = "due"
    return Due("feedback" if kind == "feedback" else "acknowledge", iso_date(day + limit), state)


_URGENCY: Final[tuple[DueState, ...]] = ("overdue", "due", "later")
