import pytest

from silent_courier.desk import Desk, list_threads, read_thread
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.team import (
    add_label,
    assign,
    come_back_by,
    follow_up,
    mark_same,
    remove_label,
    set_field,
    switch,
    translate,
)
from silent_courier.desk.views import ThreadTeam
from silent_courier.protocol.errors import (
    BadLabelError,
    PayloadTooLongError,
    UnknownHandlerError,
    UnknownThreadError,
)
from silent_courier.protocol.payload import CLOCK_A_DAY, CLOCK_A_SECOND, ChangePayload
from silent_courier.protocol.payload import parse_letter_payload as parse
from silent_courier.protocol.thread import derive_source_id
from silent_courier.storage.vault import audit, changes, day_keys, outbox
from silent_courier.storage.vault.letters import State
from tests.unit.desk.kit import Clock, make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
    TODAY,
    Organisation,
    change_payload,
    draw,
    letter_payload,
    source_id,
)


@pytest.fixture
def thread(desk: Desk, org: Organisation) -> str:
    """A thread with one letter."""
    sealed = seal(org, letter_payload(org))
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))
    return source_id(org).hex()


def team(desk: Desk, thread: str) -> ThreadTeam:
    return next(row.team for row in list_threads(desk) if row.thread == thread)


def queued(desk: Desk) -> list[ChangePayload]:
    found = [parse(letter.payload) for letter in outbox.letters(desk.vault)]
    return [payload for payload in found if isinstance(payload, ChangePayload)]


def second_thread(desk: Desk, org: Organisation) -> str:
    auth = draw("another source")
    letter = letter_payload(org, id=draw("another", 16).hex(), auth=auth.hex())
    keys = day_keys.living(desk.vault)
    file_sealed(make_reading(desk, org), seal(org, letter), TODAY, keys)
    return derive_source_id(auth, 1).hex()


def test_a_thread_is_given_to_a_handler_and_to_nobody(desk: Desk, thread: str) -> None:
    assert assign(desk, thread, "handler 1") == "Handler 1"
    theirs = team(desk, thread)
    assign(desk, thread, "Handler 0")
    ours = team(desk, thread)
    assign(desk, thread, None)

    assert (theirs.assigned, theirs.mine) == ("Handler 1", False)
    assert (ours.assigned, ours.mine) == ("Handler 0", True)
    assert team(desk, thread).assigned is None


def test_nobody_is_given_to_whom_nobody_knows(desk: Desk, thread: str) -> None:
    with pytest.raises(UnknownHandlerError):
        assign(desk, thread, "Mallory")
    assert queued(desk) == []


def test_a_thread_that_is_not_here_cannot_be_set(desk: Desk) -> None:
    with pytest.raises(UnknownThreadError):
        switch(desk, "ab" * 32, "closed", on=True)


def test_what_is_set_waits_for_colleagues_and_is_written_down(desk: Desk, thread: str) -> None:
    switch(desk, thread, "muted", on=True)

    (change,) = queued(desk)
    assert (change.source_id, change.field, change.value) == (thread, "muted", "on")
    assert change.clock // CLOCK_A_SECOND == int(desk.clock())
    assert team(desk, thread).muted
    assert [(row.act, row.detail) for row in audit.every(desk.vault)] == [("changed", "muted")]


def test_a_change_is_newer_than_all_that_was_seen(
    desk: Desk, org: Organisation, thread: str
) -> None:
    ahead = change_payload(org, day=TODAY + 1, clock=(TODAY + 2) * CLOCK_A_DAY - 1, field="closed")
    keys = day_keys.living(desk.vault)
    sealed = seal_signed(org, ahead, 4)
    assert file_sealed(make_reading(desk, org), sealed, TODAY, keys).state is State.FILED
    switch(desk, thread, "closed", on=False)

    (change,) = queued(desk)
    assert change.clock == ahead.clock + 1
    assert change.day == TODAY + 1
    assert team(desk, thread).closed == ""


def test_labels_are_put_on_once_and_taken_off(desk: Desk, thread: str) -> None:
    for label in ("tax", " Tax ", "склад  номер   2"):
        add_label(desk, thread, label)
    assert team(desk, thread).labels == ("tax", "склад номер 2")
    remove_label(desk, thread, "tax")

    assert team(desk, thread).labels == ("склад номер 2",)
    assert len(queued(desk)) == 3


@pytest.mark.parametrize("label", ["", "  ", "x" * 41, "a\u202eb", "a\u200bb"])
def test_a_label_that_nobody_can_read_is_refused(desk: Desk, thread: str, label: str) -> None:
    with pytest.raises(BadLabelError):
        add_label(desk, thread, label)


def test_a_label_of_many_additions_is_taken_off_whole(desk: Desk, thread: str) -> None:
    for _ in range(97):
        set_field(desk, bytes.fromhex(thread), "label", "on", item="tax")
    remove_label(desk, thread, "tax")

    assert team(desk, thread).labels == ()


def test_two_threads_of_one_matter_show_each_other(
    desk: Desk, org: Organisation, thread: str
) -> None:
    other = second_thread(desk, org)
    mark_same(desk, thread, other, same=True)
    mark_same(desk, other, thread, same=True)
    assert (team(desk, thread).same, team(desk, other).same) == ((other,), (thread,))
    mark_same(desk, other, thread, same=False)

    assert (team(desk, thread).same, team(desk, other).same) == ((), ())
    assert len(queued(desk)) == 2


def test_a_thread_is_not_its_own_matter(desk: Desk, thread: str) -> None:
    with pytest.raises(UnknownThreadError):
        mark_same(desk, thread, thread[:8], same=True)


def test_days_are_set_and_taken_back(desk: Desk, thread: str, clock: Clock) -> None:
    come_back_by(desk, thread, TODAY + 30)
    follow_up(desk, thread, TODAY + 1, " ask \n the lawyer")
    later = team(desk, thread)
    clock.turn(1)
    now = team(desk, thread)
    come_back_by(desk, thread, None)
    follow_up(desk, thread, None)

    assert (later.come_back, later.follow_up_date) == ("2026-12-23", "2026-11-24")
    assert (later.follow_up, later.follow_up_due, now.follow_up_due) == (
        "ask the lawyer",
        False,
        True,
    )
    assert team(desk, thread).follow_up_date == team(desk, thread).come_back == ""


def test_a_translation_stands_beside_its_letter_with_who_made_it(desk: Desk, thread: str) -> None:
    (letter,) = read_thread(desk, thread)
    translate(desk, thread, letter.id, "en", "Hello")

    (letter,) = read_thread(desk, thread)
    (made,) = letter.translations
    assert (made.language, made.text, made.by) == ("en", "Hello", "Handler 0")


def test_a_translation_is_of_a_letter_that_is_here_and_fits(desk: Desk, thread: str) -> None:
    (letter,) = read_thread(desk, thread)
    with pytest.raises(UnknownThreadError):
        translate(desk, thread, "ab" * 16, "en", "Hello")
    with pytest.raises(PayloadTooLongError):
        translate(desk, thread, letter.id, "en", "x" * 17_000)


def test_a_change_of_an_unknown_field_is_kept_and_shows_nothing(
    desk: Desk, org: Organisation, thread: str
) -> None:
    unknown = seal_signed(org, change_payload(org, field="moon-phase", value="full"), 4)
    file_sealed(make_reading(desk, org), unknown, TODAY, day_keys.living(desk.vault))

    assert len(changes.of_thread(desk.vault, bytes.fromhex(thread))) == 1
    before = ThreadTeam(due=team(desk, thread).due)
    assert team(desk, thread) == before


def test_a_letter_of_a_later_day_opens_a_closed_thread(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    switch(desk, thread, "closed", on=True)
    assert team(desk, thread).closed == "2026-11-23"
    clock.turn(1)
    again = letter_payload(org, id=draw("again", 16).hex(), day=TODAY + 1)
    sealed = seal(org, again, day=TODAY + 1)
    file_sealed(make_reading(desk, org), sealed, TODAY + 1, day_keys.living(desk.vault))

    assert team(desk, thread).closed == ""
