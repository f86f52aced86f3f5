import json

import pytest

from silent_courier.protocol.case_seal import LABEL, parse_case_seal, seal_case, verify_case_seal
from silent_courier.protocol.errors import CaseSignatureError, MalformedCaseError
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.signing import sign
from tests.unit.protocol.makers import TODAY, device_key, make_organisation

ORG = make_organisation()
SUMS = b"00  index.html\n"


def sealed(**changes: object) -> bytes:
    seal = json.loads(seal_case(ORG.charter, device_key(4), TODAY, SUMS))
    return json.dumps({**seal, **changes}).encode()


def test_a_case_verifies_against_the_charter_of_who_exported_it() -> None:
    seal = parse_case_seal(sealed())
    verify_case_seal(seal, ORG.charter, SUMS)
    assert (seal.device, seal.day) == (4, TODAY)


def test_the_signed_text_is_that_of_the_specification() -> None:
    content = ORG.charter.hash + TODAY.to_bytes(4, "big") + sha256(SUMS)
    assert parse_case_seal(sealed()).signature == (
        sign("case-export", ORG.org_id, device_key(4), content).hex()
    )
    assert LABEL == "case-export"


@pytest.mark.parametrize(
    "changes",
    [
        {"day": TODAY + 1},
        {"device": 0},
        {"device": 255},
        {"charter": "00" * 32},
        {"org_id": "00" * 32},
        {"sums": "00" * 32},
        {"signature": "00" * 64},
    ],
)
def test_whatever_is_changed_the_signature_does_not_hold(changes: dict[str, object]) -> None:
    with pytest.raises(CaseSignatureError):
        verify_case_seal(parse_case_seal(sealed(**changes)), ORG.charter, SUMS)


def test_another_list_or_another_organisation_is_refused() -> None:
    with pytest.raises(CaseSignatureError):
        verify_case_seal(parse_case_seal(sealed()), ORG.charter, SUMS + b"\n")
    content = ORG.charter.hash + TODAY.to_bytes(4, "big") + sha256(SUMS)
    foreign = sign("case-export", b"x" * 32, device_key(4), content).hex()
    with pytest.raises(CaseSignatureError):
        verify_case_seal(parse_case_seal(sealed(signature=foreign)), ORG.charter, SUMS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        sealed(version=2),
        sealed(kind="day-key"),
        sealed(extra=1),
        sealed(device=256),
        sealed(day=-1),
        sealed(day=1.5),
        sealed(org_id="AB" * 32),
        sealed(signature="00"),
        b"\xff",
    ],
)
def test_a_seal_of_another_form_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedCaseError):
        parse_case_seal(data)
