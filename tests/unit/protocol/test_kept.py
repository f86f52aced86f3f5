import msgspec
import pytest

from silent_courier.protocol.errors import (
    MalformedLetterError,
    MalformedPayloadError,
    PayloadTooLongError,
    StatementSignatureError,
)
from silent_courier.protocol.kept import (
    KEPT_LEN_MAX,
    KeptLetterPayload,
    encode_kept,
    keep_letter,
    parse_kept,
    read_kept,
)
from silent_courier.protocol.payload import FormAnswer, encode_payload, parse_letter_payload
from silent_courier.protocol.signing import sign
from silent_courier.protocol.sizes import LETTER_PAYLOAD_MAX, TRAILER_LEN
from tests.unit.protocol.makers import (
    Organisation,
    device_key,
    letter_payload,
    make_organisation,
    note_payload,
    source_id,
)

NOBODY = bytes(TRAILER_LEN)


@pytest.fixture(scope="module")
def org() -> Organisation:
    return make_organisation()


def signed(org: Organisation, payload: bytes, device: int) -> bytes:
    signature = sign("letter", org.org_id, device_key(device), payload)
    return payload + device.to_bytes(2, "big") + signature


def test_what_is_kept_of_a_letter_neither_speaks_for_its_source_nor_opens_answers(
    org: Organisation,
) -> None:
    letter = letter_payload(org, form=(FormAnswer(question="what", answer="склад"),))
    kept = keep_letter(letter)

    assert kept.source_id == source_id(org).hex()
    assert (kept.text, kept.form, kept.language) == (letter.text, letter.form, letter.language)
    for secret in (letter.auth, letter.thread_key):
        assert secret.encode() not in encode_kept(kept)


def test_a_kept_letter_comes_back_with_and_without_a_key(org: Organisation) -> None:
    kept = keep_letter(letter_payload(org))
    passed = msgspec.structs.replace(kept, thread_key="ab" * 32, week=9)

    for one in (kept, passed):
        read = read_kept(encode_kept(one) + NOBODY, org.org_id, org.charter.all_devices)
        assert (read.payload, read.device) == (one, None)


def test_the_longest_letter_can_be_kept_and_passed_on(org: Organisation) -> None:
    letter = letter_payload(org, text="")
    room = LETTER_PAYLOAD_MAX - len(encode_payload(letter, LETTER_PAYLOAD_MAX))
    kept = keep_letter(msgspec.structs.replace(letter, text="x" * room))

    assert len(encode_kept(msgspec.structs.replace(kept, thread_key="ab" * 32, week=2**31))) > room
    with pytest.raises(PayloadTooLongError):
        encode_kept(msgspec.structs.replace(kept, text="x" * KEPT_LEN_MAX))


def test_a_kept_letter_is_no_letter(org: Organisation) -> None:
    with pytest.raises(MalformedPayloadError):
        parse_letter_payload(encode_kept(keep_letter(letter_payload(org))))


def test_a_letter_is_not_passed_on_with_what_speaks_for_its_source(org: Organisation) -> None:
    whole = encode_payload(letter_payload(org), LETTER_PAYLOAD_MAX)

    with pytest.raises(MalformedPayloadError):
        read_kept(whole + NOBODY, org.org_id, org.charter.all_devices)


def test_a_colleague_s_note_is_held_against_its_signature(org: Organisation) -> None:
    note = encode_payload(note_payload(org), LETTER_PAYLOAD_MAX)
    read = read_kept(signed(org, note, 4), org.org_id, org.charter.all_devices)
    assert read.device == 4

    with pytest.raises(StatementSignatureError):
        read_kept(signed(org, note, 4)[:-1] + b"\0", org.org_id, org.charter.all_devices)
    with pytest.raises(MalformedLetterError):
        read_kept(note + NOBODY, org.org_id, org.charter.all_devices)


def test_a_handler_signs_no_source_s_letter(org: Organisation) -> None:
    kept = encode_kept(keep_letter(letter_payload(org)))

    with pytest.raises(MalformedLetterError):
        read_kept(signed(org, kept, 4), org.org_id, org.charter.all_devices)


def test_another_organisation_s_is_refused(org: Organisation) -> None:
    kept = encode_kept(keep_letter(letter_payload(org, org_id="ab" * 32)))

    with pytest.raises(MalformedLetterError):
        read_kept(kept + NOBODY, org.org_id, org.charter.all_devices)


@pytest.mark.parametrize(
    "changes", [{"week": None}, {"thread_key": None}, {"week": -1}, {"thread_key": "ab"}]
)
def test_a_key_has_a_week(org: Organisation, changes: dict[str, object]) -> None:
    whole = msgspec.structs.replace(keep_letter(letter_payload(org)), thread_key="ab" * 32, week=9)
    broken: KeptLetterPayload = msgspec.structs.replace(whole, **changes)

    with pytest.raises(MalformedPayloadError):
        parse_kept(msgspec.json.encode(broken))
    with pytest.raises(MalformedPayloadError):
        encode_kept(broken)
