"""The charter that holds: verified when loaded and when read back, never an older one."""

from dataclasses import replace

import pytest

from silent_courier.protocol.charter import Device, Handler, verify_chain
from silent_courier.protocol.errors import (
    CharterSerialError,
    CharterSignatureError,
    CourierError,
    MalformedCharterError,
    StoreDamagedError,
    WrongOrganisationError,
)
from silent_courier.server.standing import (
    Standing,
    check_successor,
    essential,
    from_stored,
    to_stored,
    verify_standing,
)
from silent_courier.storage.server.charters import StoredCharter
from tests.unit.server.kit import Organisation, make_organisation, make_root

ORGANISATION = make_organisation()


def _standing(organisation: Organisation) -> Standing:
    return verify_standing(organisation.chain, organisation.access)


def test_chain_with_its_access_list_stands() -> None:
    standing = _standing(ORGANISATION)

    assert standing.charter == ORGANISATION.charter
    assert from_stored(to_stored(standing, ORGANISATION.access)) == standing


def test_access_list_of_another_charter_is_refused() -> None:
    with pytest.raises(WrongOrganisationError):
        verify_standing(ORGANISATION.next().chain, ORGANISATION.access)


def test_flipped_bit_anywhere_is_refused() -> None:
    for data in (ORGANISATION.chain, ORGANISATION.access):
        for position in range(0, len(data), 97):
            damaged = bytearray(data)
            damaged[position] ^= 1
            chain, access = (
                (bytes(damaged), ORGANISATION.access)
                if data is ORGANISATION.chain
                else (ORGANISATION.chain, bytes(damaged))
            )
            with pytest.raises(CourierError):
                verify_standing(chain, access)


@pytest.mark.parametrize("chain", [b"", b"SCCN\x01", b"SCCN\x01\0\0\0\x01x"])
def test_file_that_is_no_chain_is_refused(chain: bytes) -> None:
    with pytest.raises(MalformedCharterError):
        verify_standing(chain, ORGANISATION.access)


def test_charter_signed_by_a_stranger_is_refused() -> None:
    forged = replace(ORGANISATION, root=make_root()).next()

    with pytest.raises(CharterSignatureError):
        verify_standing(forged.chain, forged.access)


def test_only_the_first_the_rotations_and_the_last_are_kept() -> None:
    renewed = ORGANISATION.next()
    rotated = renewed.next(root=make_root())
    last = rotated.next().next()

    kept = essential(last.files)

    assert kept == (last.files[0], rotated.files[-1], last.files[-1])
    assert verify_chain(kept, last.charter.org_id) == last.charter
    assert essential(last.files[:1]) == last.files[:1]
    assert essential(rotated.files) == (rotated.files[0], rotated.files[-1])


def test_higher_serial_may_follow_and_lower_may_not() -> None:
    first, second = _standing(ORGANISATION), _standing(ORGANISATION.next())
    check_successor(second, first)

    with pytest.raises(CharterSerialError):
        check_successor(first, second)


def test_same_serial_may_follow_only_as_the_very_same_charter() -> None:
    one, other = _standing(ORGANISATION.next()), _standing(ORGANISATION.next(name="Other"))
    check_successor(one, one)

    with pytest.raises(CharterSerialError):
        check_successor(other, one)


def test_chain_that_leaves_out_a_known_change_of_the_root_may_not_follow() -> None:
    """Somebody with the root of before goes on as if it had never been changed."""
    rotated = ORGANISATION.next(root=make_root())
    stolen = ORGANISATION.next().next().next()
    assert stolen.charter.body.serial > rotated.charter.body.serial
    check_successor(_standing(rotated), _standing(ORGANISATION))

    for known in (rotated, rotated.next()):
        with pytest.raises(CharterSignatureError):
            check_successor(_standing(stolen), _standing(known))
    other = ORGANISATION.next(root=make_root(), name="Another change").next().next()
    with pytest.raises(CharterSignatureError):
        check_successor(_standing(other), _standing(rotated))


def test_second_change_of_the_root_may_follow_the_first() -> None:
    first = ORGANISATION.next(root=make_root())
    second = first.next().next(root=make_root())

    check_successor(_standing(second), _standing(first))
    check_successor(_standing(second.next()), _standing(second))


def test_other_organisation_may_not_follow() -> None:
    with pytest.raises(WrongOrganisationError):
        check_successor(_standing(make_organisation().next()), _standing(ORGANISATION))


def test_token_leads_to_its_device_and_no_other_does() -> None:
    standing = _standing(ORGANISATION)

    for desk in ORGANISATION.desks:
        assert standing.device_of(desk.token) == desk.key.device
    assert standing.device_of(bytes(32)) is None


def test_device_of_a_handler_who_left_has_no_token_and_no_client_key() -> None:
    """Even if the access list still names it."""
    left = ORGANISATION.next(
        generation_days=(*ORGANISATION.charter.body.generation_days, 20_600),
        handlers=(
            Handler(handler=0, label="stays"),
            Handler(handler=1, label="left", left_generation=2),
        ),
    )
    standing = _standing(left)

    assert standing.device_of(left.desks[0].token) == 0
    assert standing.device_of(left.desks[1].token) is None
    assert standing.clients == {"device-0": left.desks[0].tor_client_key}


def test_device_beyond_the_charter_has_no_token() -> None:
    fewer = ORGANISATION.next(
        handlers=ORGANISATION.charter.body.handlers[:1],
        devices=(Device(device=0, key=ORGANISATION.desks[0].key.public.hex()),),
    )

    assert _standing(fewer).device_of(fewer.desks[1].token) is None


def test_damaged_store_is_said_to_be_damaged() -> None:
    stored = to_stored(_standing(ORGANISATION), ORGANISATION.access)

    with pytest.raises(StoreDamagedError):
        from_stored(StoredCharter(1, stored.version, stored.chain[:-1], stored.access))
