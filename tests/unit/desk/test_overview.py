import pytest

from silent_courier.desk import Desk, list_threads, read_thread, reply
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.merging import Standing
from silent_courier.desk.overview import closed_on
from silent_courier.desk.team import switch
from silent_courier.desk.views import Due
from silent_courier.protocol.payload import MarkPayload
from silent_courier.storage.vault import day_keys
from tests.unit.desk.kit import Clock, make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    draw,
    letter_payload,
    note_payload,
    source_id,
)


@pytest.fixture
def thread(desk: Desk, org: Organisation) -> str:
    """A thread with one letter."""
    sealed = seal(org, letter_payload(org))
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))
    return source_id(org).hex()


def due(desk: Desk) -> Due | None:
    (row,) = list_threads(desk)
    return row.team.due


def take_mark(
    desk: Desk, org: Organisation, *, acknowledged: bool, signer: int = 4, label: str = "mark"
) -> None:
    note = note_payload(org)
    mark = MarkPayload(
        id=draw(label, 16).hex(),
        org_id=note.org_id,
        charter=note.charter,
        day=TODAY,
        generation=1,
        source_id=note.source_id,
        letters=(letter_payload(org).id,),
        opened=TODAY,
        acknowledged=acknowledged,
    )
    sealed = seal_signed(org, mark, signer)
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))


def test_a_letter_that_waits_is_owed_an_acknowledgement(
    desk: Desk, thread: str, clock: Clock
) -> None:
    assert due(desk) == Due("acknowledge", "2026-11-30", "later")
    clock.turn(8)

    assert due(desk) == Due("acknowledge", "2026-11-30", "overdue")


def test_what_a_colleague_acknowledged_is_owed_feedback(
    desk: Desk, org: Organisation, thread: str
) -> None:
    take_mark(desk, org, acknowledged=True)

    assert due(desk) == Due("feedback", "2027-02-21", "later")


def test_an_answer_pays_until_the_source_writes_again(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    reply(desk, thread, "Спасибо")
    assert due(desk) is None
    clock.turn(1)
    again = letter_payload(org, id=draw("again", 16).hex(), day=TODAY + 1)
    keys = day_keys.living(desk.vault)
    file_sealed(make_reading(desk, org), seal(org, again, day=TODAY + 1), TODAY + 1, keys)

    assert due(desk) == Due("acknowledge", "2026-12-01", "later")


def test_closing_ends_what_is_owed(desk: Desk, thread: str, clock: Clock) -> None:
    clock.turn(30)
    switch(desk, thread, "closed", on=True)
    assert due(desk) is None
    switch(desk, thread, "closed", on=False)

    assert due(desk) == Due("acknowledge", "2026-11-30", "overdue")


@pytest.mark.parametrize(("letter", "closed"), [(None, 5), (4, 5), (5, 5), (6, None)])
def test_only_a_letter_of_a_later_day_opens_again(letter: int | None, closed: int | None) -> None:
    assert closed_on(Standing(closed=5), letter) == closed
    assert closed_on(Standing(), letter) is None


def test_who_has_read_is_who_opened_it_here_and_who_says_so(
    desk: Desk, org: Organisation, thread: str
) -> None:
    take_mark(desk, org, acknowledged=False)
    assert read_thread(desk, thread)[0].read_by == ("Handler 1",)

    assert read_thread(desk, thread)[0].read_by == ("Handler 0", "Handler 1")


def test_who_acknowledges_for_another_is_not_taken_for_a_reader(
    desk: Desk, org: Organisation, thread: str
) -> None:
    take_mark(desk, org, acknowledged=True, label="of the lowest slot")
    alone = read_thread(desk, thread, mark_read=False)[0].read_by
    read_thread(desk, thread)

    assert alone == ("Handler 1",)
    assert read_thread(desk, thread)[0].read_by == ("Handler 0",)
