"""The baseline: what the challenge scheme of the SecureDrop Protocol 0.4 costs in curve arithmetic.

At every check the server multiplies two ristretto255 points for each stored message and the
client one. Only the multiplications are done, by libsodium in C over prepared buffers; hashing,
sealing of ids and transport are left out, in the baseline's favour.
"""

import secrets
from dataclasses import dataclass

import rbcl

POINTS = 256


@dataclass(frozen=True, slots=True)
class ChallengeCost:
    """Milliseconds of one check at a number of stored messages."""

    messages: int
    server_ms: float
    client_ms: float


def server_check(messages: int, clues: list[bytes], scalar: bytes) -> None:
    """Two multiplications a stored message."""
    for i in range(messages):
        clue = clues[i % len(clues)]
        rbcl.crypto_scalarmult_ristretto255(scalar, clue)
        rbcl.crypto_scalarmult_ristretto255(scalar, clue)


def client_check(messages: int, challenges: list[bytes], scalar: bytes) -> None:
    """One multiplication a stored message."""
    for i in range(messages):
        rbcl.crypto_scalarmult_ristretto255(scalar, challenges[i % len(challenges)])


def make_points() -> tuple[list[bytes], bytes]:
    """Random points and one random scalar."""
    points = [
        rbcl.crypto_core_ristretto255_from_hash(secrets.token_bytes(64)) for _ in range(POINTS)
    ]
    return points, rbcl.crypto_core_ristretto255_scalar_random()
