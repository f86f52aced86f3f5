import pytest

from silent_courier.desk import (
    Desk,
    list_queue,
    list_threads,
    note,
    read_thread,
    reply,
    search_all,
    sync,
    take_back,
)
from silent_courier.desk.auditing import Act
from silent_courier.protocol.errors import AlreadyPostedError, UnknownThreadError
from silent_courier.storage.vault import audit, outbox
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import Clock, SmallServer, seal, status, sync_rested
from tests.unit.protocol.makers import TODAY, Organisation, letter_payload, source_id

LONG = "Спасибо за письмо. " * 100  # four cells


@pytest.fixture
async def thread(desk: Desk, org: Organisation, server: SmallServer, transport: Transport) -> str:
    server.state_for([4], range(TODAY, TODAY + 14))
    server.put(seal(org, letter_payload(org)))
    await sync(desk, transport)
    return source_id(org).hex()


async def test_an_answer_says_when_it_goes_and_goes_then(
    desk: Desk, transport: Transport, clock: Clock, thread: str
) -> None:
    queued = reply(desk, thread, LONG, "ru")
    assert queued.posting_at == clock.now + 4 * 2 * 3600  # twelve a day
    (row,) = list_queue(desk)
    assert (row.kind, row.cells, row.begun, row.posting_at) == (
        "reply",
        4,
        False,
        queued.posting_at,
    )
    assert read_thread(desk, thread)[-1].posting_at == queued.posting_at

    clock.now = queued.posting_at - 1
    await sync(desk, transport)
    assert [row.cells for row in list_queue(desk)] == [1]
    clock.now = queued.posting_at
    await sync(desk, transport)
    assert list_queue(desk) == ()
    assert read_thread(desk, thread)[-1].posting_at is None


async def test_answers_wait_one_behind_the_other(desk: Desk, clock: Clock, thread: str) -> None:
    times = [reply(desk, thread, f"ответ {number}").posting_at for number in range(3)]
    assert times == [clock.now + 7200, clock.now + 14_400, clock.now + 21_600]


async def test_what_is_too_far_ahead_has_no_time(desk: Desk, thread: str) -> None:
    desk.vault.run_many(
        "INSERT INTO outbox_cell (cell, entry, of) VALUES (x'00', x'aa', 1)",
        [() for _ in range(2000)],
    )
    assert reply(desk, thread, "ответ").posting_at is None


async def test_until_it_is_posted_an_answer_or_a_note_can_be_taken_back(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    answer, remark = reply(desk, thread, LONG), note(desk, thread, "заметка")
    assert take_back(desk, thread, answer.id) == ("reply", LONG)
    assert take_back(desk, thread, remark.id) == ("note", "заметка")

    assert list_queue(desk) == ()
    assert [entry.kind for entry in read_thread(desk, thread, mark_read=False)] == ["letter"]
    await sync_rested(desk, transport)
    assert server.real_letters() == []
    with pytest.raises(UnknownThreadError):
        take_back(desk, thread, answer.id)


async def test_nothing_is_taken_back_of_which_a_part_has_gone(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock, thread: str
) -> None:
    answer = reply(desk, thread, LONG)
    clock.now += 7200
    await sync(desk, transport)  # one cell, and the copy for colleagues
    with pytest.raises(AlreadyPostedError):
        take_back(desk, thread, answer.id)
    assert [row.begun for row in list_queue(desk)] == [True]
    assert len(read_thread(desk, thread)) == 2


async def test_nothing_is_taken_back_that_the_server_may_have(
    desk: Desk, server: SmallServer, transport: Transport, thread: str
) -> None:
    answer, remark = reply(desk, thread, "ответ"), note(desk, thread, "заметка")
    server.overrides = {"/v1/cells": status(503), "/v1/letters": status(503)}
    await sync_rested(desk, transport)
    for queued in (answer, remark):
        with pytest.raises(AlreadyPostedError):
            take_back(desk, thread, queued.id)


async def test_colleagues_learn_of_an_answer_when_its_first_cell_goes(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock, thread: str
) -> None:
    reply(desk, thread, LONG)
    clock.now += 3600
    await sync(desk, transport)  # letters are due, and no cell
    assert server.real_letters() == []
    clock.now += 3600
    await sync(desk, transport)
    assert len(server.real_letters()) == 1


async def test_a_letter_of_a_source_cannot_be_taken_back(
    desk: Desk, org: Organisation, thread: str
) -> None:
    with pytest.raises(UnknownThreadError):
        take_back(desk, thread, letter_payload(org).id)
    assert len(list_threads(desk)) == 1
    assert outbox.letters(desk.vault) == []


async def test_taking_back_stands_in_the_trail_and_leaves_no_word_to_find(
    desk: Desk, thread: str
) -> None:
    answer = reply(desk, thread, "неповторимое слово")
    take_back(desk, thread, answer.id)

    assert [row.act for row in audit.every(desk.vault)][-1] == Act.TAKEN_BACK
    assert search_all(desk, "неповторимое", 9).hits == ()
