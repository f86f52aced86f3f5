"""How the desk is kept: its settings, texts to answer with, numbers by month, the trail."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from silent_courier.desk.app.office import Office
from silent_courier.desk.app.serving import Question, Route
from silent_courier.desk.deadlines import SETTING_MAX, Settings, change_settings, read_settings
from silent_courier.desk.statistics import SMALLEST, read_statistics
from silent_courier.desk.templates import keep_template, list_templates
from silent_courier.desk.trail import read_trail
from silent_courier.protocol.errors import RequestRefusedError

_MALFORMED = 400
ACTS_SHOWN: Final = 1000
"""Of the trail, the newest; all of it is checked."""


class Promises(Question, frozen=True, forbid_unknown_fields=True):
    """What the desk keeps to, all of it; days."""

    acknowledge_days: int
    acknowledge_alert: int
    feedback_days: int
    feedback_alert: int
    retention_days: int


class Keep(Question, frozen=True, forbid_unknown_fields=True):
    """A text to answer with; an empty one is taken away."""

    name: str
    text: str
    shared: bool


@dataclass(slots=True)
class Records:
    """The acts that are about the desk and not about a thread."""

    office: Office

    async def settings(self, _: Question) -> Settings:
        """What the desk keeps to."""
        return read_settings(self.office.desk)

    async def set(self, question: Promises) -> Settings:
        """Keep to this from now on."""
        desk = self.office.attended()
        before = read_settings(desk)
        values = {name: getattr(question, name) for name in question.__struct_fields__}
        if any(not 0 <= value <= SETTING_MAX for value in values.values()):
            raise RequestRefusedError(_MALFORMED)
        changed = {n: value for n, value in values.items() if value != getattr(before, n)}
        now = change_settings(desk, **changed)
        self.office.changed_everything()
        return now

    async def templates(self, _: Question) -> object:
        """The texts to answer with."""
        return {"templates": list_templates(self.office.desk)}

    async def keep(self, question: Keep) -> object:
        """Keep a text, or take it away."""
        desk = self.office.attended()
        keep_template(desk, question.name, question.text, shared=question.shared)
        self.office.acts += 1
        return {}

    async def statistics(self, _: Question) -> object:
        """Numbers by month, without small ones."""
        return {"months": read_statistics(self.office.desk), "smallest": SMALLEST}

    async def audit(self, _: Question) -> object:
        """What handlers did here, and what does not fit together."""
        trail = read_trail(self.office.desk)
        return replace(trail, acts=trail.acts[-ACTS_SHOWN:])


def routes(office: Office) -> Mapping[str, Route]:
    """Path → what answers there."""
    records = Records(office)
    return {
        "/api/settings": Route(records.settings),
        "/api/set": Route(records.set, Promises),
        "/api/templates": Route(records.templates),
        "/api/keep": Route(records.keep, Keep),
        "/api/statistics": Route(records.statistics),
        "/api/audit": Route(records.audit),
    }
