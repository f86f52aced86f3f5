import pytest

from silent_courier.protocol.errors import NotJoinedError, VaultDamagedError
from silent_courier.protocol.signing import DeviceKey
from silent_courier.storage.vault import Vault, identity
from tests.unit.storage.vault.kit import SECRETS


def test_secrets_are_not_in_their_representation(vault: Vault) -> None:
    shown = repr(identity.secrets(vault))

    assert all(repr(secret) not in shown for secret in (b"s" * 32, b"c" * 32, b"t" * 32))


def test_before_joining_there_is_no_membership(vault: Vault) -> None:
    with pytest.raises(NotJoinedError):
        identity.membership(vault)


def test_a_membership_names_our_key_in_its_slot(vault: Vault) -> None:
    identity.join(vault, b"o" * 32, 5)

    member = identity.membership(vault)
    assert member.org_id == b"o" * 32
    assert member.key == DeviceKey(5, SECRETS.signing_seed)


def test_a_vault_keeps_one_set_of_secrets(vault: Vault) -> None:
    vault.run("DELETE FROM self")

    with pytest.raises(VaultDamagedError):
        identity.secrets(vault)


def test_the_last_listing_never_goes_back(vault: Vault) -> None:
    assert identity.listed_until(vault) == 0
    identity.set_listed_until(vault, 9)
    identity.set_listed_until(vault, 7)

    assert identity.listed_until(vault) == 9


def test_signs_of_life_and_reviews_are_remembered(vault: Vault) -> None:
    assert identity.last_alive(vault) == (0, b"")
    assert identity.reviewed_under(vault) == b""
    identity.set_last_alive(vault, 3, b"h" * 32)
    identity.set_reviewed_under(vault, b"i" * 32)

    assert identity.last_alive(vault) == (3, b"h" * 32)
    assert identity.reviewed_under(vault) == b"i" * 32


def test_syncs_are_counted(vault: Vault) -> None:
    identity.begin_sync(vault)
    identity.begin_sync(vault)

    assert vault.row("SELECT syncs FROM self") == (2,)
