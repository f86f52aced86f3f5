import secrets
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from silent_courier.protocol.board_format import Board
from silent_courier.protocol.charter import Charter, Handler
from silent_courier.protocol.primitives import aes_gcm_seal
from silent_courier.protocol.reply import open_cell
from silent_courier.protocol.sizes import SALT_LEN, TAG_LEN
from silent_courier.protocol.thread import derive_cell_key, derive_tag
from silent_courier.source.mailbox import Mailbox, read_mailbox
from tests.unit.source.small_portal import (
    ENTROPY,
    HANDLERS,
    LABELS,
    TODAY,
    answer_payload,
    device_key,
    make_charter,
    opened_payload,
    seal_cells,
    thread_key,
)

CHARTER, _ = make_charter()


def read(
    *cells: bytes, charter: Charter = CHARTER, entropy: bytes = ENTROPY, today: int = TODAY
) -> Mailbox:
    board = Board(1, {cell[:TAG_LEN]: cell for cell in cells})
    return read_mailbox(board, charter, entropy, today)


def after_leaving(day: int) -> Charter:
    """Anna left on this day, when generation 2 began."""
    left = Handler(handler=0, label=LABELS[0], left_generation=2)
    charter, _ = make_charter(
        handlers=(left, *HANDLERS[1:]), generation_days=(CHARTER.body.anchor_day, day)
    )
    return charter


def texts(mailbox: Mailbox) -> list[str]:
    return [answer.text for answer in mailbox.answers]


def test_an_answer_is_found_with_who_wrote_it_and_when() -> None:
    mailbox = read(*seal_cells(CHARTER, answer_payload(CHARTER), handler=1))

    (answer,) = mailbox.answers
    assert (answer.day, answer.label, answer.left) == (TODAY, "Boris", False)
    assert (answer.language, answer.text) == ("ru", "Спасибо")
    assert mailbox.damaged == 0


def test_an_answer_of_many_cells_is_put_together() -> None:
    text = "Ответ. " * 900
    cells = seal_cells(CHARTER, answer_payload(CHARTER, text))

    assert len(cells) > 10
    assert texts(read(*reversed(cells))) == [text]


def test_other_words_find_nothing() -> None:
    cells = seal_cells(CHARTER, answer_payload(CHARTER))

    assert read(*cells, entropy=bytes(16)) == Mailbox((), (), 0, 0)


def test_answers_come_newest_first() -> None:
    cells = [
        cell
        for number, day in enumerate((TODAY - 9, TODAY, TODAY - 3))
        for cell in seal_cells(
            CHARTER, answer_payload(CHARTER, str(day), day), day=day, first=number
        )
    ]

    assert texts(read(*cells)) == [str(TODAY), str(TODAY - 3), str(TODAY - 9)]


@pytest.mark.parametrize(("weeks", "found"), [(1, True), (0, True), (-7, True), (-8, False)])
def test_weeks_from_the_next_to_the_seventh_before_are_looked_at(weeks: int, found: bool) -> None:
    day = TODAY + 7 * weeks
    cells = seal_cells(CHARTER, answer_payload(CHARTER, day=min(day, TODAY)), day=day)

    assert bool(read(*cells).answers) is found


def test_what_was_posted_twice_is_shown_once() -> None:
    payload = answer_payload(CHARTER)
    cells = seal_cells(CHARTER, payload) + seal_cells(CHARTER, payload, first=7)

    assert texts(read(*cells)) == ["Спасибо"]


def test_of_two_answers_with_one_id_the_one_that_begins_first_is_shown() -> None:
    payload = answer_payload(CHARTER)
    other = msgspec.structs.replace(payload, text="Нет")
    cells = seal_cells(CHARTER, other, first=7) + seal_cells(CHARTER, payload)
    of_next_week = seal_cells(CHARTER, other, day=TODAY + 7)

    assert texts(read(*cells)) == ["Спасибо"]
    assert texts(read(*of_next_week, *seal_cells(CHARTER, payload, first=9))) == ["Спасибо"]


def sealed_again(cells: list[bytes], day: int) -> list[bytes]:
    """What a colleague's desk can make of Anna's cells without her key: her bytes, in new ones."""
    key, later = thread_key(CHARTER, TODAY, 1), thread_key(CHARTER, day, 1)
    opened = [open_cell(cell, key) for cell in cells]
    again, name = [], secrets.token_bytes(8)
    for number, fragment in enumerate(opened):
        tag, salt = derive_tag(later, device_key(0).device, number), secrets.token_bytes(SALT_LEN)
        head = name + bytes([fragment.part, fragment.count])
        sealed = aes_gcm_seal(derive_cell_key(later, tag, salt), head + fragment.data)
        again.append(tag + salt + sealed)
    return again


def test_an_answer_that_a_colleague_seals_again_keeps_its_words_and_its_date_and_ends() -> None:
    cells = seal_cells(CHARTER, answer_payload(CHARTER, "Ответ. " * 200))

    beside = read(*cells, *sealed_again(cells, TODAY + 7))
    assert (len(beside.answers), beside.damaged) == (1, 0)

    alone = read(*sealed_again(cells, TODAY + 70), today=TODAY + 70)
    assert [(a.day, a.label, a.text) for a in alone.answers] == [(TODAY, "Анна", "Ответ. " * 200)]

    late = read(*sealed_again(cells, TODAY + 71), today=TODAY + 71)
    assert (late.answers, late.damaged) == ((), 1)


def test_one_handler_cannot_hide_the_answer_of_another_under_its_id() -> None:
    payload = answer_payload(CHARTER)
    forged = msgspec.structs.replace(payload, text="Нет")
    cells = seal_cells(CHARTER, payload) + seal_cells(CHARTER, forged, handler=1)

    assert sorted(texts(read(*cells))) == ["Нет", "Спасибо"]


def test_that_a_letter_was_opened_is_told_apart_from_answers() -> None:
    mailbox = read(*seal_cells(CHARTER, opened_payload(CHARTER, TODAY - 1)))

    assert mailbox.answers == ()
    assert [(o.day, o.label) for o in mailbox.opened] == [(TODAY - 1, "Анна")]


def test_an_answer_to_somebody_else_is_damage() -> None:
    payload = msgspec.structs.replace(answer_payload(CHARTER), to="ab" * 32)

    assert read(*seal_cells(CHARTER, payload)) == Mailbox((), (), 0, 1)


def test_an_altered_cell_is_damage_and_hides_nothing_else() -> None:
    bad = bytearray(seal_cells(CHARTER, answer_payload(CHARTER))[0])
    bad[100] ^= 1
    good = seal_cells(CHARTER, answer_payload(CHARTER, "da"), first=9)

    mailbox = read(bytes(bad), *good)
    assert (texts(mailbox), mailbox.damaged) == (["da"], 1)


def test_an_answer_of_which_parts_are_missing_is_told_as_such() -> None:
    """Parts come hours apart, and each has a life of its own: that is no damage."""
    cells = seal_cells(CHARTER, answer_payload(CHARTER, "Ответ. " * 900))

    assert read(*cells[1:]) == read(cells[0]) == Mailbox((), (), 1, 0)


def test_of_one_day_what_was_posted_last_is_shown_first() -> None:
    posted = [
        seal_cells(CHARTER, answer_payload(CHARTER, text), first=first)
        for text, first in (("второе", 20), ("третье", 30), ("первое", 10))
    ]

    mailbox = read(*(cell for cells in posted for cell in cells))
    assert texts(mailbox) == ["третье", "второе", "первое"]


def test_a_handler_who_left_is_still_heard_for_the_time_they_were_one() -> None:
    charter = after_leaving(TODAY - 7)
    cells = seal_cells(charter, answer_payload(charter, day=TODAY - 8), day=TODAY - 8)

    (answer,) = read(*cells, charter=charter).answers
    assert answer.left


def test_a_leaver_cannot_speak_under_the_generation_that_their_leaving_began() -> None:
    charter = after_leaving(TODAY - 7)
    cells = seal_cells(charter, answer_payload(charter), generation=2)

    assert read(*cells, charter=charter) == Mailbox((), (), 0, 1)


def test_a_colleague_may_answer_an_old_letter_long_after_a_revocation() -> None:
    charter = after_leaving(TODAY - 65)
    cells = seal_cells(charter, answer_payload(charter), handler=1)

    assert texts(read(*cells, charter=charter)) == ["Спасибо"]


@pytest.mark.parametrize(("days", "heard"), [(49, False), (48, True)])
def test_a_leaver_falls_silent_once_their_generation_is_over_in_every_week(
    days: int, heard: bool
) -> None:
    # TODAY is a Monday, so the oldest week begins 49 days ago.
    charter = after_leaving(TODAY - days)
    cells = seal_cells(charter, answer_payload(charter), handler=0)

    assert bool(read(*cells, charter=charter).answers) is heard


def test_a_new_charter_still_reads_what_an_old_one_signed() -> None:
    cells = seal_cells(CHARTER, answer_payload(CHARTER))
    newer = replace(CHARTER, hash=bytes(32))

    assert texts(read(*cells, charter=newer)) == ["Спасибо"]


def test_a_source_in_the_first_week_looks_no_further_back_than_the_anchor() -> None:
    anchor = CHARTER.body.anchor_day
    cells = seal_cells(CHARTER, answer_payload(CHARTER, day=anchor), day=anchor)

    assert texts(read(*cells, today=anchor)) == ["Спасибо"]


def test_every_slot_of_every_handler_is_looked_at() -> None:
    found: list[Any] = [
        read(*seal_cells(CHARTER, answer_payload(CHARTER), handler=n, first=255)).answers
        for n in range(3)
    ]

    assert [answers[0].label for answers in found] == list(LABELS)


@pytest.mark.parametrize("day", [0, TODAY - 71, TODAY + 2, 2**31])
def test_a_date_out_of_all_reason_is_damage_and_hides_no_other_answer(day: int) -> None:
    answer = seal_cells(CHARTER, answer_payload(CHARTER, "spoilt", day), handler=1)
    opened = msgspec.structs.replace(opened_payload(CHARTER), opened=day)
    good = seal_cells(CHARTER, answer_payload(CHARTER))

    mailbox = read(*answer, *seal_cells(CHARTER, opened, handler=2), *good)
    assert (texts(mailbox), mailbox.opened, mailbox.damaged) == (["Спасибо"], (), 2)


@pytest.mark.parametrize("day", [TODAY - 70, TODAY + 1])
def test_a_date_within_what_can_be_on_the_board_is_shown(day: int) -> None:
    cells = seal_cells(CHARTER, answer_payload(CHARTER, day=day))

    assert [a.day for a in read(*cells).answers] == [day]
