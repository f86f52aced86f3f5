"""Proof of work for a ticket: a nonce whose hash begins with enough zero bits. Spec §10.

Works in a thread, tells how far it is, and stops when the task that waits for it is cancelled.
Refuses to work for more bits than an ordinary computer does in a few minutes.
"""

import asyncio
import threading
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from silent_courier.protocol.errors import ProofTooHardError
from silent_courier.source.progress import OnProgress, Progress

Random = Callable[[int], bytes]

CHALLENGE_LEN: Final = 16
NONCE_LEN: Final = 16
BITS_MAX: Final = 26
_LABEL: Final = b"courier/ticket\0"
_START_LEN: Final = 8
_COUNTER_LEN: Final = NONCE_LEN - _START_LEN
_BATCH: Final = 4096
"""Tries between two looks at whether to stop."""


async def find_nonce(challenge: bytes, bits: int, random: Random, on_progress: OnProgress) -> bytes:
    """The 16-byte nonce that proves the work for this 16-byte challenge.

    Raises:
        ProofTooHardError: more than BITS_MAX bits are asked for.
    """
    if bits > BITS_MAX:
        raise ProofTooHardError
    loop, stop = asyncio.get_running_loop(), threading.Event()

    def tell(tries: int) -> None:
        if not stop.is_set():
            loop.call_soon_threadsafe(on_progress, Progress("proof", tries, 2**bits))

    try:
        return await asyncio.to_thread(
            search_nonce, challenge, bits, random(_START_LEN), stop.is_set, tell
        )
    finally:
        stop.set()


def search_nonce(
    challenge: bytes,
    bits: int,
    start: bytes,
    stopped: Callable[[], bool],
    tell: Callable[[int], None],
) -> bytes:
    """Count upwards behind the 8 bytes of `start`, until a nonce is good or nobody waits."""
    head = sha256(_LABEL + challenge + start)
    bound = 1 << (256 - bits)
    tries = 0
    while not stopped():
        for counter in range(tries, tries + _BATCH):
            tail = counter.to_bytes(_COUNTER_LEN, "big")
            attempt = head.copy()
            attempt.update(tail)
            if int.from_bytes(attempt.digest(), "big") < bound:
                return start + tail
        tries += _BATCH
        tell(tries)
    return b""
