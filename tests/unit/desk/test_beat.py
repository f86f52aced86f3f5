from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from silent_courier.desk import Desk, note, read_thread, reply, sync
from silent_courier.desk import beat as beat_module
from silent_courier.desk.beat import shuffled
from silent_courier.desk.session import Session
from silent_courier.protocol.errors import TorError
from silent_courier.protocol.sizes import CELL_LEN
from silent_courier.storage.vault import outbox
from silent_courier.storage.vault.outbox import QueuedCell
from tests.servers import Seen
from tests.unit.desk.kit import (
    Clock,
    SmallServer,
    mailbox,
    make_desk,
    seal,
    serving,
    sync_rested,
)
from tests.unit.protocol.makers import TODAY, Organisation, draw, letter_payload, source_id

Trace = list[list[tuple[str, str, int]]]
HOURS = 30


class Draws:
    """Random bytes that a second run draws again, so that two runs can be compared."""

    def __init__(self, seed: str) -> None:
        self._seed, self._count = seed, 0

    def __call__(self, length: int) -> bytes:
        self._count += 1
        return draw(f"{self._seed}/{self._count}", length)


async def live(directory: Path, org: Organisation, *, busy: bool) -> tuple[Trace, SmallServer]:
    """What the server sees of a desk over thirty hours of syncs, busy or left alone."""
    clock = Clock()
    server, desk = SmallServer(org, clock), make_desk(directory, org, clock=clock)
    server.state_for([4], range(TODAY, TODAY + 3))
    server.put(seal(org, letter_payload(org)))
    traces: Trace = []
    async with serving(server, directory) as transport:
        for hour in range(HOURS):
            if busy and hour > 0:
                work_hard(desk, source_id(org).hex(), hour)
            server.seen.clear()
            await sync(desk, transport)
            traces.append([(seen.method, seen.path, len(seen.body)) for seen in server.seen])
            clock.now += 3600
    desk.vault.close()
    return traces, server


def work_hard(desk: Desk, thread: str, hour: int) -> None:
    read_thread(desk, thread)
    reply(desk, thread, f"ответ {hour} " * 60, "ru")
    if hour % 5 == 0:
        note(desk, thread, f"заметка {hour}")


async def test_the_server_sees_the_same_of_a_desk_that_answers_all_day_and_of_one_left_alone(
    tmp_path: Path, org: Organisation
) -> None:
    busy, answered = await live(tmp_path / "busy", org, busy=True)
    idle, silent = await live(tmp_path / "idle", org, busy=False)

    assert busy == idle
    assert len(answered.cells) == len(silent.cells) > 10
    assert len(mailbox(answered, org, TODAY + 1).answers) > 3
    assert mailbox(silent, org, TODAY + 1).answers == ()


async def test_without_covers_the_comparison_would_tell(
    tmp_path: Path, org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_real(session: Session, real: Sequence[QueuedCell], count: int) -> None:
        outbox.put_cells_in_beat(session.desk.vault, real)

    monkeypatch.setattr(beat_module, "_put_cells", only_real)
    busy, _ = await live(tmp_path / "busy", org, busy=True)
    idle, _ = await live(tmp_path / "idle", org, busy=False)

    assert busy != idle


async def test_covers_are_posted_again_as_they_were_when_an_answer_of_the_server_is_lost(
    desk: Desk, org: Organisation, server: SmallServer, tmp_path: Path
) -> None:
    """Else what comes twice would be what is real."""
    server.state_for([4], [TODAY])
    server.put(seal(org, letter_payload(org)))
    async with serving(server, tmp_path) as transport:
        await sync(desk, transport)
        reply(desk, source_id(org).hex(), "Спасибо")

        def take_and_hang_up(seen: Seen) -> None:
            server._take(seen.path, seen.body, 0)

        for path in ("/v1/cells", "/v1/letters"):
            server.overrides = {path: take_and_hang_up}
            server.seen.clear()
            with pytest.raises(TorError):
                await sync_rested(desk, transport)
            server.overrides.clear()
            lost = server.posted(path)[-1]
            server.seen.clear()
            await sync(desk, transport)
            assert server.posted(path)[0] == lost


async def test_one_real_cell_is_anywhere_among_its_covers(
    desk: Desk, org: Organisation, server: SmallServer, tmp_path: Path
) -> None:
    server.state_for([4], [TODAY])
    server.put(seal(org, letter_payload(org)))
    places: Counter[int] = Counter()
    async with serving(server, tmp_path) as transport:
        await sync(desk, transport)
        for number in range(24):
            reply(desk, source_id(org).hex(), f"{number}")
            (queued,) = outbox.cells(desk.vault)
            await sync_rested(desk, transport)
            posted = server.posted("/v1/cells")[-1]
            places[posted.index(queued.cell) // CELL_LEN] += 1
    assert len(places) > 3


def test_every_order_is_as_likely() -> None:
    random = Draws("order")
    first = Counter(shuffled("abcdef", random)[0] for _ in range(1200))
    assert all(140 < first[letter] < 260 for letter in "abcdef")


async def test_quota_is_spent_on_covers_too_so_answers_wait_their_turn(
    desk: Desk, org: Organisation, server: SmallServer, clock: Clock, tmp_path: Path
) -> None:
    server.state_for([4], [TODAY])
    server.put(seal(org, letter_payload(org)))
    async with serving(server, tmp_path) as transport:
        await sync(desk, transport)
        clock.now += 2 * 3600
        assert (await sync(desk, transport)).cells_posted == 0
        reply(desk, source_id(org).hex(), "Спасибо")
        assert (await sync(desk, transport)).waiting == 1
        clock.now += 2 * 3600
        assert (await sync(desk, transport)).cells_posted == 1
    assert len(server.cells) == 2
