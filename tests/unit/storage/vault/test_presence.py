from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS
from silent_courier.storage.vault import Vault, letters, presence
from silent_courier.storage.vault.presence import EVERY
from tests.unit.storage.vault.kit import TODAY, names


def test_who_stood_in_the_first_keyring_lacks_nothing(vault: Vault) -> None:
    presence.saw_keyring(vault, TODAY, [0, 4])

    assert presence.lacks_up_to(vault, TODAY, 4) == 0
    assert presence.lacks_up_to(vault, TODAY, 8) == EVERY


def test_who_came_during_the_day_may_lack_its_earlier_letters(vault: Vault) -> None:
    presence.saw_keyring(vault, TODAY, [0])
    letters.note_listing(vault, TODAY, names([1, 2]), 0)
    presence.saw_keyring(vault, TODAY, [0, 4])
    letters.note_listing(vault, TODAY, names([1, 2, 3]), 0)

    assert presence.lacks_up_to(vault, TODAY, 0) == 0
    assert presence.lacks_up_to(vault, TODAY, 4) == 2
    assert presence.could_open(vault, TODAY, 2, [0, 4]) == {0}
    assert presence.could_open(vault, TODAY, 3, [0, 4]) == {0, 4}


def test_who_came_over_night_may_lack_the_first_letters_of_the_day(vault: Vault) -> None:
    presence.saw_keyring(vault, TODAY - 1, [0])
    letters.note_listing(vault, TODAY, names([1]), 0)
    presence.saw_keyring(vault, TODAY, [0, 4])

    assert presence.lacks_up_to(vault, TODAY, 4) == 1
    assert presence.lacks_up_to(vault, TODAY - 1, 4) == EVERY


def test_a_later_sync_does_not_make_a_device_late(vault: Vault) -> None:
    presence.saw_keyring(vault, TODAY, [0, 4])
    letters.note_listing(vault, TODAY, names([1]), 0)
    presence.saw_keyring(vault, TODAY, [0, 4])

    assert presence.lacks_up_to(vault, TODAY, 4) == 0


def test_a_day_that_was_slept_through_is_like_its_neighbours(vault: Vault) -> None:
    presence.saw_keyring(vault, TODAY, [0, 4, 8])
    presence.saw_keyring(vault, TODAY + 3, [0, 4, 12])

    assert presence.lacks_up_to(vault, TODAY + 1, 4) == 0
    assert presence.lacks_up_to(vault, TODAY + 1, 8) == EVERY
    assert presence.lacks_up_to(vault, TODAY + 1, 12) == EVERY


def test_of_days_before_our_first_keyring_nothing_is_known(vault: Vault) -> None:
    presence.saw_keyring(vault, TODAY, [0, 4])

    assert presence.lacks_up_to(vault, TODAY - 1, 4) == EVERY
    assert presence.could_open(vault, TODAY - 1, 1, [0, 4]) == frozenset()


def test_who_was_away_longer_than_day_keys_live_lacks_the_days_between(vault: Vault) -> None:
    for day in range(TODAY, TODAY + 13):
        presence.saw_keyring(vault, day, [0, 4])
    presence.saw_signs(vault, {0: TODAY, 4: TODAY})
    back = TODAY + 12
    presence.saw_signs(vault, {0: back - 1, 4: back})

    destroyed = back - DAY_KEY_LIFE_DAYS
    assert presence.lacks_up_to(vault, TODAY, 4) == EVERY
    assert presence.lacks_up_to(vault, destroyed, 4) == EVERY
    assert presence.lacks_up_to(vault, destroyed + 1, 4) == 0


def test_who_came_back_in_time_lacks_nothing(vault: Vault) -> None:
    presence.saw_keyring(vault, TODAY, [4])
    presence.saw_signs(vault, {4: TODAY})
    presence.saw_signs(vault, {4: TODAY + DAY_KEY_LIFE_DAYS - 1})

    assert presence.lacks_up_to(vault, TODAY, 4) == 0


def test_an_old_sign_of_life_shown_again_changes_nothing(vault: Vault) -> None:
    presence.saw_signs(vault, {4: TODAY + 20})
    presence.saw_signs(vault, {4: TODAY})
    presence.saw_signs(vault, {4: TODAY + 20})

    assert vault.rows("SELECT * FROM gap") == []
    assert vault.rows("SELECT * FROM alive") == [(4, TODAY + 20)]
