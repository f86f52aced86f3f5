"""Cases of sealed letters, and of what may stand in them. Spec §4."""

from collections.abc import Iterator

from silent_courier.protocol.age import HybridIdentity
from silent_courier.protocol.letter import read_letter
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.sizes import AGE_VERSION_LINE_LEN, STANZA_LEN
from vectors.generate import samples, sealing
from vectors.generate.case import OK, Case, fields
from vectors.generate.draw import draw
from vectors.generate.letter_plaintexts import plaintexts
from vectors.generate.organisation import (
    DEVICE_KEYS,
    ORG_ID,
    day_identity,
    device_key,
    to_json,
)
from vectors.generate.payload import canonical
from vectors.generate.sealing import FILE_KEY, NOBODY, READERS, flip, plaintext, seal

LETTER = to_json(samples.letter())
SEALED = seal(plaintext(LETTER), "letter")
CANNOT_OPEN, MALFORMED, NOT_AGE = "cannot_open", "malformed_letter", "malformed_age"
_STANZAS = range(AGE_VERSION_LINE_LEN, AGE_VERSION_LINE_LEN + 3 * STANZA_LEN, STANZA_LEN)
_MAC_LINE = AGE_VERSION_LINE_LEN + 3 * STANZA_LEN


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _opened()
    yield from _not_opened()
    yield from _with_file_key()
    for name, data, expect in plaintexts():
        yield _read(name, data, expect)
    yield from _recipients()


def _reading(plain: bytes) -> tuple[tuple[str, str], ...]:
    keys = {int(slot): bytes.fromhex(key) for slot, key in (k.split() for k in DEVICE_KEYS)}
    letter = read_letter(plain, ORG_ID, keys)
    signer = "none" if letter.device is None else letter.device
    return fields(("signer", signer), ("payload", canonical(letter.payload)))


def _context() -> tuple[tuple[str, str], ...]:
    return fields(("org-id", ORG_ID), ("device-key", DEVICE_KEYS))


def _open(
    name: str,
    sealed: bytes,
    plain: bytes | None,
    expect: str = OK,
    identities: tuple[HybridIdentity, ...] = READERS[:1],
) -> Case:
    given = fields(("identity", (i.encode() for i in identities))) + _context()
    out = (fields(("file-key", FILE_KEY)) + _reading(plain)) if plain else ()
    return Case(f"letters/{name}", "letter.open", given + out, sealed, expect)


def _opened() -> Iterator[Case]:
    plain = plaintext(LETTER)
    yield _open("opens-for-the-first-reader", SEALED, plain)
    yield _open("opens-for-the-second-reader", SEALED, plain, identities=READERS[1:])
    yesterday = day_identity(0, 20_779)
    yield _open("opens-with-one-of-several", SEALED, plain, identities=(yesterday, READERS[1]))
    one = seal(plain, "one slot", READERS[:1])
    yield _open("opens-with-one-slot", one, plain)
    cover = plaintext(to_json(samples.cover()))
    yield _open("opens-a-cover", seal(cover, "cover"), cover)
    note = to_json(samples.note())
    signed = plaintext(note, sealing.signed_trailer(note, device_key(5)))
    yield _open("opens-a-note", seal(signed, "note"), signed)


def _not_opened() -> Iterator[Case]:
    for name, sealed, expect in (*_altered(), *_rearranged(), *_wrong_lengths()):
        yield _open(name, sealed, None, expect)
    stranger = (HybridIdentity(draw("stranger/day-key", 32)),)
    yield _open("is-not-for-a-stranger", SEALED, None, CANNOT_OPEN, stranger)
    yesterday = (day_identity(0, 20_779),)
    yield _open("is-not-for-yesterdays-key", SEALED, None, CANNOT_OPEN, yesterday)
    yield _open("is-for-nobody-at-all", SEALED, None, CANNOT_OPEN, ())
    poison = plaintext(LETTER.replace("склад".encode(), rb"\ud800"))
    yield _open("seals-a-poison-payload", seal(poison, "poison"), None, "malformed_payload")


def _altered() -> Iterator[tuple[str, bytes, str]]:
    ours, other = _STANZAS[0], _STANZAS[1]
    body = -len(plaintext(LETTER)) - 16
    yield "has-another-version", flip(SEALED, 20), NOT_AGE
    yield "has-another-kind-of-stanza", flip(SEALED, ours + 4), CANNOT_OPEN
    yield "has-a-bit-flipped-in-our-encapsulation", _digit(ours + 40), CANNOT_OPEN
    yield "has-a-bit-flipped-in-our-x25519-share", _digit(ours + 1500), CANNOT_OPEN
    yield "has-a-bit-flipped-in-our-wrapped-key", _digit(ours + STANZA_LEN - 20), CANNOT_OPEN
    yield "has-a-bit-flipped-in-anothers-stanza", _digit(other + 40), CANNOT_OPEN
    yield "has-a-bit-flipped-in-the-mac", _digit(_MAC_LINE + 10), CANNOT_OPEN
    yield "has-a-bit-flipped-in-the-nonce", flip(SEALED, body - 16), CANNOT_OPEN
    yield "has-a-bit-flipped-at-the-start", flip(SEALED, body), CANNOT_OPEN
    yield "has-a-bit-flipped-in-the-middle", flip(SEALED, -8000, 7), CANNOT_OPEN
    yield "has-a-bit-flipped-at-the-end", flip(SEALED, -1), CANNOT_OPEN
    yield "has-base64-that-is-none", _put(SEALED, ours + 40, b"*"), NOT_AGE
    yield "has-a-second-spelling-of-base64", _second_spelling(), NOT_AGE
    yield "has-a-windows-line-end", _put(SEALED, ours + STANZA_LEN - 2, b"\r\n"), NOT_AGE


def _digit(position: int) -> bytes:
    """Another digit of base64 at this place, so that the grammar still holds."""
    return _put(SEALED, position, b"B" if SEALED[position : position + 1] != b"B" else b"C")


def _put(data: bytes, position: int, new: bytes) -> bytes:
    return data[:position] + new + data[position + len(new) :]


def _second_spelling() -> bytes:
    """The last digit of the MAC says two bits that must be zero."""
    end = _MAC_LINE + 4 + 43
    digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = digits.index(SEALED[end - 1])
    return _put(SEALED, end - 1, digits[last + 1 : last + 2])


def _rearranged() -> Iterator[tuple[str, bytes, str]]:
    first, second, third = (SEALED[start : start + STANZA_LEN] for start in _STANZAS)
    head, rest = SEALED[:AGE_VERSION_LINE_LEN], SEALED[_MAC_LINE:]
    yield "has-its-stanzas-swapped", head + second + first + third + rest, CANNOT_OPEN
    yield "has-our-stanza-twice", head + first + first + third + rest, CANNOT_OPEN
    yield "has-no-stanza-of-ours", head + second + second + third + rest, CANNOT_OPEN
    yield "has-no-stanza-at-all", (head + rest).ljust(len(SEALED), b"\0"), NOT_AGE
    other = seal(plaintext(to_json(samples.cover())), "cover")
    body = -len(plaintext(LETTER)) - 16
    yield "has-the-payload-of-another", SEALED[:body] + other[body:], CANNOT_OPEN
    key = draw("letter/other-file-key", 16)
    stranger = seal(plaintext(LETTER), "letter", (READERS[0], NOBODY, NOBODY), key)
    yield "has-the-header-of-another", stranger[: body - 16] + SEALED[body - 16 :], CANNOT_OPEN


def _wrong_lengths() -> Iterator[tuple[str, bytes, str]]:
    yield "is-nothing", b"", MALFORMED
    yield "is-a-byte-short", SEALED[:-1], MALFORMED
    yield "is-a-byte-long", SEALED + b"\0", MALFORMED
    yield "is-cut-in-half", SEALED[: len(SEALED) // 2], MALFORMED
    yield "is-zeros-of-the-right-length", bytes(len(SEALED)), NOT_AGE
    longer = plaintext(LETTER) + bytes(STANZA_LEN)
    # Two slots and a plaintext that is longer by a third: the file has the length of three.
    yield "hides-a-longer-plaintext", seal(longer, "longer", READERS), MALFORMED
    shorter = plaintext(LETTER)[:-STANZA_LEN]
    four = (*READERS, NOBODY, day_identity(8))
    yield "hides-a-shorter-plaintext", seal(shorter, "shorter", four), MALFORMED


def _with_file_key() -> Iterator[Case]:
    plain = plaintext(LETTER)
    digest = fields(("sha256", sha256(plain)))
    for name, key, sealed, out, expect in (
        ("opens-with-a-file-key", FILE_KEY, SEALED, digest, OK),
        ("does-not-open-with-another-file-key", flip(FILE_KEY, 0), SEALED, (), CANNOT_OPEN),
        ("does-not-open-with-a-short-file-key", FILE_KEY[:-1], SEALED, (), CANNOT_OPEN),
        ("does-not-open-altered-with-a-file-key", FILE_KEY, flip(SEALED, -1), (), CANNOT_OPEN),
        ("does-not-open-short-with-a-file-key", FILE_KEY, SEALED[:-1], (), MALFORMED),
    ):
        given = fields(("file-key", key)) + out
        yield Case(f"letters/{name}", "letter.open-with-file-key", given, sealed, expect)


def _read(name: str, plain: bytes, expect: str) -> Case:
    out = _reading(plain) if expect == OK else ()
    return Case(f"letters/{name}", "letter.read", _context() + out, plain, expect)


def _recipients() -> Iterator[Case]:
    for slot in (0, 4):
        identity = day_identity(slot)
        recipient = identity.recipient()
        given = fields(
            ("seed", identity.seed),
            ("identity", identity.encode()),
            ("public-key", recipient.public_key),
            ("recipient", recipient.encode()),
        )
        yield Case(f"letters/recipient-of-day-key-{slot}", "recipient", given)
