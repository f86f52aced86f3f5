import secrets

from silent_courier.protocol.keyring import verify_keyring
from silent_courier.protocol.letter import open_letter, read_letter
from silent_courier.protocol.payload import CoverPayload
from silent_courier.protocol.sizes import letter_len
from silent_courier.source.compose import Draft, compose_letter
from silent_courier.source.seal import seal_for
from tests.unit.source.small_portal import ENTROPY, TODAY, day_identity, make_portal

PORTAL = make_portal()
KEYRING = verify_keyring(PORTAL.keyring(), PORTAL.charter.org_id, TODAY)


def test_every_handler_with_a_key_today_opens_the_letter() -> None:
    sealed = seal_for(KEYRING, CoverPayload(), secrets.token_bytes)

    for handler in range(3):
        opened = open_letter(sealed, [day_identity(handler, TODAY)])
        letter = read_letter(opened.plaintext, PORTAL.charter.org_id, {})
        assert letter.payload == CoverPayload()


def test_a_letter_and_a_cover_have_one_length() -> None:
    letter = compose_letter(
        Draft("a" * 9000), (), b"i" * 16, charter=PORTAL.charter, entropy=ENTROPY, day=TODAY
    )

    assert len(seal_for(KEYRING, letter, secrets.token_bytes)) == letter_len(4)
    assert len(seal_for(KEYRING, CoverPayload(), secrets.token_bytes)) == letter_len(4)
