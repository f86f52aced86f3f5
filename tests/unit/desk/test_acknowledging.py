from collections.abc import Iterator
from pathlib import Path

import pytest

from silent_courier.desk import Desk, read_thread, reply, sync
from silent_courier.storage.vault import openings, outbox
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import Clock, SmallServer, mailbox, make_desk, seal, sync_rested
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    draw,
    letter_payload,
    source_id,
)

BEAT = 6  # half of the twelve cells a day that the charter gives


@pytest.fixture
def second(tmp_path: Path, org: Organisation, clock: Clock) -> Iterator[Desk]:
    made = make_desk(tmp_path / "second", org, 4, clock)
    yield made
    made.vault.close()


@pytest.fixture
async def both(
    desk: Desk, second: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    """Two desks that are there and have a letter."""
    server.put(seal(org, letter_payload(org)))
    for _ in range(2):
        await sync_rested(desk, transport)
        await sync_rested(second, transport)


def told(server: SmallServer, org: Organisation, day: int = TODAY) -> list[tuple[int, str]]:
    return [(opened.day, opened.label) for opened in mailbox(server, org, day).opened]


@pytest.mark.usefixtures("both")
async def test_a_source_reads_that_a_person_opened_its_letter_once(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    assert told(server, org) == []
    read_thread(desk, source_id(org).hex())
    for _ in range(3):
        await sync_rested(desk, transport)
    read_thread(desk, source_id(org).hex())
    await sync_rested(desk, transport)

    assert told(server, org) == [(TODAY, "Handler 0")]


@pytest.mark.usefixtures("both")
async def test_two_letters_opened_on_one_day_are_told_of_once_and_on_another_day_again(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    for number, day in enumerate((TODAY, TODAY, TODAY + 1)):
        server.clock.turn(day - desk.today)
        later = letter_payload(org, id=draw(f"more {number}", 16).hex(), day=TODAY)
        server.put(seal(org, later))
        await sync(desk, transport)
        read_thread(desk, source_id(org).hex())
        await sync_rested(desk, transport)

    days = sorted(day for day, _ in told(server, org, TODAY + 1))
    assert days == [TODAY, TODAY + 1]


@pytest.mark.usefixtures("both")
async def test_looking_without_opening_is_not_told(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    read_thread(desk, source_id(org).hex(), mark_read=False)
    await sync_rested(desk, transport)

    assert told(server, org) == []


@pytest.mark.usefixtures("both")
async def test_the_lowest_slot_acknowledges_what_another_opened(
    desk: Desk,
    second: Desk,
    org: Organisation,
    server: SmallServer,
    transport: Transport,
) -> None:
    read_thread(second, source_id(org).hex())
    await sync_rested(second, transport)
    assert told(server, org) == []
    server.clock.turn(1)
    await sync_rested(second, transport)
    for _ in range(2):
        await sync_rested(desk, transport)
        await sync_rested(second, transport)

    assert told(server, org, TODAY + 1) == [(TODAY, "Handler 0")]


@pytest.mark.usefixtures("both")
async def test_nobody_acknowledges_again_when_the_lowest_slot_falls_silent(
    desk: Desk,
    second: Desk,
    org: Organisation,
    server: SmallServer,
    transport: Transport,
) -> None:
    for one in (desk, second):
        read_thread(one, source_id(org).hex())
    await sync_rested(desk, transport)
    await sync_rested(second, transport)
    server.clock.turn(9)
    for _ in range(2):
        await sync_rested(second, transport)

    assert told(server, org, TODAY + 9) == [(TODAY, "Handler 0")]


@pytest.mark.usefixtures("both")
async def test_another_steps_in_for_a_lowest_slot_that_never_comes(
    second: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    read_thread(second, source_id(org).hex())
    await sync_rested(second, transport)
    server.clock.turn(9)
    for _ in range(2):
        await sync_rested(second, transport)

    assert told(server, org, TODAY + 9) == [(TODAY, "Handler 1")]


@pytest.mark.usefixtures("both")
async def test_answers_go_first(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    thread = source_id(org).hex()
    read_thread(desk, thread)
    await sync(desk, transport)  # nothing is due: the acknowledgement waits
    assert (told(server, org), len(outbox.cells(desk.vault))) == ([], 1)
    for number in range(BEAT):
        reply(desk, thread, f"Спасибо {number}")
    await sync_rested(desk, transport)

    assert len(mailbox(server, org).answers) == BEAT
    assert told(server, org) == []


async def test_acknowledgements_take_at_most_a_quarter_of_a_day_s_cells(
    desk: Desk, org: Organisation, server: SmallServer, transport: Transport
) -> None:
    await sync_rested(desk, transport)
    for number in range(5):
        source = draw(f"source/{number}")
        openings.note_mark(desk.vault, [draw("e", 16)], source, TODAY, acknowledged=False)
        desk.vault.run(
            "INSERT INTO pin (source, generation, week, key) VALUES (?, 1, 9, ?)", source, source
        )
        desk.vault.run(
            "UPDATE opening SET entry = ? WHERE source = ?", draw(f"e{number}", 16), source
        )
    quota = org.charter.body.parameters.cells_per_day
    posted = [(await sync_rested(desk, transport)).cells_posted for _ in range(2)]
    assert (sum(posted), quota // 4) == (3, 3)

    server.clock.turn(1)
    assert (await sync_rested(desk, transport)).cells_posted == 2
    assert outbox.cells(desk.vault) == []
