"""Cases of payloads: strict JSON and fixed schemas. Spec §5."""

import json
from collections.abc import Iterator

import msgspec

from silent_courier.protocol.payload import (
    CLOCK_A_DAY,
    parse_letter_payload,
    parse_reply_payload,
)
from silent_courier.protocol.sizes import CHUNKS_MAX, MIB, chunk_count
from vectors.generate import samples
from vectors.generate.case import Case, fields
from vectors.generate.draw import draw
from vectors.generate.organisation import TODAY, Json, to_json
from vectors.generate.poison import bad_fields, poisons, with_day, with_text

MALFORMED = "malformed_payload"
_LAST_CLOCK = (TODAY + 2) * CLOCK_A_DAY - 1


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from (_letter(f"reads-{name}", data) for name, data in _sound_letters())
    yield from (_letter(f"reads-{name}", data) for name, data in _sound_spellings())
    for name, data in poisons():
        yield Case(f"payload/refuses-{name}", "payload.letter", (), data, MALFORMED)
    for name, body in bad_fields():
        yield Case(f"payload/refuses-{name}", "payload.letter", (), to_json(body), MALFORMED)
    yield from _replies()


def canonical(payload: object) -> str:
    """The payload as one line of JSON: names in order, defaults written out, nothing escaped."""
    plain = msgspec.to_builtins(payload)
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _letter(name: str, data: bytes) -> Case:
    given = fields(("payload", canonical(parse_letter_payload(data))))
    return Case(f"payload/{name}", "payload.letter", given, data)


def _sound_letters() -> Iterator[tuple[str, bytes]]:
    samples_by_name: dict[str, Json] = {
        "a-letter": samples.letter(),
        "a-cover": samples.cover(),
        "a-note": samples.note(),
        "a-reply-copy": samples.reply_copy(),
        "a-reseal-of-96": samples.reseal(96),
        "a-history": samples.history(),
        "the-last-part-of-a-history": samples.history(part=3, parts=4),
        "a-mark": samples.mark(),
        "a-mark-of-96-that-is-acknowledged": samples.mark(96, acknowledged=True),
        "a-digest": samples.digest(),
        "a-digest-of-900": samples.digest(900),
        "a-digest-of-too-many-for-prefixes": samples.digest(901, prefixes=""),
        "a-digest-of-a-day-without-letters": samples.digest(0),
        "a-change": samples.change(),
        "a-change-that-takes-back-96": samples.change(
            value="", removes=[draw(f"change/{i}", 16).hex() for i in range(96)]
        ),
        "a-change-of-a-field-that-nobody-knows": samples.change(field="moon-phase", item=""),
        "a-change-without-what-it-takes-back": _without("removes", samples.change()),
        "a-change-at-the-last-moment": samples.change(clock=_LAST_CLOCK),
        "a-change-of-the-highest-clock": samples.change(day=2**31, clock=2**53 - 1),
        "a-change-with-a-long-astral-item": samples.change(item="🗝" * 200),
        "an-empty-text": samples.letter(text=""),
        "the-highest-numbers": samples.letter(day=2**31, week=2**31, generation=256),
        "sixteen-attachments": samples.letter(attachments=[samples.attachment()] * 16),
        "an-attachment-of-2-gib": samples.letter(
            attachments=[samples.attachment(size=2**31, chunks=2048)]
        ),
        "attachments-of-every-count-of-chunks": samples.letter(attachments=_of_every_count()[:16]),
        "attachments-of-higher-counts-of-chunks": samples.letter(
            attachments=_of_every_count()[16:]
        ),
        "an-astral-name-of-255": samples.letter(attachments=[samples.attachment(name="🗝" * 255)]),
        "a-form": samples.letter(
            form=[{"question": q, "answer": q} for q in ("what", "how", "others", "when", "danger")]
        ),
        "a-form-that-asks-one-thing-twice": samples.letter(
            form=[{"question": "what", "answer": a} for a in ("this", "that")]
        ),
        "a-week-that-is-not-of-its-day": samples.letter(week=0, day=TODAY),
    }
    yield from ((name, to_json(body)) for name, body in samples_by_name.items())


def _of_every_count() -> list[Json]:
    """The longest attachment for each count of chunks there is."""
    counts = sorted({chunk_count(mib * MIB) for mib in range(CHUNKS_MAX + 1)})
    return [samples.attachment(size=count * MIB, chunks=count) for count in counts]


def _sound_spellings() -> Iterator[tuple[str, bytes]]:
    backwards = dict(reversed(samples.letter().items()))
    yield "fields-in-any-order", to_json(backwards)
    spaced = to_json(samples.cover()).replace(b":", b" :\t").replace(b",", b"\r\n, ")
    yield "spaces-between", b" \n" + spaced + b"\n"
    yield "every-escape", with_text(rb'"\"\\\/\b\f\n\r\t\u0416\u0000\uD83D\uDDDD"')
    yield "brackets-in-a-text", with_text(b'"' + b"[{" * 3000 + b'"')
    yield "escaped-field-names", to_json(samples.cover()).replace(b"kind", rb"\u006b\u0069nd")
    yield "unusual-characters", with_text('"\u2028\u2029\x7f\ufeff\ufffd\U0010ffff"'.encode())
    yield "minus-zero", with_day(b"-0")


def _without(name: str, body: Json) -> Json:
    return {key: value for key, value in body.items() if key != name}


def _replies() -> Iterator[Case]:
    for name, body in (("a-reply", samples.reply()), ("an-acknowledgement", samples.opened())):
        given = fields(("payload", canonical(parse_reply_payload(to_json(body)))))
        yield Case(f"payload/reads-{name}", "payload.reply", given, to_json(body))
    for name, body in (
        ("a-letter-on-the-board", samples.letter()),
        ("a-cover-on-the-board", samples.cover()),
        ("a-reply-to-nobody", _without("to", samples.reply())),
        ("a-reply-with-attachments", samples.reply(attachments=[])),
        ("a-reply-in-no-language", samples.reply(language="")),
        ("an-acknowledgement-with-text", samples.opened(text="")),
        ("an-acknowledgement-of-no-day", samples.opened(opened=None)),
        ("a-reply-of-no-kind", _without("kind", samples.reply())),
        ("a-reply-of-no-version", _without("version", samples.reply())),
        ("an-acknowledgement-of-no-version", _without("version", samples.opened())),
        ("a-reply-that-is-nothing", {}),
    ):
        yield Case(f"payload/refuses-{name}", "payload.reply", (), to_json(body), MALFORMED)
    poison = to_json(samples.reply(text="")).replace(b'"text":""', rb'"text":"\udfff"')
    yield Case("payload/refuses-a-surrogate-in-a-reply", "payload.reply", (), poison, MALFORMED)
