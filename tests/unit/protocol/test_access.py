"""Access lists go with one charter; a request shows that its sender holds the key."""

import json
from collections.abc import Sequence

import msgspec
import pytest

from silent_courier.protocol import access as access_list
from silent_courier.protocol import charter as charters
from silent_courier.protocol.access import (
    AccessBody,
    DeviceAccess,
    RequestBody,
    device_fingerprint,
    encode_request,
    parse_request,
    verify_access,
)
from silent_courier.protocol.errors import (
    CharterSignatureError,
    MalformedCharterError,
    ProtocolError,
    WrongOrganisationError,
)
from silent_courier.protocol.root import RootKey, encode_signed_body
from silent_courier.protocol.sizes import CHARTER_LEN_MAX
from tests.unit.protocol.makers import (
    Organisation,
    device_key,
    draw,
    flip,
    make_organisation,
    root_key,
)

ORG = make_organisation(2)
REQUEST = RequestBody(
    label="Анна",
    signing_key=device_key(0).public.hex(),
    tor_client_key="ab" * 32,
    token_hash="cd" * 32,
)
FILE = encode_request(REQUEST, device_key(0).seed)


def access_body(org: Organisation = ORG) -> AccessBody:
    devices = tuple(
        DeviceAccess(
            device=d, tor_client_key=draw(f"tor/{d}").hex(), token_hash=draw(f"token/{d}").hex()
        )
        for d in org.devices
    )
    return AccessBody(org_id=org.org_id.hex(), charter=org.charter.hash.hex(), devices=devices)


def access_file(
    body: AccessBody,
    keys: Sequence[RootKey] = (root_key(),),
    magic: bytes = access_list.MAGIC,
    label: bytes = access_list.SIGNED_LABEL,
) -> bytes:
    return encode_signed_body(magic, label, msgspec.json.encode(body), keys)


def test_access_list_is_read_beside_its_charter() -> None:
    access = verify_access(access_file(access_body()), ORG.charter)

    assert access.token_hashes == {0: draw("token/0"), 4: draw("token/4")}
    assert access.tor_client_keys[4] == draw("tor/4")


def test_access_list_of_another_charter_is_refused() -> None:
    """A list from before a revocation must not come back."""
    after = ORG.without(1)

    with pytest.raises(WrongOrganisationError):
        verify_access(access_file(access_body()), after.charter)


def test_access_list_of_another_organisation_is_refused() -> None:
    body = msgspec.structs.replace(access_body(), org_id="ab" * 32)

    with pytest.raises(WrongOrganisationError):
        verify_access(access_file(body), ORG.charter)


@pytest.mark.parametrize(
    "keys", [[root_key("other")], [root_key(), root_key()], [root_key(), root_key("other")]]
)
def test_access_list_has_one_signature_by_our_root(keys: list[RootKey]) -> None:
    with pytest.raises(CharterSignatureError):
        verify_access(access_file(access_body(), keys), ORG.charter)


def test_signature_of_a_charter_is_none_of_an_access_list() -> None:
    file = access_file(access_body(), label=charters.SIGNED_LABEL)

    with pytest.raises(CharterSignatureError):
        verify_access(file, ORG.charter)


@pytest.mark.parametrize("file", [b"", b"SCAC\x01", bytes(CHARTER_LEN_MAX + 1), ORG.files[0]])
def test_other_file_is_no_access_list(file: bytes) -> None:
    with pytest.raises(MalformedCharterError):
        verify_access(file, ORG.charter)


def test_signed_body_that_is_no_access_list_is_refused() -> None:
    for body in (b"{}", b'{"version":1,"kind":"access"}', b"\xff"):
        file = encode_signed_body(access_list.MAGIC, access_list.SIGNED_LABEL, body, [root_key()])
        with pytest.raises(MalformedCharterError):
            verify_access(file, ORG.charter)


def test_bit_flipped_in_an_access_list_is_refused() -> None:
    file = access_file(access_body())
    for bit in range(0, 8 * len(file), 61):
        with pytest.raises(ProtocolError):
            verify_access(flip(file, bit), ORG.charter)


def test_request_comes_back() -> None:
    assert parse_request(FILE) == REQUEST


def test_request_for_a_key_one_does_not_hold_is_not_made() -> None:
    with pytest.raises(ValueError, match="signed by the key"):
        encode_request(REQUEST, device_key(1).seed)


def test_request_signed_by_another_key_is_refused() -> None:
    """Somebody who saw a handler's signing key asks for it to be enrolled with their own token."""
    stolen = msgspec.structs.replace(REQUEST, signing_key=device_key(1).public.hex())
    own = msgspec.structs.replace(REQUEST, token_hash="ef" * 32)
    for forged in (stolen, own):
        file = FILE[:5] + msgspec.json.encode(forged) + FILE[-64:]
        with pytest.raises(CharterSignatureError):
            parse_request(file)


def test_bit_flipped_in_a_request_is_refused() -> None:
    for bit in range(8 * len(FILE)):
        with pytest.raises(ProtocolError):
            parse_request(flip(FILE, bit))


@pytest.mark.parametrize(
    "file",
    [
        b"",
        FILE[:5],
        FILE[:40],
        b"X" + FILE[1:],
        FILE[:-1],
        FILE + b"\0",
        bytes(CHARTER_LEN_MAX + 1),
    ],
)
def test_other_file_is_no_request(file: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_request(file)


@pytest.mark.parametrize("field", RequestBody.__struct_fields__)
def test_every_field_of_a_request_is_needed(field: str) -> None:
    fields = json.loads(msgspec.json.encode(REQUEST))
    del fields[field]
    with pytest.raises(MalformedCharterError):
        parse_request(FILE[:5] + json.dumps(fields).encode() + FILE[-64:])


def test_a_devices_fingerprint_is_read_in_groups_of_four() -> None:
    fingerprint = device_fingerprint(bytes(32))
    assert [len(group) for group in fingerprint.split(" ")] == [4] * 8
    assert fingerprint != device_fingerprint(b"\x01" + bytes(31))
