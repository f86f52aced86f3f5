"""Cases of Ed25519 signatures, most of them such as no honest signer makes. Spec §1.3."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Final

from silent_courier.protocol.primitives import ed25519_public, ed25519_sign
from vectors.generate.case import Case, fields
from vectors.generate.draw import draw
from vectors.generate.edwards import (
    BASE,
    SMALL,
    ZERO,
    L,
    P,
    Point,
    add,
    challenge,
    encode,
    multiply,
    number_bytes,
    secret_scalar,
)
from vectors.generate.sealing import flip

SEED: Final = draw("signatures/seed", 32)
SECRET: Final = secret_scalar(SEED)
PUBLIC: Final = ed25519_public(SEED)
MESSAGE: Final = b"letterbox"
GOOD: Final = ed25519_sign(SEED, MESSAGE)
NONCE: Final = int.from_bytes(draw("signatures/nonce", 31), "little")
ORDERS: Final = (1, 8, 4, 8, 2, 8, 4, 8)
_SIGN_BIT: Final = 1 << 255


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    yield _case("honest", PUBLIC, GOOD, valid=True)
    yield from _altered()
    yield from _scalars_too_high()
    yield from _keys_of_small_order()
    yield from _keys_with_a_small_part()
    yield from _other_points_in_r()


def _case(name: str, public: bytes, signature: bytes, *, valid: bool, why: str = "") -> Case:
    verdict = "yes" if valid else "no"
    given = fields(("public-key", public), ("signature", signature), ("valid", verdict))
    return Case(f"signatures/{name}", "ed25519.verify", given, MESSAGE, comment=why)


def _altered() -> Iterator[Case]:
    for name, public, signature in (
        ("of-another-message", PUBLIC, ed25519_sign(SEED, MESSAGE + b" ")),
        ("of-another-key", ed25519_public(draw("signatures/other", 32)), GOOD),
        ("with-a-bit-flipped-in-r", PUBLIC, flip(GOOD, 3)),
        ("with-the-sign-of-r-turned", PUBLIC, flip(GOOD, 31, 7)),
        ("with-a-bit-flipped-in-s", PUBLIC, flip(GOOD, 40)),
        ("with-the-sign-of-the-key-turned", flip(PUBLIC, 31, 7), GOOD),
        ("that-is-a-byte-short", PUBLIC, GOOD[:-1]),
        ("that-is-a-byte-long", PUBLIC, GOOD + b"\0"),
        ("that-is-nothing", PUBLIC, b""),
        ("of-zeros", PUBLIC, bytes(64)),
        ("under-a-key-that-is-no-point", number_bytes(2), GOOD),
        ("under-a-key-that-is-a-byte-short", PUBLIC[:-1], GOOD),
        ("under-a-key-that-is-nothing", b"", GOOD),
    ):
        yield _case(name, public, signature, valid=False)


def _scalars_too_high() -> Iterator[Case]:
    r, s = GOOD[:32], int.from_bytes(GOOD[32:], "little")
    for name, scalar in (
        ("s-and-l", s + L),
        ("s-and-2-l", s + 2 * L),
        ("s-and-15-l", s + 15 * L),
        ("l-for-s", L),
        ("all-ones-for-s", 2**256 - 1),
    ):
        yield _case(f"with-{name}", PUBLIC, r + number_bytes(scalar), valid=False)


def _keys_of_small_order() -> Iterator[Case]:
    for i, point in enumerate(SMALL):
        public, why = encode(point), f"a key of order {ORDERS[i]}"
        signature = _fitting(point, public)
        yield _case(f"under-small-key-{i}", public, signature, valid=False, why=why)
    why = "no more than one encoding of a point is a key"
    for name, point, spelling in (
        ("zero-with-a-sign", ZERO, 1 | _SIGN_BIT),
        ("zero-above-p", ZERO, 1 + P),
        ("zero-above-p-with-a-sign", ZERO, 1 + P | _SIGN_BIT),
        ("order-2-with-a-sign", SMALL[4], P - 1 | _SIGN_BIT),
        ("order-4-above-p", SMALL[2], P),
        ("order-4-above-p-with-a-sign", SMALL[6], P | _SIGN_BIT),
    ):
        public = number_bytes(spelling)
        signature = _fitting(point, public)
        yield _case(f"under-a-key-of-{name}", public, signature, valid=False, why=why)
    nothing = encode(ZERO) + bytes(32)
    why = "it would fit every message"
    yield _case("of-nothing-under-nothing", encode(ZERO), nothing, valid=False, why=why)


def _fitting(key: Point, public: bytes) -> bytes:
    """R and S = its nonce, where the key's part is nothing by chance."""
    r, nonce = _search(public, lambda k: multiply(key, k) == ZERO)
    return r + number_bytes(nonce)


def _search(public: bytes, good: Callable[[int], bool]) -> tuple[bytes, int]:
    """The first R whose challenge under this key is good, and its nonce."""
    tried = ((encode(multiply(BASE, nonce)), nonce) for nonce in count(NONCE))
    return next((r, nonce) for r, nonce in tried if good(challenge(r, public, MESSAGE)))


def _keys_with_a_small_part() -> Iterator[Case]:
    """A key of full order plus a point of order 8: k decides whether that point is heard of."""
    key = add(multiply(BASE, SECRET), SMALL[1])
    public = encode(key)
    for left, valid in ((0, True), (4, False), (1, False)):
        signature = _signed(*_search(public, partial(_leaves, left)), public)
        yield _case(f"under-a-mixed-key-with-{left}-left", public, signature, valid=valid)


def _leaves(rest: int, k: int) -> bool:
    return k % 8 == rest


def _signed(r: bytes, nonce: int, public: bytes = PUBLIC) -> bytes:
    """R, and the S that fits it if its point is that many times the base."""
    return r + number_bytes((nonce + challenge(r, public, MESSAGE) * SECRET) % L)


def _other_points_in_r() -> Iterator[Case]:
    for i, point in enumerate(SMALL):
        signature, why = _signed(encode(point), 0), f"R of order {ORDERS[i]}"
        yield _case(f"with-small-r-{i}", PUBLIC, signature, valid=point == ZERO, why=why)
    for name, spelling in (("a-sign", 1 | _SIGN_BIT), ("p-added", 1 + P)):
        signature = _signed(number_bytes(spelling), 0)
        yield _case(f"with-small-r-0-with-{name}", PUBLIC, signature, valid=False)
    mixed = encode(add(multiply(BASE, NONCE), SMALL[4]))
    why = "an equation with the cofactor would hold"
    signature = _signed(mixed, NONCE)
    yield _case("with-a-mixed-r", PUBLIC, signature, valid=False, why=why)
