import asyncio
import secrets
import threading
from hashlib import sha256

import pytest

from silent_courier.protocol.errors import ProofTooHardError
from silent_courier.source.progress import Progress, untold
from silent_courier.source.proof import BITS_MAX, NONCE_LEN, find_nonce, search_nonce

CHALLENGE = bytes(range(16))


def zero_bits(nonce: bytes) -> int:
    digest = sha256(b"courier/ticket\0" + CHALLENGE + nonce).digest()
    return 256 - int.from_bytes(digest, "big").bit_length()


@pytest.mark.parametrize("bits", [0, 1, 8, 14])
async def test_the_nonce_proves_the_work(bits: int) -> None:
    nonce = await find_nonce(CHALLENGE, bits, secrets.token_bytes, untold)

    assert len(nonce) == NONCE_LEN
    assert zero_bits(nonce) >= bits


async def test_two_visitors_find_different_nonces() -> None:
    one = await find_nonce(CHALLENGE, 4, secrets.token_bytes, untold)
    other = await find_nonce(CHALLENGE, 4, secrets.token_bytes, untold)

    assert one != other


async def test_a_portal_cannot_make_a_source_work_for_ever() -> None:
    with pytest.raises(ProofTooHardError):
        await find_nonce(CHALLENGE, BITS_MAX + 1, secrets.token_bytes, untold)


async def test_work_stops_when_nobody_waits_for_it() -> None:
    before = threading.active_count()
    heard: list[Progress] = []
    working = asyncio.Event()

    def hear(progress: Progress) -> None:
        heard.append(progress)
        working.set()

    work = asyncio.create_task(find_nonce(CHALLENGE, BITS_MAX, secrets.token_bytes, hear))
    await working.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work

    told = len(heard)
    await asyncio.sleep(0.1)
    assert len(heard) <= told + 1
    assert threading.active_count() <= before + 1
    assert heard[0].stage == "proof"
    assert heard[0].total == 2**BITS_MAX


def test_a_stopped_search_gives_nothing() -> None:
    assert search_nonce(CHALLENGE, BITS_MAX, bytes(8), lambda: True, lambda _: None) == b""
