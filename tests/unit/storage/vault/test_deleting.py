from silent_courier.storage.vault import Vault, changes, deleting, letters, outbox, threads
from silent_courier.storage.vault.changes import KeptChange
from silent_courier.storage.vault.letters import State
from tests.unit.storage.vault.kit import SOURCE, TODAY, file_letter, letter_name, make_entry


def test_what_waits_in_the_outbox_is_seen(vault: Vault) -> None:
    threads.add(vault, make_entry(b"r" * 16, kind="reply"), unread=False)
    assert not deleting.waits(vault, SOURCE)
    outbox.add_cells(vault, b"r" * 16, [b"cell"])
    assert deleting.waits(vault, SOURCE)
    outbox.refuse_cell(vault, outbox.cells(vault)[0])
    assert not deleting.waits(vault, SOURCE)
    changes.add(vault, KeptChange(b"c" * 16, SOURCE, TODAY, 1, 0, TODAY, b"{}"))
    outbox.add_letter(vault, b"c" * 16, b"{}")

    assert deleting.waits(vault, SOURCE)


def test_of_a_letter_hash_day_and_header_stay(vault: Vault) -> None:
    name = file_letter(vault, 1)
    deleting.forget_letters(vault, deleting.letters_of(vault, SOURCE))

    row = vault.row(
        "SELECT hash, day, header, coalesce(entry, file_key, payload, trailer, sealed) FROM letter"
    )
    assert row == (name, TODAY, name, None)
    assert letters.state_of(vault, name) is State.DELETED
    assert letters.header_is_known(vault, name, letter_name(2))


def test_a_deleted_letter_that_is_listed_again_is_not_fetched(vault: Vault) -> None:
    name = file_letter(vault, 1)
    deleting.forget_letters(vault, [name])
    letters.note_listing(vault, TODAY, [name], 0)

    assert letters.to_fetch(vault) == []
    assert letters.hashes_of(vault, TODAY) == [name]


def test_a_thread_that_is_forgotten_is_known_by_its_day_alone(vault: Vault) -> None:
    file_letter(vault, 1)
    changes.add(vault, KeptChange(b"c" * 16, SOURCE, TODAY, 1, 0, TODAY, b"{}"))
    changes.set_standing(vault, SOURCE, b"{}", [b"T" * 32])
    deleting.forget_thread(vault, SOURCE, TODAY)

    assert threads.summaries(vault) == []
    assert changes.of_thread(vault, SOURCE) == []
    assert changes.standings(vault) == {}
    assert changes.same_matter(vault) == {}
    assert deleting.was_deleted(vault, SOURCE, TODAY)
    assert not deleting.was_deleted(vault, SOURCE, TODAY + 1)
    assert not deleting.was_deleted(vault, b"T" * 32, TODAY)
    assert deleting.ever_deleted(vault, SOURCE)
    assert not deleting.ever_deleted(vault, b"T" * 32)
    assert changes.unmerged(vault) == []


def test_what_was_set_ahead_of_the_day_of_deleting_stays_away_too(vault: Vault) -> None:
    changes.add(vault, KeptChange(b"c" * 16, SOURCE, TODAY + 1, 1, 0, TODAY, b"{}"))
    deleting.forget_thread(vault, SOURCE, TODAY)
    deleting.forget_thread(vault, SOURCE, TODAY)

    assert deleting.was_deleted(vault, SOURCE, TODAY + 1)
    assert not deleting.was_deleted(vault, SOURCE, TODAY + 2)
