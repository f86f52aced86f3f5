import pytest

from silent_courier.protocol.errors import MalformedPayloadError, PayloadTooLongError
from silent_courier.protocol.payload import FormAnswer, encode_payload
from silent_courier.protocol.sizes import LETTER_PAYLOAD_MAX
from silent_courier.protocol.thread import derive_auth, derive_source_id
from silent_courier.source.attachments import attach_bytes
from silent_courier.source.compose import (
    TEXT_FILE_NAME,
    Draft,
    attach_text,
    check_fits,
    compose_letter,
)
from tests.unit.source.small_portal import ANCHOR, ENTROPY, TODAY, make_charter, thread_key

CHARTER, _ = make_charter(generation_days=(ANCHOR, ANCHOR + 7))
LONG = "я" * 9000


def test_a_letter_says_who_when_and_under_which_charter() -> None:
    letter = compose_letter(
        Draft("Здравствуйте", "ru"), (), b"i" * 16, charter=CHARTER, entropy=ENTROPY, day=TODAY
    )

    assert (letter.text, letter.language, letter.day) == ("Здравствуйте", "ru", TODAY)
    assert (letter.org_id, letter.charter) == (CHARTER.org_id.hex(), CHARTER.hash.hex())
    assert (letter.id, letter.generation) == ((b"i" * 16).hex(), 2)


def test_a_letter_leads_to_the_source_id_and_the_thread_of_its_week() -> None:
    letter = compose_letter(Draft("a"), (), b"i" * 16, charter=CHARTER, entropy=ENTROPY, day=TODAY)

    source_id = derive_auth(ENTROPY, CHARTER.org_id, 0)
    assert derive_source_id(bytes.fromhex(letter.auth), 2) == source_id
    assert letter.week == 10
    assert bytes.fromhex(letter.thread_key) == thread_key(CHARTER, TODAY, 2).key


def test_six_thousand_russian_letters_fit_with_a_form_and_files() -> None:
    check_fits(
        Draft(
            "я" * 6000,
            "ru",
            (attach_bytes("снимок.jpg", b""), attach_bytes("запись.mp4", b"")),
            (FormAnswer(question="what", answer="я" * 200),),
        )
    )


def test_a_text_too_long_for_a_letter_is_refused() -> None:
    with pytest.raises(PayloadTooLongError):
        check_fits(Draft(LONG))


def test_a_text_too_long_goes_as_the_first_file() -> None:
    photo = attach_bytes("a.jpg", b"")
    attached = attach_text(Draft(LONG, "ru", (photo,)))

    check_fits(attached)
    assert (attached.text, attached.language) == ("", "ru")
    assert [source.name for source in attached.attachments] == [TEXT_FILE_NAME, "a.jpg"]
    assert attached.attachments[0].open().read() == LONG.encode()


def test_what_fits_beforehand_fits_when_it_is_sealed() -> None:
    draft = Draft("a" * 15_000)
    length = 15_000
    while True:
        try:
            check_fits(Draft("a" * length))
        except PayloadTooLongError:
            break
        draft = Draft("a" * length)
        length += 1
    letter = compose_letter(draft, (), b"i" * 16, charter=CHARTER, entropy=ENTROPY, day=TODAY)

    assert len(encode_payload(letter, LETTER_PAYLOAD_MAX)) <= LETTER_PAYLOAD_MAX


def test_half_a_character_is_refused() -> None:
    with pytest.raises(MalformedPayloadError):
        check_fits(Draft("\ud800"))
