"""Two desks answer one source for years: no tag comes twice, and no answer is missed.

A state machine of 100,000 steps over real vaults: answers, crashes between reserving and sealing,
programs that start again, desks that are restored into another slot, clocks a week apart.
"""

import random
import tempfile
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from silent_courier.desk import Desk
from silent_courier.desk.answering import current_key
from silent_courier.desk.pins import pin_of
from silent_courier.protocol.calendar import week_of
from silent_courier.protocol.errors import NoTagsLeftError
from silent_courier.protocol.sizes import (
    RETENTION_DAYS_MAX,
    TAG_LEN,
    TAGS_PER_WEEK,
    WEEKS_AHEAD,
    WEEKS_BACK,
)
from silent_courier.protocol.thread import ThreadKey, derive_tags, derive_thread_key
from silent_courier.storage.vault import tags, threads
from tests.unit.desk.kit import Clock, again, make_desk
from tests.unit.protocol.makers import ANCHOR_DAY, ENTROPY, make_organisation, source_id

STEPS: Final = 100_000
QUEUE_DAYS: Final = 2
SLOTS: Final = 4 * 2

ORG: Final = make_organisation(2, devices_each=4)
SOURCE: Final = source_id(ORG)


@dataclass(slots=True)
class Machine:
    """Two handlers' desks, the board, and everything that was ever on it."""

    directory: Path
    rng: random.Random
    clock: Clock = field(default_factory=Clock)
    desks: dict[int, Desk] = field(default_factory=dict)
    board: deque[tuple[int, bytes]] = field(default_factory=deque)
    ever: set[bytes] = field(default_factory=set)
    tables: dict[int, bytes] = field(default_factory=dict)
    answers: int = 0
    crashes: int = 0
    checks: int = 0

    def step(self) -> None:
        does = self.rng.choices(
            (self.answer, self.crash, self.write, self.night, self.check, self.restore),
            (700, 120, 20, 30, 3, 0.05),
        )[0]
        does()

    def answer(self) -> None:
        """Reserve, seal, post."""
        slot, key = self._any_desk()
        for number in self._reserve(slot, key):
            start = (slot * TAGS_PER_WEEK + number) * TAG_LEN
            tag = self._tags(key.week)[start : start + TAG_LEN]
            assert tag not in self.ever, "a tag was used twice"
            self.ever.add(tag)
            self.board.append((self.clock.day, tag))
            self.answers += 1

    def crash(self) -> None:
        """Die between reserving and sealing; now and then the next program starts."""
        slot, key = self._any_desk()
        self._reserve(slot, key)
        self.crashes += 1
        if self.rng.random() < 0.01:
            self.desks[slot] = again(self.desks[slot])

    def write(self) -> None:
        """The source writes again, by a clock that may be up to a day off."""
        week = week_of(self.clock.day + self.rng.choice((-1, 0, 1)), ANCHOR_DAY)
        sent = derive_thread_key(ENTROPY, ORG.org_id, 1, week)
        for desk in self.desks.values():
            self._pin(desk, sent)

    def night(self) -> None:
        """A day passes; each desk syncs on it or not."""
        self.clock.turn(1)
        self.tables.pop(self._week - WEEKS_BACK - 2, None)
        while self.board and self.board[0][0] + RETENTION_DAYS_MAX + QUEUE_DAYS < self.clock.day:
            self.board.popleft()
        for desk in self.desks.values():
            if self.rng.random() < 0.5:
                threads.step_pins(desk.vault, self._week, ThreadKey.step_to)

    def check(self) -> None:
        """The source looks for its answers, by a clock that may be a day off."""
        week = week_of(self.clock.day + self.rng.choice((-1, 0, 1)), ANCHOR_DAY)
        seen: set[bytes] = set()
        for looked_at in range(max(0, week - WEEKS_BACK), week + WEEKS_AHEAD + 1):
            table = self._tags(looked_at)
            seen.update(table[i : i + TAG_LEN] for i in range(0, len(table), TAG_LEN))
        assert all(tag in seen for _, tag in self.board), "an answer was missed"
        self.checks += 1

    def restore(self) -> None:
        """A vault is lost: its handler goes on in the next slot, with a letter passed on."""
        slot = self.rng.choice(sorted(self.desks))
        if slot % 4 == 3:
            return
        self.desks.pop(slot).vault.close()
        self.add(slot + 1)

    def add(self, slot: int) -> None:
        """A desk in a fresh slot."""
        self.desks[slot] = make_desk(self.directory / str(slot), ORG, slot, self.clock)
        self._pin(self.desks[slot], derive_thread_key(ENTROPY, ORG.org_id, 1, self._week))

    @property
    def _week(self) -> int:
        return week_of(self.clock.day, ANCHOR_DAY)

    def _any_desk(self) -> tuple[int, ThreadKey]:
        slot = self.rng.choice(sorted(self.desks))
        return slot, current_key(self.desks[slot], ORG.charter, SOURCE)

    def _reserve(self, slot: int, key: ThreadKey) -> range:
        try:
            return tags.reserve(self.desks[slot].vault, SOURCE, key, self.rng.choice((1, 1, 1, 4)))
        except NoTagsLeftError:
            return range(0)

    def _pin(self, desk: Desk, sent: ThreadKey) -> None:
        pin = threads.pin(desk.vault, SOURCE, 1)
        newest = sent if pin is None or pin.week < sent.week else pin
        threads.set_pin(desk.vault, SOURCE, pin_of(newest, self._week))

    def _tags(self, week: int) -> bytes:
        if week not in self.tables:
            key = derive_thread_key(ENTROPY, ORG.org_id, 1, week)
            self.tables[week] = derive_tags(key, SLOTS)
        return self.tables[week]


@pytest.fixture
def machine() -> Iterator[Machine]:
    # In memory where there is such a place: what is looked at is logic, not the disk.
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as place:
        made = Machine(Path(place), random.Random(3))
        for slot in (0, 4):
            made.add(slot)
        yield made
        for desk in made.desks.values():
            desk.vault.close()


def test_no_tag_is_used_twice_and_no_reply_is_missed(machine: Machine) -> None:
    for _ in range(STEPS):
        machine.step()
    machine.check()

    assert machine.answers > STEPS // 2
    assert machine.crashes > 1000
    assert machine.checks > 100
    assert len(machine.desks) == 2
    assert max(machine.desks) > 4
