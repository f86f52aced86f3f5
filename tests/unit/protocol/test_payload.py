"""Payloads: what each kind may say, and that a reader refuses all else."""

import json
from typing import Any

import msgspec
import pytest

from silent_courier.protocol.errors import MalformedPayloadError, PayloadTooLongError
from silent_courier.protocol.payload import (
    HISTORY_PART_LEN,
    RESEALED_LETTERS_MAX,
    Attachment,
    CoverPayload,
    DigestPayload,
    FormAnswer,
    HistoryPayload,
    InLetter,
    InReply,
    MarkPayload,
    OpenedPayload,
    ReplyCopyPayload,
    ResealedLetter,
    ResealPayload,
    encode_payload,
    parse_letter_payload,
    parse_reply_payload,
)
from silent_courier.protocol.sizes import LETTER_PAYLOAD_MAX, MIB, REPLY_PAYLOAD_MAX, chunk_count
from tests.unit.protocol.makers import (
    TODAY,
    change_payload,
    letter_payload,
    make_organisation,
    note_payload,
    reply_payload,
)

ORG = make_organisation(1)
H32 = "ab" * 32
H16 = "cd" * 16
ATTACHMENT = Attachment(id=H16, name="фото.jpg", size=5, sha256=H32, key=H32, chunks=1)
HEAD: dict[str, Any] = {
    "id": H16,
    "org_id": H32,
    "charter": H32,
    "day": TODAY,
    "generation": 1,
}
LETTERS: dict[str, InLetter] = {
    "letter": letter_payload(
        ORG, attachments=(ATTACHMENT,), form=(FormAnswer(question="what", answer=""),)
    ),
    "cover": CoverPayload(),
    "note": note_payload(ORG),
    "reply-copy": ReplyCopyPayload(**HEAD, source_id=H32, reply_id=H16, language="ru", text="Да"),
    "reseal": ResealPayload(**HEAD, letters=(ResealedLetter(letter=H32, file_key=H16),)),
    "history": HistoryPayload(**HEAD, letter=H32, part=0, parts=1, data="00ff"),
    "mark": MarkPayload(**HEAD, source_id=H32, letters=(H16,), opened=TODAY, acknowledged=True),
    "change": change_payload(ORG, removes=(H16,)),
    "digest": DigestPayload(**HEAD, listed=TODAY, count=1, digest=H32, prefixes="0" * 16),
}
REPLIES: dict[str, InReply] = {
    "reply": reply_payload(ORG),
    "opened": OpenedPayload(**HEAD, to=H32, opened=TODAY),
}


@pytest.mark.parametrize("kind", LETTERS)
def test_letter_of_each_kind_comes_back(kind: str) -> None:
    data = encode_payload(LETTERS[kind], LETTER_PAYLOAD_MAX)

    assert json.loads(data)["kind"] == kind
    assert parse_letter_payload(data) == LETTERS[kind]


@pytest.mark.parametrize("kind", REPLIES)
def test_reply_of_each_kind_comes_back(kind: str) -> None:
    assert parse_reply_payload(encode_payload(REPLIES[kind], REPLY_PAYLOAD_MAX)) == REPLIES[kind]


@pytest.mark.parametrize("kind", REPLIES)
def test_reply_is_no_letter(kind: str) -> None:
    with pytest.raises(MalformedPayloadError):
        parse_letter_payload(msgspec.json.encode(REPLIES[kind]))


@pytest.mark.parametrize("kind", LETTERS)
def test_letter_is_no_reply(kind: str) -> None:
    with pytest.raises(MalformedPayloadError):
        parse_reply_payload(msgspec.json.encode(LETTERS[kind]))


@pytest.mark.parametrize("kind", LETTERS)
def test_every_field_without_a_default_is_needed(kind: str) -> None:
    fields = json.loads(msgspec.json.encode(LETTERS[kind]))
    for field in fields.keys() - {"attachments", "form", "removes"}:
        _refused({name: value for name, value in fields.items() if name != field})


@pytest.mark.parametrize("kind", LETTERS)
def test_no_field_may_be_more_null_or_of_another_type(kind: str) -> None:
    fields = json.loads(msgspec.json.encode(LETTERS[kind]))
    _refused({**fields, "colour": "red"})
    for field, value in fields.items():
        _refused({**fields, field: None})
        _refused({**fields, field: {"a": 1}})
        _refused({**fields, field: 1 if isinstance(value, str | list) else "1"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 0),
        ("version", 2),
        ("version", True),
        ("kind", "letters"),
        ("id", H16.upper()),
        ("id", H16[:-1]),
        ("id", H16 + "\n"),
        ("org_id", "zz" * 32),
        ("day", -1),
        ("day", 2**31 + 1),
        ("day", True),
        ("generation", 0),
        ("generation", 257),
        ("week", -1),
        ("language", "RU"),
        ("language", "russian"),
        ("language", ""),
        ("language", "ru\n"),
        ("language", "en-x"),
        ("text", "\ud800"),
        ("attachments", [json.loads(msgspec.json.encode(ATTACHMENT))] * 17),
        ("form", [{"question": "who", "answer": "?"}]),
        ("form", [{"question": "what", "answer": "?"}] * 6),
    ],
)
def test_value_out_of_bounds_is_refused(field: str, value: object) -> None:
    fields = json.loads(msgspec.json.encode(LETTERS["letter"]))
    _refused({**fields, field: value})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 256),
        ("size", -1),
        ("size", 2**31 + 1),
        ("chunks", 0),
        ("chunks", 2),
        ("chunks", 2049),
        ("size", 2**20 + 1),
        ("key", H32[:-2]),
    ],
)
def test_attachment_out_of_bounds_is_refused(field: str, value: object) -> None:
    fields = json.loads(msgspec.json.encode(LETTERS["letter"]))
    fields["attachments"][0][field] = value
    _refused(fields)


@pytest.mark.parametrize("mib", [0, 1, 2, 5, 9, 1500, 2048])
def test_attachment_has_the_chunks_of_its_size_and_no_others(mib: int) -> None:
    size, right = mib * MIB, chunk_count(mib * MIB)
    fields = json.loads(msgspec.json.encode(LETTERS["letter"]))
    fields["attachments"][0] |= {"size": size, "chunks": right}
    parse_letter_payload(json.dumps(fields).encode())
    for wrong in {right - 1, right + 1, 1, 2048} - {right}:
        fields["attachments"][0]["chunks"] = wrong
        _refused(fields)


def test_one_bad_attachment_among_many_is_refused() -> None:
    bad = msgspec.structs.replace(ATTACHMENT, chunks=2)
    fields = json.loads(msgspec.json.encode(LETTERS["letter"]))
    fields["attachments"] = json.loads(msgspec.json.encode([ATTACHMENT] * 8 + [bad]))
    _refused(fields)


@pytest.mark.parametrize(("part", "parts"), [(0, 1), (0, 4), (2, 3), (3, 4)])
def test_part_of_a_history_comes_before_their_number(part: int, parts: int) -> None:
    payload = HistoryPayload(**HEAD, letter=H32, part=part, parts=parts, data="00")

    assert parse_letter_payload(encode_payload(payload, LETTER_PAYLOAD_MAX)) == payload
    for behind in range(parts, 4):
        with pytest.raises(MalformedPayloadError):
            encode_payload(msgspec.structs.replace(payload, part=behind), LETTER_PAYLOAD_MAX)


@pytest.mark.parametrize(
    "language", ["ru", "en", "zh-hans", "zh-hant", "yue", "be-tarask", "es-419"]
)
def test_language_tags_in_use_are_taken(language: str) -> None:
    letter = letter_payload(ORG, language=language)

    assert parse_letter_payload(encode_payload(letter, LETTER_PAYLOAD_MAX)) == letter


def test_lengths_count_characters_and_not_units() -> None:
    letter = letter_payload(
        ORG, attachments=(msgspec.structs.replace(ATTACHMENT, name="😀" * 255),)
    )

    assert parse_letter_payload(encode_payload(letter, LETTER_PAYLOAD_MAX)) == letter


def test_payload_of_exactly_the_limit_fits_and_of_one_more_does_not() -> None:
    room = LETTER_PAYLOAD_MAX - len(encode_payload(letter_payload(ORG, text=""), 10**6))

    assert len(encode_payload(letter_payload(ORG, text="x" * room), LETTER_PAYLOAD_MAX)) == 16_314
    with pytest.raises(PayloadTooLongError):
        encode_payload(letter_payload(ORG, text="x" * (room + 1)), LETTER_PAYLOAD_MAX)


@pytest.mark.parametrize("changes", [{"text": "\ud800"}, {"language": "Russian"}, {"day": -1}])
def test_writer_refuses_what_a_reader_would(changes: dict[str, Any]) -> None:
    with pytest.raises(MalformedPayloadError):
        encode_payload(letter_payload(ORG, **changes), LETTER_PAYLOAD_MAX)


def test_the_fullest_letters_of_colleagues_fit() -> None:
    keys = (ResealedLetter(letter=H32, file_key=H16),) * RESEALED_LETTERS_MAX
    part = "ff" * HISTORY_PART_LEN
    most: dict[str, Any] = {**HEAD, "day": 2**31, "generation": 256}

    encode_payload(ResealPayload(**most, letters=keys), LETTER_PAYLOAD_MAX)
    encode_payload(
        HistoryPayload(**most, letter=H32, part=3, parts=4, data=part), LETTER_PAYLOAD_MAX
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("part", 4),
        ("part", -1),
        ("parts", 0),
        ("parts", 5),
        ("data", ""),
        ("data", "0"),
        ("data", "0G"),
        ("data", "ff" * HISTORY_PART_LEN + "ff"),
    ],
)
def test_history_out_of_bounds_is_refused(field: str, value: object) -> None:
    fields = json.loads(msgspec.json.encode(LETTERS["history"]))
    _refused({**fields, field: value})


@pytest.mark.parametrize("count", [0, RESEALED_LETTERS_MAX + 1])
def test_reseal_of_none_or_too_many_is_refused(count: int) -> None:
    fields = json.loads(msgspec.json.encode(LETTERS["reseal"]))
    _refused({**fields, "letters": fields["letters"] * count})


def _refused(fields: dict[str, Any]) -> None:
    with pytest.raises(MalformedPayloadError):
        parse_letter_payload(json.dumps(fields).encode())
