"""Letters: one length, opened by day keys alone, and believed only as far as they are signed."""

import msgspec
import pytest

from silent_courier.protocol import age
from silent_courier.protocol.errors import (
    CannotOpenError,
    MalformedLetterError,
    MalformedPayloadError,
    PayloadTooLongError,
    ProtocolError,
    StatementSignatureError,
)
from silent_courier.protocol.frame import frame
from silent_courier.protocol.letter import (
    letter_hash,
    open_letter,
    open_letter_with_file_key,
    read_letter,
    seal_colleague_letter,
    seal_plaintext,
    seal_source_letter,
)
from silent_courier.protocol.payload import CoverPayload
from silent_courier.protocol.signing import DeviceKey, sign
from silent_courier.protocol.sizes import LETTER_PLAINTEXT_LEN, TRAILER_LEN, letter_len
from tests.unit.protocol.makers import (
    day_identity,
    device_key,
    draw,
    drawing,
    flip,
    letter_payload,
    make_organisation,
    note_payload,
    recipient,
    reply_payload,
)

ORG = make_organisation(3)
KEYS = ORG.charter.current_devices
RECIPIENTS = [recipient(0), recipient(4)]
LETTER = letter_payload(ORG)
SEALED = seal_source_letter(LETTER, RECIPIENTS, 4, drawing())
PLAINTEXT = open_letter(SEALED, [day_identity(0)]).plaintext
NOTE = note_payload(ORG)


def seal_note(key: DeviceKey | None = None) -> bytes:
    return seal_colleague_letter(NOTE, key or device_key(4), RECIPIENTS, 4, drawing())


def plaintext_of(data: bytes, trailer: bytes = bytes(TRAILER_LEN)) -> bytes:
    return frame(data, LETTER_PLAINTEXT_LEN - TRAILER_LEN) + trailer


@pytest.mark.parametrize("device", [0, 4])
def test_every_recipient_opens_and_reads(device: int) -> None:
    opened = open_letter(SEALED, [day_identity(device)])
    letter = read_letter(opened.plaintext, ORG.org_id, KEYS)

    assert (letter.payload, letter.device) == (LETTER, None)


@pytest.mark.parametrize("device", [8, 1])
def test_nobody_else_opens(device: int) -> None:
    with pytest.raises(CannotOpenError):
        open_letter(SEALED, [day_identity(device)])


def test_day_key_of_another_day_opens_nothing() -> None:
    with pytest.raises(CannotOpenError):
        open_letter(SEALED, [day_identity(0, day) for day in range(20_770, 20_780)])


@pytest.mark.parametrize("slots", [2, 4, 7])
def test_length_hangs_on_slots_alone(slots: int) -> None:
    letters = [
        seal_source_letter(CoverPayload(), RECIPIENTS[:1], slots, drawing()),
        seal_source_letter(letter_payload(ORG, text="x" * 9000), RECIPIENTS, slots, drawing()),
        seal_colleague_letter(NOTE, device_key(0), RECIPIENTS, slots, drawing()),
    ]

    assert {len(letter) for letter in letters} == {letter_len(slots)}


def test_free_slots_hold_stanzas_of_the_same_shape() -> None:
    lines = SEALED.split(b"--- ")[0].splitlines()[1:]

    assert len(lines) == 2 * 4
    assert {(len(a), len(b)) for a, b in zip(lines[::2], lines[1::2], strict=True)} == {(1512, 43)}


@pytest.mark.parametrize(("recipients", "slots"), [(0, 4), (2, 1), (1, 65)])
def test_recipients_and_slots_must_fit(recipients: int, slots: int) -> None:
    with pytest.raises(ValueError, match="slots"):
        seal_plaintext(PLAINTEXT, RECIPIENTS[:recipients], slots, drawing())


def test_any_bit_flipped_never_opens() -> None:
    """Every byte of the MAC line, the nonce and the tag; every 61st of the rest."""
    tail = len(SEALED) - LETTER_PLAINTEXT_LEN
    places = {*range(0, len(SEALED), 61), *range(tail - 90, tail + 10), *range(-20, 0)}
    for place in places:
        altered = flip(SEALED, 8 * (place % len(SEALED)) + place % 8)
        with pytest.raises(ProtocolError):
            open_letter(altered, [day_identity(0)])


@pytest.mark.parametrize("cut", [0, 1, 100, 1557, 16_400])
def test_letter_of_another_length_is_refused_unopened(cut: int) -> None:
    with pytest.raises(ProtocolError):
        open_letter(SEALED[: len(SEALED) - cut - (cut == 0)], [day_identity(0)])
    with pytest.raises(MalformedLetterError):
        open_letter(SEALED + b"\0", [day_identity(0)])


def test_age_file_of_right_length_and_wrong_plaintext_is_refused() -> None:
    """A missing stanza made up for by a longer plaintext has the length of some letter."""
    plaintext = bytes(LETTER_PLAINTEXT_LEN + 1557)
    sealed = age.seal(plaintext, [recipient(0)], drawing())

    assert len(sealed) == letter_len(2)
    with pytest.raises(MalformedLetterError):
        open_letter(sealed, [day_identity(0)])


def test_file_key_opens_for_a_colleague() -> None:
    file_key = open_letter(SEALED, [day_identity(4)]).file_key

    assert open_letter_with_file_key(SEALED, file_key).plaintext == PLAINTEXT
    with pytest.raises(CannotOpenError):
        open_letter_with_file_key(SEALED, flip(file_key, 3))
    with pytest.raises(MalformedLetterError):
        open_letter_with_file_key(SEALED[:-1], file_key)


def test_name_of_a_letter_is_the_hash_of_its_bytes() -> None:
    again = seal_source_letter(LETTER, RECIPIENTS, 4, drawing())

    assert letter_hash(SEALED) != letter_hash(again)
    assert len(letter_hash(SEALED)) == 32


def test_colleague_letter_names_its_signer() -> None:
    opened = open_letter(seal_note(), [day_identity(0)])
    letter = read_letter(opened.plaintext, ORG.org_id, KEYS)

    assert (letter.payload, letter.device) == (NOTE, 4)


def test_note_signed_by_nobody_is_refused() -> None:
    with pytest.raises(MalformedLetterError):
        read_letter(plaintext_of(msgspec.json.encode(NOTE)), ORG.org_id, KEYS)


@pytest.mark.parametrize("payload", [LETTER, CoverPayload()], ids=["letter", "cover"])
def test_sources_kind_signed_by_a_handler_is_refused(payload: msgspec.Struct) -> None:
    data = msgspec.json.encode(payload)
    trailer = b"\0\4" + sign("letter", ORG.org_id, device_key(4), data)

    with pytest.raises(MalformedLetterError):
        read_letter(plaintext_of(data, trailer), ORG.org_id, KEYS)


@pytest.mark.parametrize(
    "signer",
    [DeviceKey(4, draw("stranger")), DeviceKey(5, device_key(4).seed), DeviceKey(0, draw("x"))],
    ids=["another key", "slot not in the charter", "another's slot"],
)
def test_signature_of_no_device_is_refused(signer: DeviceKey) -> None:
    opened = open_letter(seal_note(signer), [day_identity(0)])

    with pytest.raises(StatementSignatureError):
        read_letter(opened.plaintext, ORG.org_id, KEYS)


def test_handler_who_left_signs_no_more() -> None:
    after = ORG.without(1)
    opened = open_letter(seal_note(), [day_identity(0)])

    with pytest.raises(StatementSignatureError):
        read_letter(opened.plaintext, ORG.org_id, after.charter.current_devices)
    assert read_letter(opened.plaintext, ORG.org_id, after.charter.all_devices).device == 4


def test_signature_does_not_carry_to_another_text_or_use() -> None:
    data, other = msgspec.json.encode(NOTE), msgspec.json.encode(note_payload(ORG, text="!"))
    for trailer in (
        b"\0\4" + sign("letter", ORG.org_id, device_key(4), other),
        b"\0\4" + sign("reply", ORG.org_id, device_key(4), data),
        b"\0\4" + sign("letter", draw("other"), device_key(4), data),
        b"\0\0" + sign("letter", ORG.org_id, device_key(4), data),
        b"\0\4" + bytes(64),
    ):
        with pytest.raises(StatementSignatureError):
            read_letter(plaintext_of(data, trailer), ORG.org_id, KEYS)


def test_any_bit_of_a_signed_plaintext_flipped_is_refused() -> None:
    plaintext = open_letter(seal_note(), [day_identity(0)]).plaintext
    length = int.from_bytes(plaintext[:4], "big")
    places = [*range(4 + length), *range(5000, 5010), *range(len(plaintext) - 66, len(plaintext))]
    for place in places:
        with pytest.raises(ProtocolError):
            read_letter(flip(plaintext, 8 * place + place % 8), ORG.org_id, KEYS)


@pytest.mark.parametrize("payload", [LETTER, NOTE], ids=["letter", "note"])
def test_letter_to_another_organisation_is_refused(payload: msgspec.Struct) -> None:
    other = draw("another organisation")
    data = msgspec.json.encode(payload)
    trailer = b"\0\4" + sign("letter", other, device_key(4), data)

    with pytest.raises(MalformedLetterError):
        read_letter(plaintext_of(data, trailer if payload is NOTE else bytes(66)), other, KEYS)


def test_cover_is_for_any_organisation() -> None:
    data = msgspec.json.encode(CoverPayload())

    assert read_letter(plaintext_of(data), draw("any"), KEYS).payload == CoverPayload()


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"version":1,"kind":"post"}', msgspec.json.encode(reply_payload(ORG))]
)
def test_payload_that_no_letter_may_hold_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedPayloadError):
        read_letter(plaintext_of(data), ORG.org_id, KEYS)


@pytest.mark.parametrize("length", [0, 1, 65, 66, 69, 70])
def test_short_plaintext_is_refused(length: int) -> None:
    with pytest.raises(ProtocolError):
        read_letter(bytes(length), ORG.org_id, KEYS)


def test_text_too_long_is_refused_before_anything_is_sealed() -> None:
    def no_random(_length: int) -> bytes:
        raise AssertionError("nothing may be drawn")

    with pytest.raises(PayloadTooLongError):
        seal_source_letter(letter_payload(ORG, text="x" * 16_384), RECIPIENTS, 4, no_random)
