"""Recipients that nobody can seal to, and odd ones that one can. Spec §4.1.2."""

from collections.abc import Iterator
from typing import Final

from vectors.generate.edwards import P
from vectors.generate.edwards import number_bytes as share
from vectors.generate.organisation import day_identity

GOOD: Final = day_identity(4).recipient().public_key
_MODULUS: Final = 3329
_ML_KEM_LEN: Final = 1184
_SHARE_TOP: Final = 1 << 255
# RFC 7748's u of the points of order 8, 4, 2 and 1 on the curve and its twist.
_LOW: Final = (
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    P - 1,
    P,
    P + 1,
)


def unsealable() -> Iterator[tuple[str, bytes]]:
    """A name and 1216 bytes, each wrong in one way."""
    yield "an-ml-kem-key-that-is-none", b"\xff\xff\xff" + GOOD[3:]
    for place in (0, 1, 256, 767):
        yield f"an-ml-kem-key-unreduced-at-{place}", _with_coefficient(place, _MODULUS)
    yield "an-ml-kem-key-of-the-highest-numbers", b"\xff" * 1152 + GOOD[1152:]
    for i, low in enumerate(_LOW):
        yield f"an-x25519-key-of-low-order-{i}", _with_share(low)
        yield f"an-x25519-key-of-low-order-{i}-and-a-bit", _with_share(low | _SHARE_TOP)


def sealable() -> Iterator[tuple[str, bytes]]:
    """A name and 1216 bytes that look odd and break no rule."""
    yield "an-ml-kem-key-reduced-at-0", _with_coefficient(0, _MODULUS - 1)
    yield "an-ml-kem-key-reduced-at-767", _with_coefficient(767, _MODULUS - 1)
    yield "an-ml-kem-key-of-zeros", bytes(1152) + GOOD[1152:]
    yield "an-x25519-key-with-a-bit-that-is-ignored", GOOD[:-1] + bytes([GOOD[-1] ^ 0x80])
    yield "an-x25519-key-above-the-modulus", _with_share(P + 9)


def _with_share(number: int) -> bytes:
    return GOOD[:_ML_KEM_LEN] + share(number)


def _with_coefficient(place: int, value: int) -> bytes:
    """The good key with this coefficient; two of them, of twelve bits each, share three bytes."""
    start, low = 3 * (place // 2), 12 * (place % 2)
    pair = int.from_bytes(GOOD[start : start + 3], "little")
    changed = pair & ~(0xFFF << low) | value << low
    return GOOD[:start] + changed.to_bytes(3, "little") + GOOD[start + 3 :]
