import pytest

from silent_courier.desk import Desk
from silent_courier.desk.opening import open_sealed
from silent_courier.protocol.age import header_digest
from silent_courier.protocol.errors import (
    CannotOpenError,
    MalformedAgeError,
    MalformedLetterError,
    NoStanzaForUsError,
    ProtocolError,
)
from silent_courier.protocol.letter import letter_hash, open_letter_with_file_key
from silent_courier.storage.vault import day_keys
from tests.unit.desk.kit import seal
from tests.unit.protocol.makers import TODAY, Organisation, flip, letter_payload


def test_a_letter_names_the_day_key_that_opened_it(desk: Desk, org: Organisation) -> None:
    keys = day_keys.living(desk.vault)
    for day in (TODAY - 8, TODAY - 1, TODAY, TODAY + 1):
        sealed = seal(org, letter_payload(org), day=day)
        opened = open_sealed(sealed, TODAY, keys)

        assert (opened.key_day, opened.hash) == (day, letter_hash(sealed))
        assert opened.header == header_digest(sealed)
        again = open_letter_with_file_key(sealed, opened.file_key)
        assert again.plaintext == opened.plaintext


def test_a_letter_for_a_day_that_nobody_has_seen_yet_is_not_opened(
    desk: Desk, org: Organisation
) -> None:
    sealed = seal(org, letter_payload(org), day=TODAY + 2)

    with pytest.raises(NoStanzaForUsError):
        open_sealed(sealed, TODAY, day_keys.living(desk.vault))


def test_another_desk_s_letter_is_not_opened(desk: Desk, org: Organisation) -> None:
    sealed = seal(org, letter_payload(org), devices=[4])

    with pytest.raises(NoStanzaForUsError):
        open_sealed(sealed, TODAY, day_keys.living(desk.vault))
    with pytest.raises(NoStanzaForUsError):
        open_sealed(sealed, TODAY, [])


def test_altered_is_told_apart_from_not_for_us(desk: Desk, org: Organisation) -> None:
    sealed = seal(org, letter_payload(org))

    with pytest.raises(CannotOpenError) as raised:
        open_sealed(flip(sealed, 8 * len(sealed) - 1), TODAY, day_keys.living(desk.vault))
    assert not isinstance(raised.value, NoStanzaForUsError)


@pytest.mark.parametrize("length", [0, 1, 100, 20_000])
def test_what_is_no_letter_is_refused_even_without_a_key(desk: Desk, length: int) -> None:
    for keys in ([], day_keys.living(desk.vault)):
        with pytest.raises((MalformedLetterError, MalformedAgeError)):
            open_sealed(bytes(length), TODAY, keys)


def test_no_flipped_bit_opens(desk: Desk, org: Organisation) -> None:
    sealed = seal(org, letter_payload(org))
    keys = [key for key in day_keys.living(desk.vault) if key.day == TODAY]

    for bit in range(7, 8 * len(sealed), 8 * 487):
        with pytest.raises(ProtocolError):
            open_sealed(flip(sealed, bit), TODAY, keys)
