import pytest

from silent_courier.protocol.errors import NotJoinedError, WrongOrganisationError
from silent_courier.storage.vault import Vault, charters
from tests.unit.protocol.makers import make_organisation, root_key


def test_without_a_charter_the_desk_has_not_joined(vault: Vault) -> None:
    with pytest.raises(NotJoinedError):
        charters.current(vault, bytes(32))


def test_the_current_charter_is_verified_again_when_it_is_read(vault: Vault) -> None:
    org = make_organisation()
    charters.adopt(vault, org.charter, org.files)

    assert charters.current(vault, org.org_id) == org.charter
    with pytest.raises(WrongOrganisationError):
        charters.current(vault, bytes(32))


def test_only_the_latest_chain_is_kept_but_every_hash(vault: Vault) -> None:
    first = make_organisation()
    second = first.issue()
    third = second.issue(roots=[root_key("second")])
    for org in (first, second, third):
        charters.adopt(vault, org.charter, org.files)

    assert charters.current(vault, first.org_id) == third.charter
    assert vault.row("SELECT count(*) FROM charter WHERE chain IS NOT NULL") == (1,)
    assert charters.known_hashes(vault) == {o.charter.hash for o in (first, second, third)}


def test_the_charter_before_an_adopted_one_is_known(vault: Vault) -> None:
    first = make_organisation()
    third = first.issue().issue(skip=True)
    charters.adopt(vault, first.charter, first.files)
    charters.adopt(vault, third.charter, third.files)

    assert bytes.fromhex(third.charter.body.previous or "") in charters.known_hashes(vault)
    assert len(charters.known_hashes(vault)) == 3
