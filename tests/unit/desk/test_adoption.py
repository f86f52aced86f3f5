import pytest

from silent_courier.desk import Desk
from silent_courier.desk.adoption import adopt, check_device
from silent_courier.protocol.errors import (
    CharterConflictError,
    CharterSerialError,
    DeviceRevokedError,
    NotEnrolledError,
)
from silent_courier.storage.vault import charters
from tests.unit.protocol.makers import Organisation, device_key


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
