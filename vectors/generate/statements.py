"""Cases of what devices state: day keys, signs of life, closures. Spec §9.1-§9.4."""

from collections.abc import Iterator
from dataclasses import replace

from silent_courier.protocol.charter import Charter
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.signing import sign
from silent_courier.protocol.statements import (
    Closure,
    DayStatement,
    S,
    SignOfLife,
    Statements,
    encode_statements,
    sign_statement,
)
from vectors.generate.case import OK, Case, fields
from vectors.generate.day_keys import sealable, unsealable
from vectors.generate.organisation import (
    FIRST,
    ORG_ID,
    OTHER_ORG_ID,
    REVOKED,
    TODAY,
    day_identity,
    device_key,
)
from vectors.generate.sealing import flip

MALFORMED, UNSIGNED = "malformed_keyring", "statement_signature"


def day_statement(slot: int, charter: Charter, day: int = TODAY) -> DayStatement:
    """This device's day key, signed."""
    recipient = day_identity(slot, day).recipient().public_key
    return sign_statement(DayStatement(slot, day, recipient), charter, device_key(slot))


def sign_of_life(slot: int, charter: Charter, day: int = TODAY) -> SignOfLife:
    """This device's sign of life."""
    return sign_statement(SignOfLife(slot, day), charter, device_key(slot))


def closure(slot: int, charter: Charter, day: int, until: int) -> Closure:
    """This device's closure."""
    return sign_statement(Closure(slot, day, until), charter, device_key(slot))


def batch(charter: Charter) -> Statements:
    """A little of everything."""
    return Statements(
        tuple(day_statement(4, charter, TODAY + ahead) for ahead in range(2)),
        (sign_of_life(4, charter),),
        (closure(4, charter, TODAY + 3, TODAY + 9),),
    )


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    good = batch(FIRST.charter)
    yield _verify("are-verified", good)
    yield _verify("are-none", Statements())
    yield _verify("take-a-closure-back", Statements(closures=(_taken_back(),)))
    for name, recipient in sealable():
        yield _verify(f"state-{name}", _days(with_recipient(recipient)))
    for name, data in _malformed(encode_statements(good)):
        yield Case(f"statements/{name}", "statements.verify", _given(), data, MALFORMED)
    for name, statements in _unsigned():
        yield _verify(name, statements, UNSIGNED)


def _taken_back() -> Closure:
    return closure(0, FIRST.charter, TODAY, TODAY - 1)


def _given(charter: str = "charter/first") -> tuple[tuple[str, str], ...]:
    return fields(("charter", charter), ("org-id", ORG_ID))


def _verify(name: str, statements: Statements, expect: str = OK) -> Case:
    out = _stated(statements) if expect == OK else ()
    data = encode_statements(statements)
    return Case(f"statements/{name}", "statements.verify", _given() + out, data, expect)


def _stated(statements: Statements) -> tuple[tuple[str, str], ...]:
    days = (f"{s.device} {s.day} {sha256(s.recipient).hex()}" for s in statements.day_statements)
    return fields(
        ("day-key", days),
        ("alive", (f"{s.device} {s.day}" for s in statements.signs_of_life)),
        ("closed", (f"{s.device} {s.day} {s.until}" for s in statements.closures)),
    )


def _malformed(good: bytes) -> Iterator[tuple[str, bytes]]:
    yield "are-nothing", b""
    yield "are-a-byte-short", good[:-1]
    yield "are-a-byte-long", good + b"\0"
    yield "lack-the-last-section", encode_statements(Statements())[:-2]
    yield "count-one-too-many", flip(good, 1)
    yield "count-65535", b"\xff\xff" + good[2:]
    twice = day_statement(4, FIRST.charter)
    for name, recipient in unsealable():
        yield f"state-{name}", encode_statements(_days(with_recipient(recipient)))
    yield "state-a-day-twice", encode_statements(Statements((twice, twice)))
    other = DayStatement(4, TODAY, day_identity(8).recipient().public_key)
    second = sign_statement(other, FIRST.charter, device_key(4))
    yield "state-two-keys-for-a-day", encode_statements(Statements((twice, second)))


def with_recipient(recipient: bytes) -> DayStatement:
    """A day statement, well signed, whatever it states."""
    return sign_statement(DayStatement(4, TODAY, recipient), FIRST.charter, device_key(4))


def _unsigned() -> Iterator[tuple[str, Statements]]:
    charter = FIRST.charter
    forged = replace(with_recipient(next(unsealable())[1]), signature=bytes(64))
    yield "are-unsigned-and-state-a-key-that-is-none", _days(forged)
    good, alive = day_statement(4, charter), sign_of_life(4, charter)
    away = closure(4, charter, TODAY, TODAY + 5)
    yield "have-a-bit-flipped-in-the-recipient", _days(_changed(good, flip(good.content, 700)))
    yield "have-a-bit-flipped-in-the-day", _days(_changed(good, flip(good.content, 3)))
    signature = flip(good.signature, 5)
    yield (
        "have-a-bit-flipped-in-the-signature",
        _days(DayStatement(4, TODAY, good.recipient, signature)),
    )
    moved = DayStatement(0, TODAY, good.recipient, good.signature)
    yield "are-put-under-another-device", _days(moved)
    yield "are-of-a-device-that-is-none", _days(day_statement(9, charter))
    yield (
        "are-of-an-impossible-device",
        _days(DayStatement(65535, TODAY, good.recipient, bytes(64))),
    )
    yield "are-of-another-charter", _days(day_statement(4, REVOKED.charter))
    yield "are-of-another-organisation", _days(_for_other(good))
    later = Closure(4, TODAY, TODAY + 6, away.signature)
    yield "prolong-a-closure", Statements(closures=(later,))
    yield (
        "shift-a-sign-of-life",
        Statements(signs_of_life=(_changed(alive, flip(alive.content, 3)),)),
    )
    yield (
        "take-a-closure-for-a-sign-of-life",
        Statements(signs_of_life=(SignOfLife(4, TODAY, _mislabelled()),)),
    )


def _days(statement: DayStatement) -> Statements:
    return Statements((statement,))


def _changed(statement: S, content: bytes) -> S:
    return type(statement).from_content(statement.device, content, statement.signature)


def _for_other(good: DayStatement) -> DayStatement:
    content = FIRST.charter.hash + good.content
    signature = sign(good.label, OTHER_ORG_ID, device_key(4), content)
    return DayStatement(4, good.day, good.recipient, signature)


def _mislabelled() -> bytes:
    """The right content under the label of a closure."""
    content = FIRST.charter.hash + SignOfLife(4, TODAY).content
    return sign(Closure.label, ORG_ID, device_key(4), content)
