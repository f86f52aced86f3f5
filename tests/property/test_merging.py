"""Whatever handlers do at once, and however it reaches the others: every desk shows the same."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from silent_courier.desk import Desk
from silent_courier.desk.colleagues import put_change
from silent_courier.desk.merging import Change, Standing, merge, rebuild, standing_of
from silent_courier.desk.team import (
    add_label,
    assign,
    come_back_by,
    follow_up,
    mark_same,
    remove_label,
    switch,
)
from silent_courier.protocol.payload import ChangePayload, parse_letter_payload
from silent_courier.storage.vault import changes, threads
from silent_courier.storage.vault.threads import Entry
from tests.unit.desk.kit import Clock, make_desk, make_reading
from tests.unit.protocol.makers import TODAY, Organisation, make_organisation

DESKS = 3
LABELS = ("urgent", "склад", "tax")

acts = st.one_of(
    st.tuples(st.just("assign"), st.sampled_from(["Handler 0", "Handler 1", None])),
    st.tuples(st.sampled_from(["closed", "muted", "held"]), st.booleans()),
    st.tuples(st.sampled_from(["add", "remove"]), st.sampled_from(LABELS)),
    st.tuples(st.just("same"), st.booleans()),
    st.tuples(st.just("come back"), st.sampled_from([None, TODAY + 7])),
    st.tuples(st.just("follow up"), st.sampled_from(["", "ask"])),
)
# What happens: a desk acts, a desk takes in what another has posted (again), a clock is off.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("act"), st.integers(0, DESKS - 1), acts),
        st.tuples(st.just("pass"), st.integers(0, DESKS - 1), st.integers(0, 40)),
        st.tuples(st.just("clock"), st.integers(0, DESKS - 1), st.integers(-80_000, 80_000)),
    ),
    max_size=24,
)


@dataclass(slots=True)
class Team:
    """Desks of one organisation, and all that they have told each other of one pair of threads."""

    org: Organisation
    desks: list[Desk]
    clocks: list[Clock]
    posted: list[tuple[int, bytes]] = field(default_factory=list)

    def act(self, number: int, thread: bytes, other: bytes, act: tuple[str, object]) -> None:
        desk, (what, value), before = self.desks[number], act, self._ids(number, thread, other)
        _do(desk, thread.hex(), other.hex(), what, value)
        for source in (thread, other):
            for change in changes.of_thread(desk.vault, source):
                if change.id not in before:
                    self.posted.append((change.device, change.payload))

    def deliver(self, number: int, letter: int) -> None:
        device, content = self.posted[letter % len(self.posted)]
        payload = parse_letter_payload(content)
        assert isinstance(payload, ChangePayload)
        reading = make_reading(self.desks[number], self.org)
        put_change(reading, payload, device, content)
        if letter % 2:
            rebuild(self.desks[number].vault)

    def _ids(self, number: int, *sources: bytes) -> set[bytes]:
        vault = self.desks[number].vault
        return {c.id for source in sources for c in changes.of_thread(vault, source)}


def _do(desk: Desk, thread: str, other: str, what: str, value: object) -> None:
    match what, value:
        case "assign", None | str():
            assign(desk, thread, value)
        case "closed" | "muted" | "held", bool():
            switch(desk, thread, what, on=value)
        case "add", str():
            add_label(desk, thread, value)
        case "remove", str():
            remove_label(desk, thread, value)
        case "same", bool():
            mark_same(desk, thread, other, same=value)
        case "come back", None | int():
            come_back_by(desk, thread, value)
        case "follow up", str():
            follow_up(desk, thread, TODAY + 1 if value else None, value)


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    org = make_organisation(DESKS)
    clocks = [Clock() for _ in range(DESKS)]
    root: Path = tmp_path_factory.mktemp("team")
    desks = [make_desk(root / str(n), org, 4 * n, clocks[n]) for n in range(DESKS)]
    yield Team(org, desks, clocks)
    for desk in desks:
        desk.vault.close()


def new_thread(team: Team) -> bytes:
    source = os.urandom(32)
    for desk in team.desks:
        entry = Entry(os.urandom(16), source, "letter", TODAY, None, b"{}")
        threads.add(desk.vault, entry, unread=False)
    return source


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps, st.data())
def test_every_desk_shows_the_same_once_it_has_everything(
    team: Team, steps: list[tuple[str, int, object]], data: st.DataObject
) -> None:
    thread, other = new_thread(team), new_thread(team)
    team.posted = []
    for clock in team.clocks:
        clock.now = Clock().now
    for what, number, value in steps:
        if what == "act" and isinstance(value, tuple):
            team.act(number, thread, other, value)
        elif what == "clock" and isinstance(value, int):
            team.clocks[number].now = Clock().now + value
        elif isinstance(value, int) and team.posted:
            # Sooner, later, twice, or not at all for now.
            team.deliver(number, value)
    for number in range(DESKS):
        order = data.draw(st.permutations(range(len(team.posted))))
        for letter in [*order, *order[:3]]:
            team.deliver(number, letter)

    for desk in team.desks:
        rebuild(desk.vault)
    for source in (thread, other):
        shown = [standing_of(changes.standing(desk.vault, source)) for desk in team.desks]
        assert shown[0] == shown[1] == shown[2]


ids = st.integers(0, 5).map(lambda n: f"{n:032x}")
any_change = st.builds(
    Change,
    id=ids,
    field=st.sampled_from(["assigned", "closed", "label", "same-matter", "moon-phase"]),
    item=st.sampled_from(["", "urgent", "f" * 64]),
    value=st.sampled_from(["", "on", "1", "banana"]),
    clock=st.integers(0, 3),
    device=st.integers(0, 2),
    day=st.integers(TODAY, TODAY + 1),
    removes=st.lists(ids, max_size=2).map(tuple),
)


@given(st.lists(any_change, max_size=8, unique_by=lambda change: change.id), st.data())
def test_no_order_of_changes_matters(known: list[Change], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(known))

    assert merge(b"a" * 32, known) == merge(b"a" * 32, shuffled)


@given(st.lists(any_change, max_size=6, unique_by=lambda change: change.id))
def test_what_nobody_knows_changes_nothing(known: list[Change]) -> None:
    fitting = [change for change in known if change.field != "moon-phase"]

    assert merge(b"a" * 32, known) == merge(b"a" * 32, fitting)


def test_nothing_is_how_a_thread_begins() -> None:
    assert merge(b"a" * 32, []) == Standing()
