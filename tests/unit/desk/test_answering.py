import msgspec
import pytest

from silent_courier.desk import Desk, list_threads, note, read_thread, reply, reseal
from silent_courier.desk.filing import file_sealed
from silent_courier.protocol.errors import (
    MalformedPayloadError,
    NoTagsLeftError,
    NoThreadKeyError,
    PayloadTooLongError,
    UnknownHandlerError,
    UnknownThreadError,
)
from silent_courier.protocol.payload import ReplyPayload
from silent_courier.protocol.reply import join_fragments, open_cell
from silent_courier.protocol.sizes import TAGS_PER_WEEK
from silent_courier.protocol.thread import ThreadKey, derive_auth, derive_tag, derive_thread_key
from silent_courier.storage.vault import charters, day_keys, outbox, passing, tags
from tests.unit.desk.kit import Clock, again, make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
    ENTROPY,
    TODAY,
    WEEK,
    Organisation,
    device_key,
    letter_payload,
    note_payload,
    source_id,
    thread_key,
)


@pytest.fixture
def thread(desk: Desk, org: Organisation) -> str:
    """A thread with one letter."""
    sealed = seal(org, letter_payload(org))
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))
    return source_id(org).hex()


def answer(desk: Desk, org: Organisation, key: ThreadKey) -> ReplyPayload:
    """What the source reads of the queued cells."""
    fragments = [open_cell(queued.cell, key) for queued in outbox.cells(desk.vault)]
    joined = join_fragments(fragments, 0, org.org_id, {0: device_key(0).public})
    assert isinstance(joined.payload, ReplyPayload)
    return joined.payload


def test_a_reply_is_what_the_source_can_open(desk: Desk, org: Organisation, thread: str) -> None:
    queued = reply(desk, thread, "Спасибо за письмо. " * 100, "ru")
    read = answer(desk, org, thread_key(WEEK, org=org))

    assert (read.text, read.to, read.day) == ("Спасибо за письмо. " * 100, thread, TODAY)
    assert queued.cells == len(outbox.cells(desk.vault)) == 4
    assert not queued.former_can_read


def test_a_reply_stands_under_reserved_tags(desk: Desk, org: Organisation, thread: str) -> None:
    reply(desk, thread, "один")
    reply(desk, thread, "два")

    key = thread_key(WEEK, org=org)
    found = [queued.cell[:16] for queued in outbox.cells(desk.vault)]
    assert found == [derive_tag(key, 0, 0), derive_tag(key, 0, 1)]


def test_a_reply_goes_under_this_week_s_key(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    clock.turn(15)
    reply(desk, thread, "поздно")

    assert answer(desk, org, thread_key(WEEK + 2, org=org)).text == "поздно"


def test_a_reply_shows_in_the_thread_as_waiting(desk: Desk, thread: str) -> None:
    queued = reply(desk, thread, "Спасибо", "ru")
    letter, entry = read_thread(desk, thread)

    assert (letter.state, entry.state) == ("received", "waiting")
    assert (entry.id, entry.by, entry.own, entry.text) == (queued.id, "Handler 0", True, "Спасибо")
    assert list_threads(desk)[0].answered_by == ("Handler 0",)
    assert len(outbox.letters(desk.vault)) == 1


def test_colleagues_copy_says_the_same_as_the_reply(
    desk: Desk, org: Organisation, thread: str
) -> None:

    reply(desk, thread, "Спасибо", "ru")
    read = answer(desk, org, thread_key(WEEK, org=org))
    copy = msgspec.json.decode(outbox.letters(desk.vault)[0].payload)

    assert (copy["kind"], copy["reply_id"], copy["text"]) == ("reply-copy", read.id, read.text)
    assert (copy["source_id"], copy["language"], copy["day"]) == (read.to, "ru", TODAY)


def test_a_text_beyond_sixteen_cells_is_refused_and_takes_nothing(
    desk: Desk, org: Organisation, thread: str
) -> None:
    with pytest.raises(PayloadTooLongError):
        reply(desk, thread, "я" * 8000)

    assert tags.left(desk.vault, source_id(org), thread_key(WEEK, org=org)) == TAGS_PER_WEEK
    assert outbox.cells(desk.vault) == []
    assert len(read_thread(desk, thread)) == 1


@pytest.mark.parametrize(("text", "language"), [("\ud800", "ru"), ("ok", "russian language")])
def test_what_no_payload_can_hold_is_refused(
    desk: Desk, thread: str, text: str, language: str
) -> None:
    with pytest.raises(MalformedPayloadError):
        reply(desk, thread, text, language)


def test_a_week_s_numbers_run_out_with_a_clear_refusal(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    key = thread_key(WEEK, org=org)
    tags.reserve(desk.vault, source_id(org), key, TAGS_PER_WEEK - 1)
    reply(desk, thread, "последний")
    with pytest.raises(NoTagsLeftError):
        reply(desk, thread, "лишний")
    assert len(outbox.cells(desk.vault)) == 1

    clock.turn(7)
    reply(desk, thread, "новая неделя")


def test_after_a_restart_no_tag_is_used_again(desk: Desk, thread: str) -> None:
    reply(desk, thread, "один")
    restarted = again(desk)
    reply(restarted, thread, "два")

    found = [queued.cell[:16] for queued in outbox.cells(restarted.vault)]
    assert len(set(found)) == 2
    restarted.vault.close()


def test_a_source_of_whom_only_answers_are_here_cannot_be_answered(
    desk: Desk, org: Organisation
) -> None:
    sealed = seal_signed(org, note_payload(org), 4)
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))

    with pytest.raises(NoThreadKeyError):
        reply(desk, source_id(org).hex(), "кому?")


def test_an_unknown_thread_is_refused(desk: Desk) -> None:
    for act in (reply, note):
        with pytest.raises(UnknownThreadError):
            act(desk, "ab" * 32, "текст")


def test_after_a_revocation_a_reply_is_marked_until_the_source_writes_again(
    desk: Desk, org: Organisation, thread: str
) -> None:
    later = org.without(1)
    charters.adopt(desk.vault, later.charter, later.files)
    assert reply(desk, thread, "под старым").former_can_read
    assert read_thread(desk, thread)[-1].former_can_read

    key = derive_thread_key(ENTROPY, org.org_id, 2, WEEK)
    payload = letter_payload(
        later,
        id="ab" * 16,
        generation=2,
        auth=derive_auth(ENTROPY, org.org_id, 2).hex(),
        thread_key=key.key.hex(),
    )
    file_sealed(make_reading(desk, later), seal(later, payload), TODAY, day_keys.living(desk.vault))
    outbox.remove_cells(desk.vault, outbox.cells(desk.vault))
    assert not reply(desk, thread, "под новым").former_can_read
    assert answer(desk, org, key).text == "под новым"
    marks = [e.former_can_read for e in read_thread(desk, thread) if e.kind == "reply"]
    assert marks == [True, False]


def test_a_note_is_for_colleagues_alone(desk: Desk, thread: str) -> None:
    queued = note(desk, thread, "Перезвонить")

    assert queued.cells == 0
    assert outbox.cells(desk.vault) == []
    entry = read_thread(desk, thread)[-1]
    assert (entry.kind, entry.text, entry.state) == ("note", "Перезвонить", "waiting")


def test_passing_on_is_asked_for_by_label_or_for_all(desk: Desk) -> None:
    assert reseal(desk, "Handler 1") == ("Handler 1",)
    assert reseal(desk) == ("Handler 1",)
    assert passing.wanted(desk.vault) == {4}


@pytest.mark.parametrize("label", ["Handler 0", "Handler 9", ""])
def test_passing_on_to_nobody_is_refused(desk: Desk, label: str) -> None:
    with pytest.raises(UnknownHandlerError):
        reseal(desk, label)
