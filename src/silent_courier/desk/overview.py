"""How the threads stand in the team, for the list and for one thread. Spec §14.16, §14.17."""

from collections.abc import Mapping
from dataclasses import dataclass

from silent_courier.desk.dates import iso_date
from silent_courier.desk.deadlines import Settings, next_due, read_settings
from silent_courier.desk.desk import Desk
from silent_courier.desk.merging import Standing, standing_of
from silent_courier.desk.views import ThreadTeam
from silent_courier.protocol.charter import Charter, handler_of
from silent_courier.storage.vault import changes, identity, threads
from silent_courier.storage.vault.threads import Waiting


@dataclass(frozen=True, slots=True)
class Overview:
    """What every row is made from, read once."""

    labels: Mapping[int, str]
    own: int
    today: int
    rules: Settings
    standings: Mapping[bytes, Standing]
    waiting: Mapping[bytes, Waiting]
    last_letter: Mapping[bytes, int]
    same: Mapping[bytes, tuple[bytes, ...]]

    def team(self, source: bytes) -> ThreadTeam:
        """How this thread stands."""
        standing = self.standings.get(source) or Standing()
        closed = closed_on(standing, self.last_letter.get(source))
        due = next_due(self.rules, self.waiting.get(source), self.today)
        return ThreadTeam(
            assigned=None if standing.assigned is None else self.labels.get(standing.assigned),
            mine=standing.assigned == self.own,
            labels=standing.labels,
            closed="" if closed is None else iso_date(closed),
            muted=standing.muted,
            held=standing.held,
            due=due if closed is None else None,
            come_back=_date(standing.come_back),
            follow_up=standing.follow_up,
            follow_up_date=_date(standing.follow_up_day),
            follow_up_due=standing.follow_up_day is not None
            and standing.follow_up_day <= self.today,
            same=tuple(other.hex() for other in self.same.get(source, ())),
        )


def make_overview(desk: Desk, charter: Charter, source: bytes | None = None) -> Overview:
    """Read what the rows are made from; of all threads, or of one."""
    if source is None:
        states = changes.standings(desk.vault)
    else:
        state = changes.standing(desk.vault, source)
        states = {} if state is None else {source: state}
    return Overview(
        labels={h.handler: h.label for h in charter.body.handlers},
        own=handler_of(identity.membership(desk.vault).key.device),
        today=desk.today,
        rules=read_settings(desk),
        standings={name: standing_of(state) for name, state in states.items()},
        waiting=threads.waiting(desk.vault, source),
        last_letter=threads.last_letters(desk.vault, source),
        same=changes.same_matter(desk.vault),
    )


def closed_on(standing: Standing, last_letter: int | None) -> int | None:
    """The day on which a thread was closed, if it still is: a letter of a later day opens it."""
    if standing.closed is None or (last_letter is not None and last_letter > standing.closed):
        return None
    return standing.closed


def _date(day: int | None) -> str:
    return "" if day is None else iso_date(day)
