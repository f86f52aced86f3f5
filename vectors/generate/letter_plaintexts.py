"""Plaintexts of letters: framing, trailer, and who may write what. Spec §4.2-§4.4."""

from collections.abc import Iterator

from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import ED25519_SIGNATURE_LEN, TRAILER_LEN
from vectors.generate import samples
from vectors.generate.case import OK
from vectors.generate.draw import draw
from vectors.generate.organisation import OTHER_ORG_ID, device_key, to_json
from vectors.generate.sealing import flip, plaintext, signed_trailer

Plaintext = tuple[str, bytes, str]
MALFORMED, POISON, UNSIGNED = "malformed_letter", "malformed_payload", "statement_signature"
LETTER, NOTE = to_json(samples.letter()), to_json(samples.note())
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


def plaintexts() -> Iterator[Plaintext]:
    """A name, 16 KiB, and how reading them must end."""
    yield from _sound()
    yield from _badly_framed()
    yield from _badly_signed()
    yield from _not_theirs_to_write()


def _sound() -> Iterator[Plaintext]:
    for name, body in (("note", samples.note()), ("reply-copy", samples.reply_copy())):
        data = to_json(body)
        yield f"reads-a-{name}", plaintext(data, signed_trailer(data, device_key(4))), OK
    full = to_json(samples.letter(text="я" * 7600))
    yield "reads-a-long-letter", plaintext(full), OK
    last = LETTER[:-1].ljust(16 * 1024 - 4 - TRAILER_LEN - 1) + b"}"
    yield "reads-the-longest-payload", plaintext(last), OK


def _badly_framed() -> Iterator[Plaintext]:
    sound = plaintext(LETTER)
    yield "is-all-zeros", bytes(len(sound)), POISON
    yield "has-a-length-too-high", b"\xff\xff\xff\xff" + sound[4:], MALFORMED
    just_over = (16 * 1024 - TRAILER_LEN - 4 + 1).to_bytes(4, "big")
    yield "has-a-length-into-the-trailer", just_over + sound[4:], MALFORMED
    yield "has-a-length-too-low", (len(LETTER) - 1).to_bytes(4, "big") + sound[4:], MALFORMED
    yield "has-a-length-a-zero-too-high", (len(LETTER) + 1).to_bytes(4, "big") + sound[4:], POISON
    yield "has-something-after-the-payload", flip(sound, 4 + len(LETTER)), MALFORMED
    yield "has-something-before-the-trailer", flip(sound, -TRAILER_LEN - 1), MALFORMED


def _badly_signed() -> Iterator[Plaintext]:
    good = signed_trailer(NOTE, device_key(4))
    stranger = DeviceKey(4, draw("stranger/device", 32))
    for name, trailer in (
        ("has-a-bit-flipped-in-the-signature", flip(good, 20)),
        ("names-another-device", flip(good, 1)),
        ("names-a-device-that-is-none", signed_trailer(NOTE, device_key(9))),
        ("is-signed-by-a-stranger", signed_trailer(NOTE, stranger)),
        ("is-signed-for-another-organisation", signed_trailer(NOTE, device_key(4), OTHER_ORG_ID)),
        ("is-signed-as-a-reply", signed_trailer(NOTE, device_key(4), label="reply")),
        ("has-a-signature-of-zeros", good[:2] + bytes(ED25519_SIGNATURE_LEN)),
        ("has-a-second-form-of-the-signature", _second_form(good)),
        ("has-the-signature-of-another-note", signed_trailer(NOTE + b" ", device_key(4))),
    ):
        yield name, plaintext(NOTE, trailer), UNSIGNED
    yield "has-a-trailer-without-need", plaintext(LETTER, flip(bytes(TRAILER_LEN), -1)), UNSIGNED


def _second_form(trailer: bytes) -> bytes:
    """The same signature with the group's order added to its second half."""
    second = int.from_bytes(trailer[-32:], "little") + ED25519_ORDER
    return trailer[:-32] + second.to_bytes(32, "little")


def _not_theirs_to_write() -> Iterator[Plaintext]:
    for name, body in (
        ("note", samples.note()),
        ("reply-copy", samples.reply_copy()),
        ("reseal", samples.reseal()),
        ("history", samples.history()),
    ):
        yield f"is-an-unsigned-{name}", plaintext(to_json(body)), MALFORMED
    for name, body in (("letter", samples.letter()), ("cover", samples.cover())):
        data = to_json(body)
        yield f"is-a-signed-{name}", plaintext(data, signed_trailer(data, device_key(4))), MALFORMED
    other = to_json(samples.letter(org_id=OTHER_ORG_ID.hex()))
    yield "names-another-organisation", plaintext(other), MALFORMED
    reply = to_json(samples.reply())
    yield "is-a-reply", plaintext(reply, signed_trailer(reply, device_key(4))), POISON
    yield "is-a-poison", plaintext(LETTER.replace(b'"day":20780', b'"day":NaN')), POISON
