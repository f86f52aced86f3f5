import pytest

from silent_courier.desk import Desk
from silent_courier.desk.adoption import adopt, check_device, root_changes
from silent_courier.protocol.errors import (
    CharterConflictError,
    CharterSerialError,
    DeviceRevokedError,
    NotEnrolledError,
)
from silent_courier.storage.vault import charters
from tests.unit.protocol.makers import Organisation, device_key, root_key


def test_a_newer_charter_is_adopted_once(desk: Desk, org: Organisation) -> None:
    newer = org.issue()

    assert adopt(desk.vault, newer.charter, newer.files)
    assert not adopt(desk.vault, newer.charter, newer.files)
    assert charters.current(desk.vault, org.org_id) == newer.charter


def test_an_older_charter_is_refused(desk: Desk, org: Organisation) -> None:
    newer = org.issue()
    adopt(desk.vault, newer.charter, newer.files)

    with pytest.raises(CharterSerialError):
        adopt(desk.vault, org.charter, org.files)
    assert charters.current(desk.vault, org.org_id) == newer.charter


def test_a_second_charter_of_the_same_serial_is_refused(desk: Desk, org: Organisation) -> None:
    one, other = org.issue(), org.issue(name="Another")
    adopt(desk.vault, one.charter, one.files)

    with pytest.raises(CharterConflictError):
        adopt(desk.vault, other.charter, other.files)


def test_a_revoked_device_is_told_so(org: Organisation) -> None:
    check_device(org.charter, device_key(0))

    with pytest.raises(DeviceRevokedError):
        check_device(org.without(0).charter, device_key(0))


def test_a_device_that_the_charter_does_not_name_is_told_so(org: Organisation) -> None:
    with pytest.raises(NotEnrolledError):
        check_device(org.charter, device_key(8))


def test_the_next_charter_goes_on_from_ours_or_is_refused(desk: Desk, org: Organisation) -> None:
    one, other = org.issue(), org.issue(name="Another")
    adopt(desk.vault, one.charter, one.files)
    after = other.issue()

    with pytest.raises(CharterConflictError):
        adopt(desk.vault, after.charter, after.files)
    assert charters.current(desk.vault, org.org_id) == one.charter


def test_charters_between_may_be_missing(desk: Desk, org: Organisation) -> None:
    later = org.issue().issue(skip=True)

    assert adopt(desk.vault, later.charter, later.files)


def test_who_holds_a_root_that_was_replaced_cannot_write_charters(
    desk: Desk, org: Organisation
) -> None:
    changed = org.issue(roots=[root_key("second")])
    adopt(desk.vault, changed.charter, changed.files)
    forged = org.issue(serial=9)  # by the old root, as if it had never been replaced

    with pytest.raises(CharterConflictError):
        adopt(desk.vault, forged.charter, forged.files)


def test_a_chain_with_every_change_of_root_is_adopted(desk: Desk, org: Organisation) -> None:
    changed = org.issue(roots=[root_key("second")])
    adopt(desk.vault, changed.charter, changed.files)
    after = changed.issue(signers=[root_key("second")])

    assert adopt(desk.vault, after.charter, after.files)
    assert root_changes(after.files, org.org_id) == {changed.charter.hash}
