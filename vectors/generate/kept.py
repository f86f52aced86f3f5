"""A source's letter as desks keep it and pass it on in parts. Spec §5.4, §5.6."""

from collections.abc import Iterator

from silent_courier.protocol.kept import keep_letter, read_kept
from silent_courier.protocol.payload import LetterPayload, parse_letter_payload
from silent_courier.protocol.sizes import TRAILER_LEN
from vectors.generate import samples
from vectors.generate.case import OK, Case, fields
from vectors.generate.organisation import (
    DEVICE_KEYS,
    ORG_ID,
    OTHER_ORG_ID,
    WEEK,
    Json,
    device_key,
    thread_key,
    to_json,
)
from vectors.generate.payload import canonical
from vectors.generate.sealing import flip, signed_trailer

NOBODY = bytes(TRAILER_LEN)
MALFORMED, POISON, UNSIGNED = "malformed_letter", "malformed_payload", "statement_signature"
Content = tuple[str, bytes, str]


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _kept_of_letters()
    for name, content, expect in (*_sound(), *_poison(), *_wrong_signers()):
        yield _read(name, content, expect)


def _kept_of_letters() -> Iterator[Case]:
    """What stays of a letter: neither its auth value nor its thread key."""
    form = [{"question": "what", "answer": "Склад пуст."}]
    for name, body in (
        ("keeps-a-letter", samples.letter()),
        ("keeps-attachments", samples.letter(attachments=[samples.attachment()])),
        ("keeps-a-form", samples.letter(form=form)),
        ("keeps-a-letter-of-the-third-generation", samples.letter(generation=3)),
    ):
        data = to_json(body)
        letter = parse_letter_payload(data)
        assert isinstance(letter, LetterPayload)
        given = fields(("payload", canonical(keep_letter(letter))))
        yield Case(f"kept/{name}", "kept.keep", given, data)


def _read(name: str, content: bytes, expect: str) -> Case:
    given = fields(("org-id", ORG_ID), ("device-key", DEVICE_KEYS))
    if expect == OK:
        keys = {int(slot): bytes.fromhex(key) for slot, key in (k.split() for k in DEVICE_KEYS)}
        kept = read_kept(content, ORG_ID, keys)
        signer = "none" if kept.device is None else kept.device
        given += fields(("signer", signer), ("payload", canonical(kept.payload)))
    return Case(f"kept/{name}", "kept.read", given, content, expect)


def _signed(body: Json) -> bytes:
    data = to_json(body)
    return data + signed_trailer(data, device_key(4))


def _sound() -> Iterator[Content]:
    passed = {"thread_key": thread_key().key.hex(), "week": WEEK}
    yield "reads-a-letter", to_json(samples.kept()) + NOBODY, OK
    yield "reads-a-letter-with-a-key", to_json(samples.kept(**passed)) + NOBODY, OK
    nothing = samples.kept(thread_key=None, week=None)
    yield "reads-a-letter-whose-key-is-null", to_json(nothing) + NOBODY, OK
    yield "reads-a-note-as-it-was-signed", _signed(samples.note()), OK
    yield "reads-a-reply-copy-as-it-was-signed", _signed(samples.reply_copy()), OK


def _poison() -> Iterator[Content]:
    key = thread_key().key.hex()
    for name, body in (
        ("refuses-a-key-without-a-week", samples.kept(thread_key=key)),
        ("refuses-a-week-without-a-key", samples.kept(week=WEEK)),
        ("refuses-a-key-too-short", samples.kept(thread_key=key[2:], week=WEEK)),
        ("refuses-what-speaks-for-its-source", samples.kept(auth=samples.AUTH.hex())),
        ("refuses-no-source-id", {k: v for k, v in samples.kept().items() if k != "source_id"}),
        ("refuses-a-form-that-is-null", samples.kept(form=None)),
        (
            "refuses-an-attachment-with-a-chunk-too-many",
            samples.kept(attachments=[samples.attachment(chunks=6)]),
        ),
        ("refuses-the-letter-itself", samples.letter()),
        ("refuses-a-cover", samples.cover()),
        ("refuses-a-history-within-a-history", samples.history()),
    ):
        yield name, to_json(body) + NOBODY, POISON
    yield "refuses-a-trailer-alone", NOBODY, POISON
    yield "refuses-a-length-before-it", bytes(4) + to_json(samples.kept()) + NOBODY, POISON
    yield "refuses-zeros-behind-it", to_json(samples.kept()) + b"\0" + NOBODY, POISON


def _wrong_signers() -> Iterator[Content]:
    note = to_json(samples.note())
    good = signed_trailer(note, device_key(4))
    yield "refuses-a-letter-that-a-handler-signed", _signed(samples.kept()), MALFORMED
    yield "refuses-an-unsigned-note", note + NOBODY, MALFORMED
    yield "refuses-an-unsigned-reply-copy", to_json(samples.reply_copy()) + NOBODY, MALFORMED
    elsewhere = to_json(samples.kept(org_id=OTHER_ORG_ID.hex()))
    yield "refuses-another-organisations-letter", elsewhere + NOBODY, MALFORMED
    yield "refuses-a-bit-flipped-in-the-signature", note + flip(good, 20), UNSIGNED
    yield (
        "refuses-a-note-signed-as-a-reply",
        note + signed_trailer(note, device_key(4), label="reply"),
        UNSIGNED,
    )
    yield "refuses-a-device-that-is-none", note + signed_trailer(note, device_key(9)), UNSIGNED
