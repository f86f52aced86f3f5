"""Edwards25519 in plain numbers: signatures that no honest signer makes. RFC 8032.

Slow, leaks everything by its timing, and for nothing but vectors.
"""

from hashlib import sha512
from typing import Final

P: Final = 2**255 - 19
L: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, P) % P
_ROOT_OF_MINUS_1: Final = pow(2, (P - 1) // 4, P)

Point = tuple[int, int]
ZERO: Final[Point] = (0, 1)


def add(left: Point, right: Point) -> Point:
    """The sum of two points."""
    (x1, y1), (x2, y2) = left, right
    product = _D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


def multiply(point: Point, scalar: int) -> Point:
    """The point added to itself so many times."""
    total = ZERO
    for bit in bin(scalar)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, point)
    return total


def point_at(y: int, odd: int = 0) -> Point:
    """The point at this height whose x is even or odd; there must be one."""
    square = (y * y - 1) * pow(_D * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    x = next(r for r in (root, root * _ROOT_OF_MINUS_1 % P) if r * r % P == square)
    return (x if x % 2 == odd else -x % P), y


def encode(point: Point) -> bytes:
    """The 32 bytes of a point."""
    x, y = point
    return number_bytes(y | (x & 1) << 255)


BASE: Final = point_at(4 * pow(5, -1, P) % P)


# The lowest point that has a part of order 8, without all the rest of it.
SMALL: Final = tuple(multiply(multiply(point_at(3), L), i) for i in range(8))
"""The points of small order; the i-th is i times the first of order 8."""


def secret_scalar(seed: bytes) -> int:
    """The number behind a seed."""
    digest = int.from_bytes(sha512(seed).digest()[:32], "little")
    return digest & (2**254 - 8) | 2**254


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    """What ties a signature to its message."""
    return int.from_bytes(sha512(r + public + message).digest(), "little") % L


def number_bytes(number: int) -> bytes:
    """The 32 bytes of a number."""
    return number.to_bytes(32, "little")
