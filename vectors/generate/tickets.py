"""Cases of the proof of work for a ticket. Spec §10."""

from collections.abc import Iterator
from hashlib import sha256

from vectors.generate.case import Case, fields
from vectors.generate.draw import draw

LABEL = b"courier/ticket\0"
CHALLENGE = draw("ticket/challenge", 16)


def cases() -> Iterator[Case]:
    """Every case of this folder."""
    for bits in (0, 8, 9, 14):
        nonce = _solve(bits)
        yield _case(f"proof-of-{bits}-bits", nonce, bits, valid=True)
        yield _case(f"proof-one-bit-short-of-{bits + 1}", nonce, bits + 1, valid=False)
    nonce = _solve(14)
    yield _case("proof-for-another-challenge", nonce, 14, draw("ticket/other", 16), valid=False)


def _case(name: str, nonce: bytes, bits: int, challenge: bytes = CHALLENGE, *, valid: bool) -> Case:
    given = fields(("bits", bits), ("valid", "yes" if valid else "no"))
    return Case(f"tickets/{name}", "ticket.proof", given, challenge + nonce)


def _solve(bits: int) -> bytes:
    """The first nonce with exactly so many zero bits."""
    number = 0
    while _zero_bits(nonce := number.to_bytes(16, "big")) != bits:
        number += 1
    return nonce


def _zero_bits(nonce: bytes) -> int:
    value = int.from_bytes(sha256(LABEL + CHALLENGE + nonce).digest(), "big")
    return 256 - value.bit_length()
