"""A letter by itself is like any other, and what needs a visit is refused."""

import secrets

import pytest

from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.errors import ClockError, PayloadTooLongError, WrongOrganisationError
from silent_courier.protocol.letter import open_letter, read_letter
from silent_courier.protocol.payload import CoverPayload, LetterPayload
from silent_courier.protocol.sizes import letter_len
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import Draft
from silent_courier.source.letter_file import open_keyring, seal_cover, seal_letter
from tests.unit.source.small_portal import ENTROPY, TODAY, day_identity, make_portal

PORTAL = make_portal()
ORG_ID = PORTAL.charter.org_id
KEYRING = open_keyring(PORTAL.keyring(), ORG_ID, TODAY * SECONDS_PER_DAY)


def test_a_letter_by_itself_opens_and_says_whose_it_is() -> None:
    sealed = seal_letter(KEYRING, ENTROPY, Draft("Письмо", "ru"), secrets.token_bytes)
    opened = open_letter(sealed, [day_identity(0, TODAY)])
    payload = read_letter(opened.plaintext, ORG_ID, {}).payload
    assert isinstance(payload, LetterPayload)
    assert (payload.text, payload.language, payload.attachments) == ("Письмо", "ru", ())


def test_a_letter_and_a_cover_have_one_length() -> None:
    letter = seal_letter(KEYRING, ENTROPY, Draft("a"), secrets.token_bytes)
    cover = seal_cover(KEYRING, secrets.token_bytes)
    assert len(letter) == len(cover) == letter_len(4)
    opened = open_letter(cover, [day_identity(1, TODAY)])
    assert read_letter(opened.plaintext, ORG_ID, {}).payload == CoverPayload()


def test_a_text_too_long_for_a_letter_is_refused_and_no_file_is_made_of_it() -> None:
    with pytest.raises(PayloadTooLongError):
        seal_letter(KEYRING, ENTROPY, Draft("ж" * 9000), secrets.token_bytes)


def test_attachments_need_a_visit() -> None:
    draft = Draft("a", attachments=(attach_bytes("b", b"c"),))
    with pytest.raises(ValueError, match="no attachments"):
        seal_letter(KEYRING, ENTROPY, draft, secrets.token_bytes)


def test_a_keyring_of_another_day_or_organisation_seals_nothing() -> None:
    with pytest.raises(ClockError):
        open_keyring(PORTAL.keyring(), ORG_ID, (TODAY + 3) * SECONDS_PER_DAY)
    with pytest.raises(WrongOrganisationError):
        open_keyring(PORTAL.keyring(), bytes(32), TODAY * SECONDS_PER_DAY)
