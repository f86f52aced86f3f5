"""A device's signature holds in one place: label, organisation, slot and content."""

import pytest

from silent_courier.protocol.signing import DeviceKey, DevicePublic, sign, signed_text, verify
from tests.unit.protocol.makers import device_key, draw, flip

ORG_ID = draw("org")
KEY = device_key(5)
SIGNER = DevicePublic(5, KEY.public)
SIGNATURE = sign("letter", ORG_ID, KEY, b"content")


def test_signature_verifies_where_it_was_made() -> None:
    assert verify("letter", ORG_ID, SIGNER, b"content", SIGNATURE)


def test_signed_text_names_label_organisation_and_slot() -> None:
    assert signed_text("letter", ORG_ID, 5, b"content") == (
        b"courier/letter\0" + ORG_ID + b"\0\5" + b"content"
    )


@pytest.mark.parametrize(
    ("label", "org_id", "signer", "content"),
    [
        ("reply", ORG_ID, SIGNER, b"content"),
        ("letter", draw("other"), SIGNER, b"content"),
        ("letter", ORG_ID, DevicePublic(6, KEY.public), b"content"),
        ("letter", ORG_ID, DevicePublic(5, device_key(6).public), b"content"),
        ("letter", ORG_ID, SIGNER, b"Content"),
        ("letter", ORG_ID, SIGNER, b""),
    ],
    ids=["label", "organisation", "slot", "key", "content", "no content"],
)
def test_signature_holds_nowhere_else(
    label: str, org_id: bytes, signer: DevicePublic, content: bytes
) -> None:
    assert not verify(label, org_id, signer, content, SIGNATURE)


def test_signature_with_any_bit_flipped_is_refused() -> None:
    for bit in range(8 * 64):
        assert not verify("letter", ORG_ID, SIGNER, b"content", flip(SIGNATURE, bit))


def test_key_does_not_print_its_seed() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert repr(KEY.seed) not in repr(DeviceKey(5, KEY.seed))
