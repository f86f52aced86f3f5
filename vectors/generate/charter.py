"""Cases of chains of charters. Spec §8.1-§8.3, §8.7."""

from collections.abc import Iterator

from silent_courier.protocol.primitives import ed25519_sign, sha256
from silent_courier.protocol.sizes import ROOT_SIGNATURE_LEN
from vectors.generate.case import OK, Case, fields
from vectors.generate.charter_bodies import bad_bodies, bad_spellings, largest_boards
from vectors.generate.organisation import (
    ANCHOR_DAY,
    FIRST,
    FIRST_ROOT,
    NEXT_ROOT,
    ORG_ID,
    OTHER_ORG_ID,
    OTHER_ROOT,
    REVOKED,
    TODAY,
    Chain,
    Json,
    chain_of,
    first_body,
    next_body,
    revoked_body,
    root_public,
    root_signature,
    signed_file,
    to_json,
)
from vectors.generate.sealing import flip

MALFORMED, SIGNATURE = "malformed_charter", "charter_signature"
SERIAL, WRONG, EXPIRED = "charter_serial", "wrong_organisation", "charter_expired"
WRONG_PORTAL = "wrong_portal"
LABEL = b"courier/charter\0"
_RENEWED_BODY = next_body()
_ROTATED_BODY = next_body(root=root_public(NEXT_ROOT))
RENEWED = FIRST.then(_RENEWED_BODY, FIRST_ROOT)
ROTATED = FIRST.then(_ROTATED_BODY, FIRST_ROOT, NEXT_ROOT)


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _verified()
    yield from _dates()
    yield from _portals()
    for name, chain, expect in (*_bad_first(), *_bad_next(), *_bad_rotations()):
        yield _verify(name, chain, expect)
    yield from _bad_files()
    for name, body in bad_bodies():
        yield _verify(f"refuses-{name}", chain_of(body), MALFORMED)
    for name, data in bad_spellings():
        file = signed_file(data, (FIRST_ROOT,))
        yield _verify(f"refuses-{name}", Chain((file,), sha256(data)), MALFORMED)


def _verify(name: str, chain: Chain, expect: str = OK) -> Case:
    given = fields(("org-id", chain.org_id))
    out = charter_fields(chain) if expect == OK else ()
    return Case(f"charter/{name}", "charter.verify", given + out, chain.file, expect)


def charter_fields(chain: Chain) -> tuple[tuple[str, str], ...]:
    """What a reader must get from this chain."""
    charter = chain.charter
    return fields(
        ("charter-hash", charter.hash),
        ("serial", charter.body.serial),
        ("generation", charter.body.generation),
        ("name", charter.body.name),
        ("handler", (f"{h.handler} {h.label}" for h in charter.current_handlers)),
        ("device", (f"{slot} {key.hex()}" for slot, key in charter.current_devices.items())),
    )


def _verified() -> Iterator[Case]:
    yield _verify("first", FIRST)
    yield _verify("renewed", RENEWED)
    yield _verify("revoked", REVOKED)
    monday = revoked_body(TODAY)
    yield _verify("revoked-on-a-monday", FIRST.then(monday, FIRST_ROOT))
    later = revoked_body(ANCHOR_DAY + 7, TODAY - 3)
    yield _verify("revoked-later", FIRST.then(later, FIRST_ROOT))
    yield _verify("rotated", ROTATED)
    third = next_body(root=root_public(NEXT_ROOT), serial=7)
    yield _verify("renewed-after-a-rotation", ROTATED.then(third, NEXT_ROOT))
    returned = next_body(serial=3)
    yield _verify("rotated-twice", ROTATED.then(returned, NEXT_ROOT, FIRST_ROOT))
    plain = {**first_body(), "portal": "127.0.0.1:8080", "desk": "[::1]:8081"}
    yield _verify("on-loopback", chain_of(plain))
    spaced = {**first_body(), "name": "Газета «Мост» & 報社 📮 e\u0301"}
    yield _verify("with-a-name-of-many-scripts", chain_of(spaced))
    for name, body in largest_boards():
        yield _verify(f"with-the-largest-board-{name}", chain_of(body))


def _dates() -> Iterator[Case]:
    end = ANCHOR_DAY + 365
    for name, day, expect in (
        ("a-day-early", ANCHOR_DAY - 1, OK),
        ("on-its-last-day", end, OK),
        ("two-days-early", ANCHOR_DAY - 2, EXPIRED),
        ("a-day-late", end + 1, EXPIRED),
    ):
        given = fields(("org-id", ORG_ID), ("day", day))
        yield Case(f"charter/{name}", "charter.check-dates", given, FIRST.file, expect)


def _portals() -> Iterator[Case]:
    onion, plain = FIRST.charter.body.portal, {**first_body(), "portal": "127.0.0.1:8080"}
    with_port = {**first_body(), "portal": f"{onion}:8080"}
    for name, body, host, expect in (
        ("its-own-onion", first_body(), onion, OK),
        ("its-own-onion-with-a-port", with_port, onion, OK),
        ("loopback", first_body(), "127.0.0.1", OK),
        ("loopback-as-it-says", plain, "127.0.0.1", OK),
        ("another-onion", first_body(), f"{'a' * 56}.onion", WRONG_PORTAL),
        ("a-name-under-its-onion", first_body(), f"www.{onion}", WRONG_PORTAL),
        ("an-onion-where-it-names-none", plain, onion, WRONG_PORTAL),
    ):
        chain = chain_of(body)
        given = fields(("org-id", chain.org_id), ("host", host))
        yield Case(f"charter/comes-from-{name}", "charter.check-portal", given, chain.file, expect)


def _bad_first() -> Iterator[tuple[str, Chain, str]]:
    (file,) = FIRST.files
    body = to_json(first_body())
    classic = len(file) - ROOT_SIGNATURE_LEN
    yield "is-another-organisations", Chain(FIRST.files, OTHER_ORG_ID), WRONG
    yield "has-a-bit-flipped-in-the-body", Chain((flip(file, 60),), ORG_ID), WRONG
    yield "has-a-bit-flipped-in-ed25519", Chain((flip(file, classic),), ORG_ID), SIGNATURE
    yield "has-a-bit-flipped-in-ml-dsa", Chain((flip(file, -1000),), ORG_ID), SIGNATURE
    for name, signature in _half_signatures(body):
        yield name, Chain((file[:classic] + signature,), ORG_ID), SIGNATURE
    two = signed_file(body, (FIRST_ROOT, FIRST_ROOT))
    yield "is-signed-twice", Chain((two,), ORG_ID), SIGNATURE
    other = signed_file(body, (OTHER_ROOT,))
    yield "is-signed-by-another-root", Chain((other,), ORG_ID), SIGNATURE
    for name, label in (("without-a-label", b""), ("as-an-access-list", b"courier/access\0")):
        wrong = signed_file(body, (FIRST_ROOT,), label=label)
        yield f"is-signed-{name}", Chain((wrong,), ORG_ID), SIGNATURE
    empty = signed_file(b"{}", (OTHER_ROOT,))
    yield "is-malformed-and-anothers", Chain((empty,), ORG_ID), WRONG
    yield "is-malformed-and-signed-by-another-root", Chain((empty,), sha256(b"{}")), MALFORMED
    second = to_json(next_body())
    alone = Chain((signed_file(second, (FIRST_ROOT,)),), sha256(second))
    yield "begins-with-a-second-charter", alone, MALFORMED


def _half_signatures(body: bytes) -> Iterator[tuple[str, bytes]]:
    good, other = root_signature(FIRST_ROOT, LABEL + body), root_signature(OTHER_ROOT, LABEL + body)
    yield "has-only-ed25519", good[:64] + bytes(len(good) - 64)
    yield "has-only-ml-dsa", bytes(64) + good[64:]
    yield "has-ml-dsa-of-another-root", good[:64] + other[64:]
    yield "has-ed25519-of-another-root", other[:64] + good[64:]
    mixed = ed25519_sign(FIRST_ROOT.ed25519_seed, body) + good[64:]
    yield "has-ed25519-without-the-label", mixed


def _bad_next() -> Iterator[tuple[str, Chain, str]]:
    changed: tuple[tuple[str, Json, str], ...] = (
        ("repeats-the-serial", {"serial": 2}, SERIAL),
        ("is-of-another-organisation", {"serial": 9, "org_id": OTHER_ORG_ID.hex()}, WRONG),
        ("moves-the-anchor", {"serial": 9, "anchor_day": ANCHOR_DAY + 7}, SERIAL),
        ("forgets-the-organisation", {"serial": 9, "org_id": None}, MALFORMED),
        ("forgets-the-charter-before", {"serial": 9, "previous": None}, MALFORMED),
    )
    for name, changes, expect in changed:
        yield f"next-{name}", RENEWED.then(next_body(**changes), FIRST_ROOT), expect
    third = FIRST.then(next_body(serial=3), FIRST_ROOT)
    yield "next-goes-back-in-serial", third.then(next_body(), FIRST_ROOT), SERIAL
    yield "next-is-the-first-again", Chain(FIRST.files * 2, ORG_ID), WRONG
    yield "next-is-signed-by-another-root", FIRST.then(next_body(), OTHER_ROOT), SIGNATURE
    yield "next-is-signed-twice", FIRST.then(next_body(), FIRST_ROOT, FIRST_ROOT), SIGNATURE
    altered = Chain((FIRST.files[0], flip(REVOKED.files[1], 60)), ORG_ID)
    yield "next-has-a-bit-flipped-in-the-name", altered, SIGNATURE
    poor = next_body()
    poor["serial"] = 0
    yield "next-is-malformed-and-signed-by-another-root", FIRST.then(poor, OTHER_ROOT), MALFORMED
    only_next = Chain(REVOKED.files[1:], ORG_ID)
    yield "lacks-its-beginning", only_next, WRONG


def _bad_rotations() -> Iterator[tuple[str, Chain, str]]:
    for name, keys in (
        ("by-the-old-root-alone", (FIRST_ROOT,)),
        ("by-the-new-root-alone", (NEXT_ROOT,)),
        ("in-the-wrong-order", (NEXT_ROOT, FIRST_ROOT)),
        ("by-the-new-root-twice", (NEXT_ROOT, NEXT_ROOT)),
        ("by-another-old-root", (OTHER_ROOT, NEXT_ROOT)),
    ):
        yield f"rotation-is-signed-{name}", FIRST.then(_ROTATED_BODY, *keys), SIGNATURE
    late = next_body(serial=3, root=root_public(NEXT_ROOT))
    yield "after-a-rotation-the-old-root-signs", ROTATED.then(late, FIRST_ROOT), SIGNATURE
    back = next_body(serial=3)
    yield "after-a-rotation-the-old-root-comes-back", ROTATED.then(back, FIRST_ROOT), SIGNATURE
    without = Chain((FIRST.files[0], signed_file(to_json(late), (NEXT_ROOT,))), ORG_ID)
    yield "lacks-the-rotation", without, SIGNATURE


def _bad_files() -> Iterator[Case]:
    (file,) = FIRST.files
    given = fields(("org-id", ORG_ID))
    for name, data in (
        ("is-nothing", b""),
        ("is-an-empty-chain", FIRST.file[:5]),
        ("has-another-magic", flip(FIRST.file, 0)),
        ("has-another-version", flip(FIRST.file, 4)),
        ("is-a-byte-short", FIRST.file[:-1]),
        ("is-a-byte-long", FIRST.file + b"\0"),
        ("holds-an-empty-charter", FIRST.file[:5] + bytes(4)),
        ("says-a-length-too-high", FIRST.file[:5] + b"\xff\xff\xff\xff" + file),
    ):
        yield Case(f"charter/chain-{name}", "charter.verify", given, data, MALFORMED)
    for name, changed in (
        ("has-another-magic", flip(file, 3)),
        ("has-no-signature", file[:-ROOT_SIGNATURE_LEN]),
        ("has-half-a-signature", file[:-1000]),
        ("has-three-signatures", file + 2 * file[-ROOT_SIGNATURE_LEN:]),
        ("has-a-body-too-long", flip(file, 5)),
    ):
        yield _verify(f"file-{name}", Chain((changed,), ORG_ID), MALFORMED)
