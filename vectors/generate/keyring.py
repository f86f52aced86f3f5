"""Cases of keyrings, as a source must verify them before it writes. Spec §9.4-§9.6."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from silent_courier.protocol.keyring import (
    Keyring,
    choose_day_statements,
    encode_keyring,
    verify_keyring,
)
from silent_courier.protocol.statements import DayStatement, SignOfLife, Statements
from vectors.generate.case import OK, Case, fields
from vectors.generate.charter import RENEWED, ROTATED
from vectors.generate.day_keys import GOOD
from vectors.generate.organisation import (
    ANCHOR_DAY,
    FIRST,
    FIRST_ROOT,
    ORG_ID,
    OTHER_ORG_ID,
    REVOKED,
    SLOTS,
    TODAY,
    Chain,
    chain_of,
    first_body,
    next_body,
)
from vectors.generate.sealing import flip
from vectors.generate.statements import closure, day_statement, sign_of_life, with_recipient

TOO_FEW, NOT_EMPTIED, CLOCK = "too_few_day_keys", "not_emptied", "clock"
MALFORMED, UNSIGNED = "malformed_keyring", "statement_signature"


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield from _verified()
    yield from _few_slots()
    yield from _refused_days()
    yield from _too_few()
    yield from _not_emptied()
    yield from _bad_charters()
    yield from _bad_statements()
    for name, data in _malformed(encode_keyring(keyring())):
        yield _case(name, data, MALFORMED)


def keyring(
    chain: Chain = FIRST,
    slots: Iterable[int] = SLOTS,
    alive: Iterable[int] = SLOTS,
    day: int = TODAY,
    emptied: int = TODAY,
) -> Keyring:
    """A keyring with the day keys of these devices and the signs of life of those."""
    charter = chain.charter
    days = tuple(day_statement(slot, charter, day) for slot in slots)
    signs = tuple(sign_of_life(slot, charter, emptied) for slot in alive)
    return Keyring(day, chain.files, Statements(days, signs))


def _case(
    name: str,
    data: bytes,
    expect: str = OK,
    *,
    today: int = TODAY,
    org_id: bytes = ORG_ID,
    missing: Sequence[str] = (),
) -> Case:
    given = fields(("org-id", org_id), ("today", today))
    out = verified_fields(data, org_id, today) if expect == OK else fields(("missing", missing))
    return Case(f"keyring/{name}", "keyring.verify", given + out, data, expect)


def verified_fields(data: bytes, org_id: bytes, today: int) -> tuple[tuple[str, str], ...]:
    """What a reader must get from this keyring."""
    verified = verify_keyring(data, org_id, today)
    signs = sorted(verified.last_sign_of_life.items())
    return fields(
        ("charter-hash", verified.charter.hash),
        ("day", verified.day),
        ("sealed-to", (str(s.device) for s in choose_day_statements(verified))),
        ("missing", (handler.label for handler in verified.missing)),
        ("emptied", (f"{handler} {day}" for handler, day in signs)),
        ("closed", (f"{c.device} {c.day} {c.until}" for c in verified.closures)),
    )


def _ok(name: str, kept: Keyring, today: int = TODAY, chain: Chain = FIRST) -> Case:
    return _case(name, encode_keyring(kept), today=today, org_id=chain.org_id)


def _verified() -> Iterator[Case]:
    yield _ok("is-whole", keyring())
    yield _ok("lacks-one-above-the-minimum", keyring(slots=(0, 4, 5)))
    yield _ok("is-of-tomorrow", keyring(day=TODAY + 1))
    yield _ok("is-of-yesterday", keyring(day=TODAY - 1))
    yield _ok("was-emptied-seven-days-ago", keyring(emptied=TODAY - 7))
    yield _ok("was-emptied-tomorrow", keyring(emptied=TODAY + 1))
    yield _ok("was-emptied-by-two-of-three", keyring(alive=(0, 8)))
    yield _ok("is-of-a-renewed-charter", keyring(RENEWED))
    yield _ok("is-of-a-rotated-root", keyring(ROTATED))
    yield _ok("is-of-two-after-one-left", keyring(REVOKED, (0, 4), (0, 4)))
    yield _ok("is-of-one-handler", _of_one(), chain=_one())
    for name, ahead in (
        ("has-a-device-whose-clock-ran-ahead", {4: 2}),
        ("has-a-later-device-whose-clock-ran-ahead", {5: 2}),
        ("has-a-device-whose-clock-ran-away", {4: 2**32 - 1 - TODAY}),
        ("has-devices-ahead-beside-two-fresh-ones", {0: 2, 4: 400, 5: -7, 8: 0}),
    ):
        yield _ok(name, _emptied(ahead))
    kept = keyring()
    away = tuple(
        closure(slot, FIRST.charter, TODAY + start, TODAY + end)
        for slot, start, end in ((0, 0, 0), (4, 1, 5), (5, -9, -1), (8, -2, 30))
    )
    statements = replace(kept.statements, closures=away)
    yield _ok("says-who-is-away", replace(kept, statements=statements))
    endless = tuple(
        closure(slot, FIRST.charter, TODAY + start, end)
        for slot, start, end in (
            (0, 0, 2**32 - 1),
            (4, -1, TODAY + 399),
            (5, -1, TODAY + 400),
            (8, 0, TODAY + 400),
        )
    )
    statements = replace(kept.statements, closures=endless)
    yield _ok("passes-over-those-away-for-ever", replace(kept, statements=statements))
    tomorrow = day_statement(0, FIRST.charter, TODAY + 1)
    statements = replace(
        kept.statements, day_statements=(*kept.statements.day_statements, tomorrow)
    )
    yield _ok("holds-a-key-of-another-day", replace(kept, statements=statements))


def _emptied(shifts: Mapping[int, int], slots: Iterable[int] = SLOTS) -> Keyring:
    """A keyring whose signs of life are so many days from today, else of today."""
    kept = keyring()
    signs = tuple(sign_of_life(s, FIRST.charter, TODAY + shifts.get(s, 0)) for s in slots)
    return replace(kept, statements=replace(kept.statements, signs_of_life=signs))


def _one() -> Chain:
    body = first_body()
    parameters = {**body["parameters"], "minimum_handlers": 1}
    alone = {"handlers": body["handlers"][:1], "devices": body["devices"][:1]}
    return chain_of({**body, **alone, "parameters": parameters})


def _of_one() -> Keyring:
    return keyring(_one(), (0,), (0,))


def _few_slots() -> Iterator[Case]:
    body = first_body()
    for slots, minimum in ((1, 1), (2, 2), (3, 2)):
        few = {**body["parameters"], "letter_slots": slots, "minimum_handlers": minimum}
        chain = chain_of({**body, "parameters": few})
        yield _ok(f"has-only-{slots}-slots", keyring(chain), chain=chain)
    chain = chain_of({**body, "parameters": {**body["parameters"], "letter_slots": 1}})
    name, data, others = (
        "has-fewer-slots-than-the-minimum",
        encode_keyring(keyring(chain)),
        ("Борис", "نور"),
    )
    yield _case(name, data, TOO_FEW, org_id=chain.org_id, missing=others)


def _refused_days() -> Iterator[Case]:
    data = encode_keyring(keyring())
    yield _case("is-two-days-old", data, CLOCK, today=TODAY + 2)
    yield _case("is-two-days-ahead", data, CLOCK, today=TODAY - 2)
    yield _case("is-shown-by-a-clock-of-1970", data, CLOCK, today=0)
    late = ANCHOR_DAY + 366
    old = encode_keyring(keyring(day=late, emptied=late))
    yield _case("is-of-an-expired-charter", old, "charter_expired", today=late)


def _too_few() -> Iterator[Case]:
    for name, kept, missing in (
        ("has-no-day-keys", keyring(slots=()), ("Anna", "Борис", "نور")),
        ("has-too-few-handlers", keyring(slots=(8,)), ("Anna", "Борис")),
        ("has-two-devices-of-one-handler", keyring(slots=(4, 5)), ("Anna", "نور")),
        ("has-too-few-after-one-left", keyring(REVOKED, (4, 5), (0, 4)), ("Anna",)),
    ):
        yield _case(name, encode_keyring(kept), TOO_FEW, missing=missing)
    kept = keyring(slots=())
    days = tuple(day_statement(slot, FIRST.charter, TODAY - 1) for slot in SLOTS)
    stale = replace(kept, statements=replace(kept.statements, day_statements=days))
    everyone = ("Anna", "Борис", "نور")
    yield _case("has-only-keys-of-yesterday", encode_keyring(stale), TOO_FEW, missing=everyone)


def _not_emptied() -> Iterator[Case]:
    for name, kept in (
        ("was-never-emptied", keyring(alive=())),
        ("was-emptied-by-one-of-three", keyring(alive=(0,))),
        ("was-emptied-by-two-devices-of-one", keyring(alive=(4, 5))),
        ("was-emptied-eight-days-ago", keyring(emptied=TODAY - 8)),
        ("was-emptied-the-day-after-tomorrow", keyring(emptied=TODAY + 2)),
        ("was-emptied-by-one-and-in-the-future", _emptied({4: 2, 5: 400}, (0, 4, 5))),
        ("was-emptied-long-ago-and-in-the-future", _emptied({0: 2, 4: -8, 5: 2, 8: 0})),
    ):
        yield _case(name, encode_keyring(kept), NOT_EMPTIED)
    nobody = encode_keyring(keyring(_one(), (0,), ()))
    yield _case("was-not-emptied-by-its-one-handler", nobody, NOT_EMPTIED, org_id=_one().org_id)


def _bad_charters() -> Iterator[Case]:
    kept = keyring()
    yield _case(
        "is-another-organisations", encode_keyring(kept), "wrong_organisation", org_id=OTHER_ORG_ID
    )
    none = encode_keyring(replace(kept, charters=()))
    yield _case("has-no-charter", none, "malformed_charter")
    renewed = keyring(RENEWED)
    backwards = replace(renewed, charters=renewed.charters[::-1])
    yield _case("has-its-charters-backwards", encode_keyring(backwards), "wrong_organisation")
    older = (*RENEWED.files, FIRST.then(next_body(name="Older"), FIRST_ROOT).files[1])
    back = encode_keyring(replace(renewed, charters=older))
    yield _case("has-a-serial-that-does-not-rise", back, "charter_serial")
    altered = replace(kept, charters=(flip(FIRST.files[0], -1),))
    yield _case("has-a-charter-that-is-altered", encode_keyring(altered), "charter_signature")


def _bad_statements() -> Iterator[Case]:
    kept = keyring()
    first, *rest = kept.statements.day_statements
    forged = DayStatement(0, TODAY, first.recipient, flip(first.signature, 0))
    stranger = day_statement(9, FIRST.charter)
    dead = SignOfLife(0, TODAY, bytes(64))
    for name, statements in (
        ("has-a-forged-day-key", replace(kept.statements, day_statements=(forged, *rest))),
        ("has-a-day-key-of-a-stranger", replace(kept.statements, day_statements=(first, stranger))),
        ("has-a-forged-sign-of-life", replace(kept.statements, signs_of_life=(dead,))),
    ):
        data = encode_keyring(replace(kept, statements=statements))
        yield _case(name, data, UNSIGNED)
    yield from _unsealable()
    left = encode_keyring(keyring(REVOKED, (0, 4, 8), (0, 4)))
    yield _case("has-a-day-key-of-one-who-left", left, UNSIGNED)
    alive = encode_keyring(keyring(REVOKED, (0, 4), (0, 4, 8)))
    yield _case("has-a-sign-of-life-of-one-who-left", alive, UNSIGNED)
    old = replace(keyring(RENEWED), statements=kept.statements)
    yield _case("has-statements-for-the-charter-before", encode_keyring(old), UNSIGNED)


def _unsealable() -> Iterator[Case]:
    """One such key would stop every letter, so it stops its keyring."""
    kept = keyring(slots=(0, 5, 8))
    for name, recipient in (
        ("has-a-day-key-whose-ml-kem-half-is-none", b"\xff\xff\xff" + GOOD[3:]),
        ("has-a-day-key-whose-x25519-half-is-of-low-order", GOOD[:-32] + bytes(32)),
    ):
        days = (*kept.statements.day_statements, with_recipient(recipient))
        statements = replace(kept.statements, day_statements=days)
        yield _case(name, encode_keyring(replace(kept, statements=statements)), MALFORMED)


def _malformed(good: bytes) -> Iterator[tuple[str, bytes]]:
    yield "is-nothing", b""
    yield "is-a-magic-alone", good[:5]
    yield "has-another-magic", flip(good, 0)
    yield "has-another-version", flip(good, 4)
    yield "is-a-byte-short", good[:-1]
    yield "is-a-byte-long", good + b"\0"
    yield "is-cut-in-a-charter", good[:1000]
    yield "is-cut-before-the-statements", good[: 10 + 4 + len(FIRST.files[0])]
    yield "counts-a-charter-too-many", flip(good, 9, 1)
    yield "has-a-charter-too-long", good[:10] + b"\xff\xff\xff\xff" + good[14:]
    doubled = keyring(slots=(0, 0, 4, 8))
    yield "has-a-day-key-twice", encode_keyring(doubled)
