import pytest

from silent_courier.desk import (
    Desk,
    find_thread,
    list_quarantine,
    list_threads,
    note,
    read_thread,
    reply,
)
from silent_courier.desk.filing import file_sealed
from silent_courier.desk.reading import former_can_read
from silent_courier.protocol.errors import UnknownThreadError
from silent_courier.protocol.payload import FormAnswer
from silent_courier.protocol.thread import derive_auth, derive_thread_key
from silent_courier.storage.vault import day_keys, outbox
from tests.unit.desk.kit import make_file, make_reading, seal
from tests.unit.protocol.makers import (
    TODAY,
    WEEK,
    Organisation,
    draw,
    letter_payload,
    source_id,
)


def take_in(desk: Desk, org: Organisation, sealed: bytes) -> None:
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))


def of_another(org: Organisation, words: str) -> bytes:
    entropy = draw(words, 16)
    return seal(
        org,
        letter_payload(
            org,
            id=draw(f"letter of {words}", 16).hex(),
            auth=derive_auth(entropy, org.org_id, 1).hex(),
            thread_key=derive_thread_key(entropy, org.org_id, 1, WEEK).key.hex(),
            text=words,
            language="en",
        ),
    )


def test_each_source_has_its_thread(desk: Desk, org: Organisation) -> None:
    for words in ("one", "two", "three"):
        take_in(desk, org, of_another(org, words))

    assert {row.preview for row in list_threads(desk)} == {"one", "two", "three"}
    assert len({row.thread for row in list_threads(desk)}) == 3


def test_a_row_says_what_the_thread_is(desk: Desk, org: Organisation) -> None:
    file = make_file(org, "a.txt", b"content")
    take_in(desk, org, seal(org, letter_payload(org, attachments=(file.attachment,))))
    (row,) = list_threads(desk)

    assert (row.language, row.first_date, row.attachments) == ("ru", "2026-11-23", 1)


def test_a_preview_is_one_short_line(desk: Desk, org: Organisation) -> None:
    take_in(desk, org, seal(org, letter_payload(org, text="строка\n\n  ещё " * 50)))
    (row,) = list_threads(desk)

    assert len(row.preview) == 80
    assert row.preview.startswith("строка ещё строка")
    assert row.preview.endswith("…")


def test_a_letter_is_read_whole(desk: Desk, org: Organisation) -> None:
    file = make_file(org, "a.txt", b"content")
    form = (FormAnswer(question="danger", answer="yes"),)
    take_in(desk, org, seal(org, letter_payload(org, attachments=(file.attachment,), form=form)))
    (entry,) = read_thread(desk, source_id(org).hex())

    assert (entry.kind, entry.by, entry.own, entry.text) == ("letter", None, False, "Здравствуйте")
    assert entry.form == (("danger", "yes"),)
    (attachment,) = entry.attachments
    assert (attachment.name, attachment.size, attachment.state) == ("a.txt", 7, "waiting")


def test_reading_marks_as_read_unless_told_not_to(desk: Desk, org: Organisation) -> None:
    take_in(desk, org, seal(org, letter_payload(org)))
    thread = source_id(org).hex()
    read_thread(desk, thread, mark_read=False)
    assert list_threads(desk)[0].unread == 1
    read_thread(desk, thread)

    assert list_threads(desk)[0].unread == 0


def test_a_thread_is_found_by_four_characters_and_no_fewer(desk: Desk, org: Organisation) -> None:
    take_in(desk, org, seal(org, letter_payload(org)))
    whole = source_id(org).hex()
    assert find_thread(desk, whole[:4].upper()) == find_thread(desk, whole) == whole

    for prefix in ("", whole[:3], "zzzz", "%%%%"):
        with pytest.raises(UnknownThreadError):
            find_thread(desk, prefix)


def test_the_state_of_what_we_wrote_follows_the_outbox(desk: Desk, org: Organisation) -> None:
    take_in(desk, org, seal(org, letter_payload(org)))
    thread = source_id(org).hex()
    reply(desk, thread, "ответ")
    note(desk, thread, "заметка")

    def states() -> list[str]:
        return [entry.state for entry in read_thread(desk, thread)]

    assert states() == ["received", "waiting", "waiting"]
    outbox.remove_letter(desk.vault, outbox.letters(desk.vault)[1])
    (cell,) = outbox.cells(desk.vault)
    outbox.refuse_cell(desk.vault, cell)
    assert states() == ["received", "refused", "posted"]
    outbox.remove_cells(desk.vault, [cell])
    assert states() == ["received", "posted", "posted"]


def test_an_empty_desk_lists_nothing(desk: Desk) -> None:
    assert (list_threads(desk), list_quarantine(desk)) == ((), ())


def test_a_reply_on_the_day_of_the_new_generation_is_marked(org: Organisation) -> None:
    charter = org.without(1).charter
    began = charter.body.generation_days[1]

    assert former_can_read(charter, 1, began)
    assert not former_can_read(charter, 1, began - 1)
    assert not former_can_read(charter, 2, began + 100)
