"""Bytes that look random and are the same for ever. Never for anything but vectors."""

from collections.abc import Callable
from hashlib import shake_256


def draw(label: str, length: int) -> bytes:
    """`length` bytes that this label, and no other, stands for."""
    return shake_256(b"courier/vectors\0" + label.encode()).digest(length)


def drawing(label: str) -> Callable[[int], bytes]:
    """A source of randomness in the shape the library asks for; each call goes on."""
    calls = 0

    def random(length: int) -> bytes:
        nonlocal calls
        calls += 1
        return draw(f"{label}/{calls}", length)

    return random
