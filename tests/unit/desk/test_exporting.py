import pytest

from silent_courier.desk import Desk, export_letter
from silent_courier.desk.filing import file_sealed
from silent_courier.protocol import age
from silent_courier.protocol.errors import DayKeyGoneError, UnknownThreadError
from silent_courier.protocol.letter import letter_hash, open_letter
from silent_courier.protocol.sizes import DAY_KEY_LIFE_DAYS
from silent_courier.storage.vault import day_keys, letters
from tests.unit.desk.kit import make_reading, seal
from tests.unit.protocol.makers import TODAY, Organisation, letter_payload


@pytest.fixture
def sealed(desk: Desk, org: Organisation) -> bytes:
    sealed = seal(org, letter_payload(org))
    letters.note_listing(desk.vault, TODAY, [letter_hash(sealed)], 0)
    file_sealed(make_reading(desk, org), sealed, TODAY, day_keys.living(desk.vault))
    return sealed


def test_an_exported_letter_opens_with_its_identity_and_nothing_else(
    desk: Desk, sealed: bytes
) -> None:
    exported = export_letter(desk, letter_hash(sealed).hex()[:8].upper())

    assert (exported.sealed, exported.letter) == (sealed, letter_hash(sealed).hex())
    assert exported.identity.startswith("AGE-SECRET-KEY-PQ-1")
    identity = age.HybridIdentity.parse(exported.identity.strip())
    assert "Здравствуйте".encode() in open_letter(sealed, [identity]).plaintext


def test_when_the_day_key_is_gone_so_is_the_export(desk: Desk, sealed: bytes) -> None:
    day_keys.destroy_old(desk.vault, TODAY + DAY_KEY_LIFE_DAYS)

    with pytest.raises(DayKeyGoneError):
        export_letter(desk, letter_hash(sealed).hex())


@pytest.mark.parametrize("name", ["", "0", "000", "ffff", "zz" * 32, "%", "____"])
def test_a_letter_that_is_not_there_is_said(desk: Desk, sealed: bytes, name: str) -> None:
    with pytest.raises(UnknownThreadError):
        export_letter(desk, name)


def test_a_letter_in_quarantine_is_not_exported(desk: Desk, org: Organisation) -> None:
    odd = seal(org, letter_payload(org, day=TODAY - 5))
    file_sealed(make_reading(desk, org), odd, TODAY, day_keys.living(desk.vault))

    with pytest.raises(UnknownThreadError):
        export_letter(desk, letter_hash(odd).hex())
