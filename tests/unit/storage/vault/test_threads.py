from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import Vault, identity, threads
from silent_courier.storage.vault.threads import Entry
from tests.unit.storage.vault.kit import SOURCE, TODAY, file_letter, make_entry


def add(vault: Vault, number: int, *, day: int = TODAY, kind: str = "letter") -> bytes:
    entry = number.to_bytes(16, "big")
    device = None if kind == "letter" else 4
    threads.add(vault, make_entry(entry, kind=kind, day=day, device=device), unread=True)
    return entry


def kinds(vault: Vault) -> list[str]:
    return [entry.kind for entry in threads.entries(vault, SOURCE)]


def test_a_thread_goes_by_day(vault: Vault) -> None:
    add(vault, 1, day=TODAY + 1)
    add(vault, 2, day=TODAY, kind="reply")

    assert [e.day for e in threads.entries(vault, SOURCE)] == [TODAY, TODAY + 1]


def test_what_one_sync_brought_shows_letters_before_answers(vault: Vault) -> None:
    add(vault, 1, kind="note")
    add(vault, 2, kind="reply")
    add(vault, 3, kind="letter")

    assert kinds(vault) == ["letter", "reply", "note"]


def test_what_a_later_sync_brought_of_the_same_day_comes_after(vault: Vault) -> None:
    add(vault, 1, kind="note")
    identity.begin_sync(vault)
    add(vault, 2, kind="letter")

    assert kinds(vault) == ["note", "letter"]


def test_an_entry_is_found_by_its_id_alone(vault: Vault) -> None:
    entry = add(vault, 1)

    assert threads.find_entry(vault, entry) == make_entry(entry)
    assert threads.find_entry(vault, b"x" * 16) is None


def test_an_entry_names_the_letter_that_brought_it(vault: Vault) -> None:
    name = file_letter(vault, 1, entry=b"e" * 16)
    file_letter(vault, 2, entry=b"e" * 16)

    assert threads.provenance(vault, SOURCE)[b"e" * 16].letter == name


def test_summaries_count_by_kind_and_name_who_answered(vault: Vault) -> None:
    add(vault, 1, day=TODAY - 2)
    add(vault, 2, kind="reply")
    add(vault, 3, kind="note", day=TODAY + 1)
    threads.add(vault, Entry(b"o" * 16, b"T" * 32, "letter", TODAY, None, b"{}"), unread=False)

    newest, other = threads.summaries(vault)
    assert (newest.source, newest.letters, newest.replies, newest.notes) == (SOURCE, 1, 1, 1)
    assert (newest.first_day, newest.last_day, newest.unread) == (TODAY - 2, TODAY + 1, 3)
    assert newest.devices == (4,)
    assert newest.last_letter is not None
    assert threads.payload_of(vault, newest.last_letter) == b'{"payload":1}'
    assert (other.source, other.unread, other.devices) == (b"T" * 32, 0, ())


def test_of_threads_of_one_day_the_one_that_was_filed_last_is_the_newest(vault: Vault) -> None:
    add(vault, 1)
    threads.add(vault, Entry(b"o" * 16, b"T" * 32, "letter", TODAY, None, b"{}"), unread=True)
    # What a colleague hands over of an older day comes late, and makes nothing newer.
    add(vault, 2, day=TODAY - 3)

    assert [each.source for each in threads.summaries(vault)] == [b"T" * 32, SOURCE]


def test_a_thread_without_a_letter_has_none_to_preview(vault: Vault) -> None:
    add(vault, 1, kind="note")

    (summary,) = threads.summaries(vault)
    assert (summary.letters, summary.last_letter) == (0, None)


def test_reading_marks_one_thread_alone(vault: Vault) -> None:
    add(vault, 1)
    threads.add(vault, Entry(b"o" * 16, b"T" * 32, "letter", TODAY, None, b"{}"), unread=True)
    threads.mark_read(vault, SOURCE)

    assert {s.source: s.unread for s in threads.summaries(vault)} == {SOURCE: 0, b"T" * 32: 1}


def test_a_thread_is_found_by_its_beginning(vault: Vault) -> None:
    add(vault, 1)

    assert threads.find(vault, SOURCE.hex()[:5]) == [SOURCE]
    assert threads.find(vault, "00") == []


def test_every_source_is_named_once(vault: Vault) -> None:
    assert threads.sources(vault) == []
    add(vault, 1)
    add(vault, 2, kind="reply")

    assert threads.sources(vault) == [SOURCE]


def test_the_older_pin_is_overwritten(vault: Vault) -> None:
    threads.set_pin(vault, SOURCE, ThreadKey(b"a" * 32, 1, 3))
    threads.set_pin(vault, SOURCE, ThreadKey(b"b" * 32, 1, 4))

    assert threads.pin(vault, SOURCE, 1) == ThreadKey(b"b" * 32, 1, 4)
    assert threads.pin(vault, SOURCE, 2) is None
    assert vault.rows("SELECT 1 FROM pin WHERE key = ?", b"a" * 32) == []


def test_pins_step_to_the_current_week_and_the_old_key_is_gone(vault: Vault) -> None:
    old = ThreadKey(b"a" * 32, 1, 3)
    threads.set_pin(vault, SOURCE, old)
    threads.step_pins(vault, 6, ThreadKey.step_to)

    assert threads.pin(vault, SOURCE, 1) == old.step_to(6)
    assert vault.rows("SELECT 1 FROM pin WHERE key = ?", old.key) == []


def test_a_pin_of_the_week_ahead_waits(vault: Vault) -> None:
    ahead = ThreadKey(b"a" * 32, 1, 7)
    threads.set_pin(vault, SOURCE, ahead)
    threads.step_pins(vault, 6, ThreadKey.step_to)

    assert threads.newest_pin(vault, SOURCE) == ahead


def test_pins_that_a_newer_generation_replaced_are_forgotten(vault: Vault) -> None:
    threads.set_pin(vault, SOURCE, ThreadKey(b"a" * 32, 1, 6))
    threads.set_pin(vault, SOURCE, ThreadKey(b"b" * 32, 2, 6))
    threads.set_pin(vault, b"T" * 32, ThreadKey(b"c" * 32, 1, 6))
    assert threads.newest_pin(vault, SOURCE) == ThreadKey(b"b" * 32, 2, 6)
    threads.step_pins(vault, 6, ThreadKey.step_to)

    assert threads.pin(vault, SOURCE, 1) is None
    assert threads.pin(vault, b"T" * 32, 1) is not None


def test_payloads_are_not_in_representations() -> None:
    assert "payload" not in repr(make_entry(b"e" * 16))
