"""The one JSON parser: what is lawful, and that all else is refused alike and quickly."""

import json

import pytest

from silent_courier.protocol.errors import MalformedPayloadError
from silent_courier.protocol.strict_json import DEPTH_MAX, parse_document, parse_object

POISON = {
    "empty": b"",
    "not an object": b"[]",
    "string": b'"x"',
    "number": b"1",
    "null": b"null",
    "truncated": b'{"a":1',
    "trailing": b'{"a":1} {"b":2}',
    "trailing comma": b'{"a":1,}',
    "comment": b'{"a":1}//',
    "single quotes": b"{'a':1}",
    "byte order mark": b'\xef\xbb\xbf{"a":1}',
    "other encoding": '{"a":1}'.encode("utf-16"),
    "bad utf-8": b'{"a":"\xff"}',
    "overlong utf-8": b'{"a":"\xc0\xaf"}',
    "surrogate in utf-8": b'{"a":"\xed\xa0\x80"}',
    "lone high surrogate": b'{"a":"\\ud800"}',
    "lone low surrogate": b'{"a":"\\udc00"}',
    "surrogates the wrong way": b'{"a":"\\udc00\\ud800"}',
    "surrogate in a key": b'{"\\ud800":1}',
    "surrogate in a list": b'{"a":["x",["\\ud800"]]}',
    "duplicate key": b'{"a":1,"a":1}',
    "duplicate key by escape": b'{"a":1,"\\u0061":1}',
    "duplicate key inside": b'{"o":{"a":1,"a":2}}',
    "fraction": b'{"a":1.0}',
    "exponent": b'{"a":1e2}',
    "nan": b'{"a":NaN}',
    "infinity": b'{"a":-Infinity}',
    "leading zero": b'{"a":01}',
    "plus": b'{"a":+1}',
    "hex": b'{"a":0x1}',
    "too large": b'{"a":9007199254740992}',
    "too small": b'{"a":-9007199254740992}',
    "five thousand digits": b'{"a":' + b"1" * 5000 + b"}",
    "control character": b'{"a":"\n"}',
    "bad escape": b'{"a":"\\x41"}',
    "depth five": b'{"a":[[[[]]]]}',
    "eight thousand brackets": b'{"a":' + b"[" * 8000,
    "balanced brackets": b'{"a":' + b"[" * 8000 + b"]" * 8000 + b"}",
    "objects in objects": b'{"a":' * 8000 + b"1" + b"}" * 8000,
    "brackets closed first": b"]]]]" + b"[" * 8000,
    "quotes without end": b'{"a":"' + b'\\"' * 100_000,
}


@pytest.mark.parametrize("name", POISON)
def test_poison_is_refused(name: str) -> None:
    with pytest.raises(MalformedPayloadError):
        parse_object(POISON[name])


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"{}", {}),
        (b' \n\t\r{ "a" : 1 } \n', {"a": 1}),
        (b'{"a":9007199254740991,"b":-9007199254740991}', {"a": 2**53 - 1, "b": 1 - 2**53}),
        (b'{"a":-0}', {"a": 0}),
        (b'{"a":"\\ud83d\\ude00"}', {"a": "😀"}),
        (b'{"a":"[[[[[[{{{{{\\"[[[["}', {"a": '[[[[[[{{{{{"[[[['}),
        (b'{"a":[[[]]]}', {"a": [[[]]]}),
        (b'{"a":"\\u0000\\/"}', {"a": "\0/"}),
        (b'{"a":null,"b":true}', {"a": None, "b": True}),
    ],
)
def test_what_is_lawful_is_read(data: bytes, value: object) -> None:
    assert parse_object(data) == value


def test_depth_counts_objects_and_arrays_alike() -> None:
    lawful = {"a": [{"b": [1]}]}

    assert DEPTH_MAX == 4
    assert parse_object(json.dumps(lawful).encode()) == lawful
    with pytest.raises(MalformedPayloadError):
        parse_object(json.dumps({"a": [{"b": [{}]}]}).encode())


def test_true_is_not_one() -> None:
    assert parse_object(b'{"a":true}')["a"] is True


@pytest.mark.parametrize("data", [b"{}", b'{"version":1}', b'{"kind":"cover"}'])
def test_object_that_says_not_what_it_is_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedPayloadError):
        parse_document(data)


def test_refusal_repeats_nothing_of_what_was_sent() -> None:
    with pytest.raises(MalformedPayloadError) as refusal:
        parse_object(b'{"secret":"poison"')

    assert "poison" not in str(refusal.value)
    assert refusal.value.__cause__ is None
