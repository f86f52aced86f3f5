"""Cases of cells and of the replies that are cut over them. Spec §6.1-§6.3."""

from collections.abc import Iterator, Sequence
from typing import Final

from silent_courier.protocol.frame import frame
from silent_courier.protocol.payload import InReply, parse_reply_payload
from silent_courier.protocol.primitives import aes_gcm_seal, sha256
from silent_courier.protocol.reply import cells_needed, open_cell, seal_reply
from silent_courier.protocol.signing import DeviceKey, sign
from silent_courier.protocol.sizes import DEVICE_LEN, FRAGMENT_LEN, SALT_LEN, TRAILER_LEN
from silent_courier.protocol.thread import ThreadKey, derive_cell_key, derive_tag
from vectors.generate import samples
from vectors.generate.case import OK, Case, fields
from vectors.generate.draw import draw, drawing
from vectors.generate.organisation import (
    DEVICE_KEYS,
    ORG_ID,
    OTHER_ORG_ID,
    Json,
    device_key,
    thread_key,
    to_json,
)
from vectors.generate.payload import canonical
from vectors.generate.sealing import flip

CANNOT_OPEN, MALFORMED, UNSIGNED = "cannot_open", "malformed_cell", "statement_signature"
DEVICE: Final = 4
HEAD_LEN: Final = 10


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _cells_opened()
    yield from _cells_refused()
    yield from _replies_opened()
    for name, cells, expect in (*_wrong_fragments(), *_wrong_signatures(), *_wrong_contents()):
        yield _reply(f"refuses-{name}", cells, expect)


def sealed(body: Json, label: str, first: int = 0, key: ThreadKey | None = None) -> list[bytes]:
    """The cells of this reply by the usual device, under its tags from the first."""
    payload: InReply = parse_reply_payload(to_json(body))
    numbers = range(first, first + cells_needed(payload))
    random = drawing(f"reply/{label}")
    return seal_reply(payload, device_key(DEVICE), key or thread_key(), numbers, random)


def cell(plaintext: bytes, label: str, number: int = 0, key: ThreadKey | None = None) -> bytes:
    """One cell around these bytes, whatever they are."""
    key = key or thread_key()
    tag, salt = derive_tag(key, DEVICE, number), draw(f"cell/salt/{label}", SALT_LEN)
    return tag + salt + aes_gcm_seal(derive_cell_key(key, tag, salt), plaintext)


def fragment(part: int, count: int, data: bytes = b"", reply: str = "hand-made") -> bytes:
    """A fragment's bytes: reply id, part, count, data and zeros."""
    return draw(f"fragment/{reply}", 8) + bytes([part, count]) + data.ljust(FRAGMENT_LEN, b"\0")


def cells_of(data: bytes, head: bytes, label: str) -> list[bytes]:
    """The cells of a reply with this JSON and this head of device and signature."""
    count = -(-(len(data) + 4 + TRAILER_LEN) // FRAGMENT_LEN)
    return _cut(head + frame(data, count * FRAGMENT_LEN - TRAILER_LEN), label)


def _cut(body: bytes, label: str) -> list[bytes]:
    parts = [body[i : i + FRAGMENT_LEN] for i in range(0, len(body), FRAGMENT_LEN)]
    return [
        cell(fragment(i, len(parts), part, label), f"{label}/{i}", i)
        for i, part in enumerate(parts)
    ]


def head_of(data: bytes, key: DeviceKey, org_id: bytes = ORG_ID, label: str = "reply") -> bytes:
    """Device and signature, as this device would write them."""
    return key.device.to_bytes(DEVICE_LEN, "big") + sign(label, org_id, key, data)


def _cell_case(
    name: str, data: bytes, expect: str = OK, key: ThreadKey | None = None, why: str = ""
) -> Case:
    given = fields(("thread-key", (key or thread_key()).key))
    out: tuple[tuple[str, str], ...] = ()
    if expect == OK:
        f = open_cell(data, thread_key())
        out = fields(
            ("reply", f.reply), ("part", f.part), ("count", f.count), ("sha256", sha256(f.data))
        )
    return Case(f"cells/{name}", "cell.open", given + out, data, expect, why)


def _cells_opened() -> Iterator[Case]:
    yield _cell_case("opens-a-whole-reply", sealed(samples.reply(), "short")[0])
    yield _cell_case("opens-the-last-of-sixteen", cell(fragment(15, 16, b"end"), "last"))


def _cells_refused() -> Iterator[Case]:
    good = sealed(samples.reply(), "short")[0]
    for name, data in (
        ("tag", flip(good, 0)),
        ("salt", flip(good, 16)),
        ("start", flip(good, 32)),
        ("middle", flip(good, 500, 3)),
        ("last-byte", flip(good, -1, 7)),
    ):
        yield _cell_case(f"refuses-a-bit-flipped-in-the-{name}", data, CANNOT_OPEN)
    yield _cell_case("refuses-random-bytes", draw("cell/random", 1024), CANNOT_OPEN)
    later, other = thread_key().step_to(10), thread_key(generation=2)
    yield _cell_case("refuses-next-weeks-key", good, CANNOT_OPEN, later)
    yield _cell_case("refuses-the-next-generations-key", good, CANNOT_OPEN, other)
    for name, data in (
        ("nothing", b""),
        ("a-byte-too-few", good[:-1]),
        ("a-byte-too-many", good + b"\0"),
        ("a-tag-alone", good[:16]),
        ("a-count-of-none", cell(fragment(0, 0), "none")),
        ("a-part-beyond-the-count", cell(fragment(3, 3), "beyond")),
        ("a-count-of-seventeen", cell(fragment(0, 17), "seventeen")),
    ):
        yield _cell_case(f"refuses-{name}", data, MALFORMED)


def _reply(name: str, cells: Sequence[bytes], expect: str = OK, out: str = "") -> Case:
    given = fields(
        ("thread-key", thread_key().key),
        ("device", DEVICE),
        ("org-id", ORG_ID),
        ("device-key", DEVICE_KEYS),
    )
    result = (("payload", out),) if out else ()
    return Case(f"cells/reply-{name}", "reply.open", given + result, b"".join(cells), expect)


def _replies_opened() -> Iterator[Case]:
    long = samples.reply(text="Ответ. " * 200)
    longest = samples.reply(text="y" * 14_600)
    for name, body, order in (
        ("opens", samples.reply(), 1),
        ("opens-an-acknowledgement", samples.opened(), 1),
        ("opens-in-any-order", long, -1),
        ("opens-sixteen-cells", longest, 1),
    ):
        text = canonical(parse_reply_payload(to_json(body)))
        yield _reply(name, sealed(body, name)[::order], out=text)


def _wrong_fragments() -> Iterator[tuple[str, Sequence[bytes], str]]:
    long = sealed(samples.reply(text="Ответ. " * 200), "long")
    other = sealed(samples.reply(text="Ответ! " * 120), "other", 50)
    yield "no-cells", [], MALFORMED
    yield "a-missing-first-part", long[1:], MALFORMED
    yield "a-missing-last-part", long[:-1], MALFORMED
    yield "a-part-twice", [*long, long[0]], MALFORMED
    yield "a-part-twice-and-one-missing", [*long[:-1], long[0]], MALFORMED
    yield "parts-of-replies-of-other-lengths", [*other[:1], *long[1:]], MALFORMED
    yield "a-cell-that-is-altered", [flip(long[0], 100), *long[1:]], CANNOT_OPEN
    zeros = [cell(fragment(0, 1), "zeros")]
    yield "nothing-but-zeros", zeros, UNSIGNED


def _wrong_signatures() -> Iterator[tuple[str, Sequence[bytes], str]]:
    data = to_json(samples.reply())
    good = head_of(data, device_key(DEVICE))
    stranger = DeviceKey(DEVICE, draw("stranger/device", 32))
    for name, head in (
        ("a-bit-flipped-in-the-signature", flip(good, 30)),
        ("a-stranger", head_of(data, stranger)),
        ("a-device-in-anothers-slot", head_of(data, device_key(0))),
        ("a-slot-that-is-not-its-own", (0).to_bytes(2, "big") + good[2:]),
        ("a-signature-for-another-organisation", head_of(data, device_key(DEVICE), OTHER_ORG_ID)),
        ("a-signature-of-a-letter", head_of(data, device_key(DEVICE), label="letter")),
        ("a-signature-of-another-text", head_of(data + b" ", device_key(DEVICE))),
    ):
        yield name, cells_of(data, head, name), UNSIGNED


def _wrong_contents() -> Iterator[tuple[str, Sequence[bytes], str]]:
    poison = to_json(samples.reply()).replace(b'"version":1', b'"version":1.0')
    for name, data, expect in (
        ("a-poison", poison, "malformed_payload"),
        ("a-letter", to_json(samples.letter()), "malformed_payload"),
        ("another-organisation", to_json(samples.reply(org_id=OTHER_ORG_ID.hex())), MALFORMED),
    ):
        yield name, cells_of(data, head_of(data, device_key(DEVICE)), name), expect
    data = to_json(samples.reply())
    body = head_of(data, device_key(DEVICE)) + frame(data, FRAGMENT_LEN - TRAILER_LEN)
    yield "something-after-the-payload", _cut(flip(body, -1), "after"), MALFORMED
    unsigned = flip(flip(body, 30), -1)
    yield "a-wrong-frame-before-a-wrong-signature", _cut(unsigned, "frame first"), MALFORMED
    name, head = "a-wrong-signature-before-a-poison", head_of(data, device_key(DEVICE))
    yield name, cells_of(poison, head, name), UNSIGNED
    too_long = body[:TRAILER_LEN] + b"\x00\x00\xff\xff" + body[TRAILER_LEN + 4 :]
    yield "a-length-too-high", _cut(too_long, "too long"), MALFORMED
