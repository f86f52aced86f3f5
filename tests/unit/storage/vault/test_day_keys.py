import os

from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS
from silent_courier.storage.vault import Vault, day_keys, letters
from tests.unit.storage.vault.kit import TODAY, file_letter, reopened

DAYS = range(TODAY, TODAY + 3)


def test_a_day_key_lives_its_days_and_not_one_more(vault: Vault) -> None:
    day_keys.make_missing(vault, range(TODAY, TODAY + 3), os.urandom)
    day_keys.destroy_old(vault, TODAY + DAY_KEY_LIFE_DAYS - 1)
    assert [key.day for key in day_keys.living(vault)] == [TODAY, TODAY + 1, TODAY + 2]

    assert day_keys.destroy_old(vault, TODAY + DAY_KEY_LIFE_DAYS) == 1
    assert [key.day for key in day_keys.living(vault)] == [TODAY + 1, TODAY + 2]


def test_a_destroyed_seed_is_nowhere_in_the_database(vault: Vault) -> None:
    seed = b"D" * 32
    vault.run("INSERT INTO day_key (day, seed) VALUES (?, ?)", TODAY, seed)
    pages = "SELECT 1 FROM day_key WHERE seed = ?"
    assert vault.row(pages, seed) == (1,)
    day_keys.destroy_old(vault, TODAY + DAY_KEY_LIFE_DAYS)

    assert vault.row(pages, seed) is None
    assert (vault.directory / "vault.sqlite-wal").stat().st_size == 0


def test_sealed_letters_go_with_their_day_key(vault: Vault) -> None:
    old, new = file_letter(vault, 1, day=TODAY), file_letter(vault, 2, day=TODAY + 1)
    day_keys.destroy_old(vault, TODAY + DAY_KEY_LIFE_DAYS)

    assert letters.sealed_of(vault, old) is None
    assert letters.sealed_of(vault, new) == (b"sealed", TODAY + 1)


def test_a_day_has_one_key_for_ever(vault: Vault) -> None:
    day_keys.make_missing(vault, [TODAY], os.urandom)
    before = day_keys.of_day(vault, TODAY)
    day_keys.make_missing(vault, [TODAY, TODAY + 1], os.urandom)

    assert day_keys.of_day(vault, TODAY) == before
    assert day_keys.of_day(vault, TODAY + 2) is None


def test_keys_survive_the_program_but_not_their_representation(vault: Vault) -> None:
    day_keys.make_missing(vault, [TODAY], os.urandom)
    before = day_keys.living(vault)
    again = reopened(vault)

    assert day_keys.living(again) == before
    assert before[0].seed.hex() not in repr(before)
    again.close()


def test_a_new_charter_makes_every_key_unstated_again(vault: Vault) -> None:
    day_keys.make_missing(vault, range(TODAY, TODAY + 3), os.urandom)
    day_keys.mark_stated(vault, [TODAY, TODAY + 1], b"a" * 32)

    assert [key.day for key in day_keys.unstated(vault, b"a" * 32, DAYS)] == [TODAY + 2]
    assert [key.day for key in day_keys.unstated(vault, b"b" * 32, DAYS[1:])] == [
        TODAY + 1,
        TODAY + 2,
    ]


def test_a_refused_key_is_stated_again_under_the_next_charter_alone(vault: Vault) -> None:
    day_keys.make_missing(vault, [TODAY], os.urandom)
    day_keys.mark_refused(vault, TODAY, b"a" * 32)

    assert day_keys.unstated(vault, b"a" * 32, DAYS) == []
    assert len(day_keys.unstated(vault, b"b" * 32, DAYS)) == 1
    assert len(day_keys.living(vault)) == 1


def test_the_last_stated_day_is_told_under_whatever_charter(vault: Vault) -> None:
    assert day_keys.stated_until(vault) == 0
    day_keys.make_missing(vault, DAYS, os.urandom)
    assert day_keys.stated_until(vault) == 0
    day_keys.mark_stated(vault, [TODAY], b"c" * 32)
    day_keys.mark_stated(vault, [TODAY + 1], b"d" * 32)

    assert day_keys.stated_until(vault) == TODAY + 1
