"""Bytes that no strict parser may take for a payload, whatever the schema. Spec §5.1."""

from collections.abc import Iterator
from typing import Final

from silent_courier.protocol.payload import CLOCK_A_DAY
from vectors.generate import samples
from vectors.generate.organisation import TODAY, Json, to_json

_DAY: Final = b'"day":20780'
_TEXT: Final = "Здравствуйте. Я работаю на складе, и мне есть что рассказать.".encode()


def poisons() -> Iterator[tuple[str, bytes]]:
    """A name and the bytes, each wrong in one way."""
    yield from _not_an_object()
    yield from _bad_bytes()
    yield from _bad_strings()
    yield from _bad_numbers()
    yield from _bad_structure()


def with_text(json: bytes) -> bytes:
    """A sound letter whose text stands as these bytes of JSON."""
    return _swap(_letter(), b'"' + _TEXT + b'"', json)


def with_day(json: bytes) -> bytes:
    """A sound letter whose day stands as these bytes of JSON."""
    return _swap(_letter(), _DAY, b'"day":' + json)


def _letter(**changes: object) -> bytes:
    return to_json(samples.letter(**changes))


def _swap(data: bytes, old: bytes, new: bytes) -> bytes:
    if data.count(old) != 1:
        raise ValueError("to be swapped, it must be there once")
    return data.replace(old, new)


def _not_an_object() -> Iterator[tuple[str, bytes]]:
    yield "nothing", b""
    yield "only-spaces", b"   "
    yield "null", b"null"
    yield "a-string", b'"letter"'
    yield "a-number", b"1"
    yield "a-list", b"[" + _letter() + b"]"
    yield "an-empty-object", b"{}"
    yield "two-objects", _letter() + b" " + _letter()
    yield "cut-short", _letter()[:-1]
    yield "a-trailing-zero", _letter() + b"\0"


def _bad_bytes() -> Iterator[tuple[str, bytes]]:
    yield "a-byte-order-mark", b"\xef\xbb\xbf" + _letter()
    yield "utf-16", _letter().decode().encode("utf-16-be")
    yield "latin-1", with_text(b'"\xe9"')
    yield "an-overlong-slash", with_text(b'"\xc0\xaf"')
    yield "an-encoded-surrogate", with_text(b'"\xed\xa0\x80"')
    yield "a-code-point-too-high", with_text(b'"\xf4\x90\x80\x80"')
    yield "a-cut-character", with_text(b'"\xd0"')
    yield "a-no-break-space", _letter() + "\u00a0".encode()
    yield "a-form-feed", b"\f" + _letter()


def _bad_strings() -> Iterator[tuple[str, bytes]]:
    yield "a-lone-surrogate", with_text(rb'"\ud800"')
    yield "a-lone-low-surrogate", with_text(rb'"\udc00"')
    yield "surrogates-the-wrong-way-round", with_text(rb'"\udc00\ud800"')
    yield "a-surrogate-in-a-name", _swap(_letter(), b'"text"', rb'"text","\ud800":1,"text2"')
    yield "a-raw-newline", with_text(b'"a\nb"')
    yield "a-raw-zero", with_text(b'"a\0b"')
    yield "an-unknown-escape", with_text(rb'"\x41"')
    yield "a-short-escape", with_text(rb'"\u041"')
    yield "an-escape-that-is-no-hex", with_text(rb'"\u00zz"')
    yield "an-escape-with-a-sign", with_text(rb'"\u+041"')
    yield "single-quotes", with_text(b"'a'")
    yield "an-endless-string", b'{"kind":"letter","text":"' + rb"\"" * 3000


def _bad_numbers() -> Iterator[tuple[str, bytes]]:
    yield "not-a-number", with_day(b"NaN")
    yield "infinity", with_day(b"Infinity")
    yield "minus-infinity", with_day(b"-Infinity")
    yield "a-fraction", with_day(b"20780.5")
    yield "a-whole-fraction", with_day(b"20780.0")
    yield "an-exponent", with_day(b"2e4")
    yield "a-leading-zero", with_day(b"020780")
    yield "a-plus-sign", with_day(b"+20780")
    yield "a-hex-number", with_day(b"0x512c")
    yield "a-lone-minus", with_day(b"-")
    yield "two-to-the-53", with_day(b"9007199254740992")
    yield "minus-two-to-the-53", with_day(b"-9007199254740992")
    yield "5000-digits", with_day(b"9" * 5000)
    yield "5000-digits-in-an-unknown-field", _swap(_letter(), _DAY, _DAY + b',"x":' + b"1" * 5000)
    yield "full-width-digits", with_day("２０７８０".encode())


def _bad_structure() -> Iterator[tuple[str, bytes]]:
    yield "a-field-twice", _swap(_letter(), _DAY, _DAY + b"," + _DAY)
    yield "a-field-twice-by-an-escape", _swap(_letter(), _DAY, _DAY + rb',"d\u0061y":20780')
    yield (
        "a-field-twice-deep-inside",
        _swap(_letter(attachments=[samples.attachment()]), b'"chunks":4', b'"chunks":4,"chunks":4'),
    )
    yield "8000-brackets", b"[" * 8000
    yield "8000-brackets-inside", _swap(_letter(), _DAY, _DAY + b',"x":' + b"[" * 8000)
    yield "4000-brackets-closed", with_day(b"[" * 4000 + b"]" * 4000)
    yield "8000-braces", b'{"a":' * 2700
    yield "depth-five", _swap(_letter(), _DAY, _DAY + b',"x":[[[[]]]]')
    yield "a-trailing-comma", _letter()[:-1] + b",}"
    yield "a-comment", b"/* */" + _letter()
    yield "a-closed-brace-too-many", _letter() + b"}"
    yield "a-name-without-quotes", _swap(_letter(), b'"day"', b"day")
    yield "a-prototype", _swap(_letter(), _DAY, _DAY + b',"__proto__":{"admin":1}')


def bad_fields() -> Iterator[tuple[str, Json]]:
    """Sound JSON that breaks the schema of a letter in one way. Spec §5.2, §5.3."""
    yield "no-kind", _without("kind")
    yield "no-version", _without("version")
    for body in (
        samples.cover(),
        samples.note(),
        samples.reseal(),
        samples.history(),
        samples.mark(),
        samples.digest(),
        samples.change(),
    ):
        for name in ("kind", "version"):
            yield f"a-{body['kind']}-of-no-{name}", {k: v for k, v in body.items() if k != name}
    yield "an-unknown-kind", samples.letter(kind="telegram")
    yield "a-kind-that-is-a-number", samples.letter(kind=1)
    yield "a-reply", samples.reply()
    yield "version-2", samples.letter(version=2)
    yield "version-true", samples.letter(version=True)
    yield "version-as-text", samples.letter(version="1")
    yield "an-unknown-field", samples.letter(urgent=1)
    yield "no-text", _without("text")
    yield "a-text-that-is-null", samples.letter(text=None)
    yield "an-id-in-upper-case", samples.letter(id=samples.letter()["id"].upper())
    yield "an-id-with-a-newline", samples.letter(id=samples.letter()["id"] + "\n")
    yield "an-id-too-short", samples.letter(id=samples.letter()["id"][:-1])
    yield "a-hash-of-another-alphabet", samples.letter(charter="g" * 64)
    yield "a-day-that-is-true", samples.letter(day=True)
    yield "a-day-as-text", samples.letter(day="20780")
    yield "a-negative-day", samples.letter(day=-1)
    yield "a-day-too-far", samples.letter(day=2**31 + 1)
    yield "generation-0", samples.letter(generation=0)
    yield "generation-257", samples.letter(generation=257)
    yield "a-language-in-capitals", samples.letter(language="RU")
    yield "a-language-too-long", samples.letter(language="russian")
    yield "attachments-that-are-null", samples.letter(attachments=None)
    yield "attachments-that-are-an-object", samples.letter(attachments={})
    yield "seventeen-attachments", samples.letter(attachments=[samples.attachment()] * 17)
    yield from _bad_attachments()
    yield from _bad_kinds()


def _without(name: str) -> Json:
    return {key: value for key, value in samples.letter().items() if key != name}


def _bad_attachments() -> Iterator[tuple[str, Json]]:
    for name, changes in (
        ("without-a-name", {"name": ""}),
        ("with-a-name-too-long", {"name": "я" * 256}),
        ("with-a-long-astral-name", {"name": "🗝" * 256}),
        ("above-2-gib", {"size": 2**31 + 1}),
        ("of-negative-size", {"size": -1}),
        ("without-chunks", {"chunks": 0}),
        ("of-too-many-chunks", {"chunks": 2049}),
        ("with-an-unknown-field", {"path": "/etc/passwd"}),
        ("with-a-chunk-too-few", {"chunks": 3}),
        ("with-a-chunk-too-many", {"chunks": 6}),
        ("with-as-many-chunks-as-it-has-mib", {"size": 5 * 2**20, "chunks": 5}),
        ("of-nothing-with-two-chunks", {"size": 0, "chunks": 2}),
        ("of-2-gib-with-one-chunk", {"size": 2**31, "chunks": 1}),
    ):
        yield f"an-attachment-{name}", samples.letter(attachments=[samples.attachment(**changes)])
    bad = [samples.attachment(), samples.attachment(chunks=2048)]
    yield "a-second-attachment-with-too-many-chunks", samples.letter(attachments=bad)
    yield "an-attachment-that-is-a-list", samples.letter(attachments=[[]])


def _bad_kinds() -> Iterator[tuple[str, Json]]:
    answer = {"question": "what", "answer": "склад"}
    yield "a-form-of-six-answers", samples.letter(form=[answer] * 6)
    yield "an-unknown-question", samples.letter(form=[{"question": "who", "answer": ""}])
    yield "a-cover-with-text", samples.cover(text="")
    yield "a-reseal-of-nothing", samples.reseal(0)
    yield "a-reseal-of-97", samples.reseal(97)
    yield "a-history-of-odd-hex", samples.history(data="abc")
    yield "a-history-without-data", samples.history(data="")
    yield "a-history-too-long", samples.history(data="00" * (6 * 1024 + 1))
    yield "a-history-part-4", samples.history(part=4)
    yield "a-history-of-no-parts", samples.history(parts=0)
    yield "a-history-of-five-parts", samples.history(parts=5)
    yield "a-history-with-a-part-behind-the-last", samples.history(part=3, parts=3)
    yield "a-history-with-a-part-far-behind-the-last", samples.history(part=2, parts=1)
    yield "a-mark-of-nothing", samples.mark(0)
    yield "a-mark-of-97", samples.mark(97)
    yield "a-mark-acknowledged-by-a-number", samples.mark(acknowledged=1)
    yield "a-mark-acknowledged-by-null", samples.mark(acknowledged=None)
    yield "a-digest-with-a-prefix-too-few", samples.digest(count=4)
    yield "a-digest-with-a-prefix-too-many", samples.digest(count=2)
    yield "a-digest-with-half-a-prefix", samples.digest(1, prefixes="00" * 7)
    yield "a-digest-of-901-prefixes", samples.digest(901)
    yield "a-digest-of-fewer-than-none", samples.digest(0, count=-1)
    yield from _bad_changes()


def _bad_changes() -> Iterator[tuple[str, Json]]:
    for name, changes in (
        ("of-no-field", {"field": ""}),
        ("of-a-field-in-capitals", {"field": "Label"}),
        ("of-a-field-that-begins-with-a-stroke", {"field": "-label"}),
        ("of-a-field-too-long", {"field": "a" * 33}),
        ("of-a-field-with-a-newline", {"field": "label\n"}),
        ("with-an-item-too-long", {"item": "я" * 201}),
        ("with-a-value-that-is-null", {"value": None}),
        ("with-a-value-that-is-a-number", {"value": 1}),
        ("with-a-negative-clock", {"clock": -1}),
        ("of-two-days-ahead", {"clock": (TODAY + 2) * CLOCK_A_DAY}),
        ("that-takes-back-97", {"removes": ["0" * 32] * 97}),
        ("that-takes-back-half-an-id", {"removes": ["0" * 16]}),
        ("with-another-field", {"by": "Anna"}),
    ):
        yield f"a-change-{name}", samples.change(**changes)
