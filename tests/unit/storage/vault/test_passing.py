from silent_courier.storage.vault import Vault, letters, passing, presence
from silent_courier.storage.vault.letters import Opened, Outcome, State
from silent_courier.storage.vault.passing import FileKey
from silent_courier.storage.vault.presence import EVERY
from tests.unit.storage.vault.kit import TODAY, file_letter, letter_name, names

KEY = FileKey(letter_name(1), 4, b"k" * 16)


def test_file_keys_are_kept_until_their_letter_is_filed(vault: Vault) -> None:
    letters.note_listing(vault, TODAY, names([1]), 0)
    passing.keep_file_key(vault, KEY)
    passing.keep_file_key(vault, KEY)
    assert passing.file_keys(vault) == [KEY]
    file_letter(vault, 1)

    assert passing.file_keys(vault) == []


def test_a_file_key_that_opened_nothing_can_be_dropped_alone(vault: Vault) -> None:
    other = FileKey(KEY.hash, 8, b"l" * 16)
    passing.keep_file_key(vault, KEY)
    passing.keep_file_key(vault, other)
    passing.drop_file_key(vault, KEY)

    assert passing.file_keys(vault) == [other]
    assert repr(other.file_key) not in repr(other)


def test_a_key_that_opens_nothing_takes_its_promises_with_it(vault: Vault) -> None:
    passing.keep_file_key(vault, KEY)
    passing.promise(vault, KEY, [8, 12], TODAY)
    passing.drop_file_key(vault, KEY)
    passing.keep_promise(vault, KEY)

    assert passing.holders(vault, KEY.hash) == frozenset()


def test_history_is_whole_only_with_all_parts_of_one_colleague(vault: Vault) -> None:
    passing.keep_part(vault, KEY.hash, 4, (1, 2), b"def")
    passing.keep_part(vault, KEY.hash, 8, (0, 2), b"xyz")
    assert passing.take_history(vault, KEY.hash, 4) is None
    passing.keep_part(vault, KEY.hash, 4, (0, 2), b"abc")

    assert passing.take_history(vault, KEY.hash, 4) == b"abcdef"
    assert passing.take_history(vault, KEY.hash, 4) is None
    passing.drop_history(vault, KEY.hash)
    assert vault.rows("SELECT * FROM history") == []


def test_parts_that_disagree_about_their_number_make_no_letter(vault: Vault) -> None:
    passing.keep_part(vault, KEY.hash, 4, (0, 2), b"abc")
    passing.keep_part(vault, KEY.hash, 4, (1, 3), b"def")

    assert passing.take_history(vault, KEY.hash, 4) is None


def test_what_was_passed_is_not_passable_again(vault: Vault) -> None:
    first, second = file_letter(vault, 1), file_letter(vault, 2)
    passing.note_passed(vault, [first], [4, 8], TODAY)

    assert [p.hash for p in passing.passable(vault, TODAY, 4, EVERY)] == [second]
    assert [p.hash for p in passing.passable(vault, TODAY, 12, EVERY)] == [second, first]
    assert passing.holders(vault, first) == {4, 8}
    passing.forget_passed(vault, 4)
    assert passing.holders(vault, first) == {8}


def test_what_was_passed_to_keys_that_were_destroyed_unread_is_passable_again(
    vault: Vault,
) -> None:
    name = file_letter(vault, 1)
    passing.note_passed(vault, [name], [4, 8], TODAY)
    presence.saw_signs(vault, {4: TODAY, 8: TODAY})
    presence.saw_signs(vault, {4: TODAY + 20, 8: TODAY + 2})

    assert passing.holders(vault, name) == {8}
    assert [p.hash for p in passing.passable(vault, TODAY, 4, EVERY)] == [name]
    passing.note_passed(vault, [name], [4], TODAY + 20)
    assert passing.passable(vault, TODAY, 4, EVERY) == []


def test_only_letters_up_to_a_number_and_of_one_day_are_passable(vault: Vault) -> None:
    first = file_letter(vault, 1)
    file_letter(vault, 2)
    file_letter(vault, 3, day=TODAY + 1)
    up_to = letters.seq_of(vault, first)

    assert [p.hash for p in passing.passable(vault, TODAY, 4, up_to)] == [first]
    assert passing.days_with_letters(vault) == [TODAY + 1, TODAY]


def test_covers_and_quarantined_letters_are_not_passed_on(vault: Vault) -> None:
    opened = Opened(letter_name(1), TODAY, b"", key_day=TODAY)
    letters.keep(vault, opened, Outcome(State.QUARANTINED, "letter", "odd-day"))
    letters.note_listing(vault, TODAY, names([2]), 0)

    assert passing.days_with_letters(vault) == []


def test_a_letter_off_the_server_is_passed_on_in_parts(vault: Vault) -> None:
    file_letter(vault, 1)
    letters.note_days(vault, [])

    (letter,) = passing.passable(vault, TODAY, 4, EVERY)
    assert not letter.on_server
    assert letter.payload == b'{"payload":1}'
    assert letter.trailer == bytes(66)


def test_wishes_are_remembered_until_they_are_met(vault: Vault) -> None:
    passing.want(vault, 4)
    passing.want(vault, 4)
    passing.want(vault, 8)
    passing.no_longer_want(vault, 4)

    assert passing.wanted(vault) == {8}
