import pytest

from silent_courier.protocol.errors import NoTagsLeftError
from silent_courier.protocol.sizes import TAGS_PER_WEEK
from silent_courier.protocol.thread import ThreadKey
from silent_courier.storage.vault import Vault, tags
from tests.unit.storage.vault.kit import SOURCE, reopened

KEY = ThreadKey(b"k" * 32, 1, 9)


def test_no_number_is_given_twice(vault: Vault) -> None:
    given = [n for count in (1, 16, 3) for n in tags.reserve(vault, SOURCE, KEY, count)]

    assert given == list(range(20))


def test_a_reservation_survives_a_crash_that_nothing_was_sealed_in(vault: Vault) -> None:
    tags.reserve(vault, SOURCE, KEY, 5)
    again = reopened(vault)

    assert list(tags.reserve(again, SOURCE, KEY, 1)) == [5]
    again.close()


def test_the_numbers_of_a_week_run_out_with_a_clear_refusal(vault: Vault) -> None:
    for _ in range(TAGS_PER_WEEK // 16):
        tags.reserve(vault, SOURCE, KEY, 16)

    with pytest.raises(NoTagsLeftError):
        tags.reserve(vault, SOURCE, KEY, 1)


def test_a_refused_reservation_takes_nothing(vault: Vault) -> None:
    tags.reserve(vault, SOURCE, KEY, TAGS_PER_WEEK - 2)
    with pytest.raises(NoTagsLeftError):
        tags.reserve(vault, SOURCE, KEY, 3)

    assert tags.left(vault, SOURCE, KEY) == 2
    assert list(tags.reserve(vault, SOURCE, KEY, 2)) == [TAGS_PER_WEEK - 2, TAGS_PER_WEEK - 1]


@pytest.mark.parametrize(("source", "key"), [(b"T" * 32, KEY), (SOURCE, ThreadKey(KEY.key, 2, 10))])
def test_one_thread_key_under_two_ids_never_gives_a_number_twice(
    vault: Vault, source: bytes, key: ThreadKey
) -> None:
    tags.reserve(vault, SOURCE, KEY, 10)

    assert list(tags.reserve(vault, source, key, 2)) == [10, 11]
    assert list(tags.reserve(vault, SOURCE, KEY, 1)) == [12]


def test_other_thread_keys_count_for_themselves(vault: Vault) -> None:
    tags.reserve(vault, SOURCE, KEY, 10)

    assert tags.left(vault, SOURCE, ThreadKey(b"l" * 32, 1, 10)) == TAGS_PER_WEEK


def test_numbers_that_an_older_program_gave_out_stay_given(vault: Vault) -> None:
    vault.run("INSERT INTO tag VALUES (?, 1, 9, 7)", SOURCE)

    assert list(tags.reserve(vault, SOURCE, KEY, 1)) == [7]
    assert list(tags.reserve(vault, SOURCE, KEY, 1)) == [8]
