"""What a vault remembers of the portal's files."""

from silent_courier.storage.vault import Vault, portal
from silent_courier.storage.vault.portal import Vouched

FIRST = Vouched(b"r" * 32, b"c" * 32, 20_000)


def test_nothing_is_vouched_for_until_it_is(vault: Vault) -> None:
    assert portal.vouched(vault) is None
    portal.set_vouched(vault, FIRST)

    assert portal.vouched(vault) == FIRST


def test_charter_under_which_a_list_was_shown_is_remembered(vault: Vault) -> None:
    assert not portal.was_shown(vault, b"c" * 32)
    assert portal.shown(vault) is None
    portal.set_shown(vault, b"c" * 32, b"list")

    assert portal.was_shown(vault, b"c" * 32)
    assert not portal.was_shown(vault, b"d" * 32)
    assert portal.shown(vault) == b"list"


def test_time_of_the_next_look_is_remembered(vault: Vault) -> None:
    assert portal.look_at(vault) is None
    portal.set_look_at(vault, 99)

    assert portal.look_at(vault) == 99
