import pytest

from silent_courier.desk import Desk, read_thread, reply
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.reposting import post_again
from silent_courier.protocol.errors import NoTagsLeftError, UnknownThreadError
from silent_courier.protocol.payload import ReplyCopyPayload
from silent_courier.protocol.reply import join_fragments, open_cell
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import day_keys, outbox, tags
from tests.unit.desk.kit import Clock, make_reading, seal, seal_signed
from tests.unit.protocol.makers import (
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


def test_an_answer_is_posted_again_in_new_cells_and_marked(
    desk: Desk, org: Organisation, thread: str, clock: Clock
) -> None:
    first = reply(desk, thread, "Спасибо", "ru")
    desk.vault.run("DELETE FROM outbox_cell")
    clock.turn(32)
    again = post_again(desk, thread, first.id)

    week = WEEK + (clock.day - TODAY + TODAY % 7) // 7
    keys: list[ThreadKey] = [thread_key(w, org=org) for w in range(week - 1, week + 2)]
    cells = [queued.cell for queued in outbox.cells(desk.vault)]
    opened = [open_cell(cell, key) for cell in cells for key in keys if _opens(cell, key)]
    joined = join_fragments(opened, 0, org.org_id, {0: device_key(0).public})
    old, new = [entry for entry in read_thread(desk, thread) if entry.kind == "reply"]
    assert getattr(joined.payload, "text", "") == "Спасибо"
    assert (new.id, new.text, new.language, new.posted_again) == (
        again.id,
        "Спасибо",
        "ru",
        old.date,
    )
    assert (old.posted_again, old.may_leave) == ("", "2026-12-23")


def _opens(cell: bytes, key: ThreadKey) -> bool:
    try:
        open_cell(cell, key)
    except Exception:  # noqa: BLE001 - another week's key
        return False
    return True


def test_a_colleague_s_answer_can_be_posted_again(
    desk: Desk, org: Organisation, thread: str
) -> None:
    note = note_payload(org)
    copy = ReplyCopyPayload(
        id="ee" * 16,
        org_id=note.org_id,
        charter=note.charter,
        day=TODAY,
        generation=1,
        source_id=thread,
        reply_id="dd" * 16,
        language="ru",
        text="Ответ",
    )
    keys = day_keys.living(desk.vault)
    file_sealed(make_reading(desk, org), seal_signed(org, copy, 4), TODAY, keys)
    post_again(desk, thread, copy.id[:8])

    texts = [(e.by or "", e.text) for e in read_thread(desk, thread) if e.kind == "reply"]
    assert sorted(texts) == [("Handler 0", "Ответ"), ("Handler 1", "Ответ")]


def test_only_an_answer_can_be_posted_again(desk: Desk, thread: str) -> None:
    (letter,) = read_thread(desk, thread)

    with pytest.raises(UnknownThreadError):
        post_again(desk, thread, letter.id)


def test_what_cannot_be_sealed_marks_nothing(desk: Desk, org: Organisation, thread: str) -> None:
    first = reply(desk, thread, "Спасибо")
    tags.reserve(desk.vault, source_id(org), thread_key(WEEK, org=org), 255)
    before = len(outbox.letters(desk.vault))
    with pytest.raises(NoTagsLeftError):
        post_again(desk, thread, first.id)

    assert len(outbox.letters(desk.vault)) == before
