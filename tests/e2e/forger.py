"""A letter by somebody who has got hold of a source's words, and speaks for it with another key."""

import asyncio
import secrets

import msgspec

from silent_courier.source.compose import Draft, compose_letter
from silent_courier.source.portal import Portal, post_letter, take_ticket
from silent_courier.source.progress import untold
from silent_courier.source.seal import seal_for
from silent_courier.source.visit import read
from tests.e2e.house import House


async def forge(house: House, entropy: bytes, text: str, *, thread_key: bytes = b"Z" * 32) -> None:
    """Leave a letter that names the source of this entropy, and a thread key not its own."""
    async with house.source_transport() as transport:
        portal = Portal(transport, secrets.token_bytes, asyncio.sleep, untold)
        keyring = (await read(portal, house.org_id, bytes(16), house.clock)).keyring
        honest = compose_letter(
            Draft(text, "ru"),
            (),
            secrets.token_bytes(16),
            charter=keyring.charter,
            entropy=entropy,
            day=keyring.day,
        )
        forged = msgspec.structs.replace(honest, thread_key=thread_key.hex())
        letter = seal_for(keyring, forged, secrets.token_bytes)
        await post_letter(portal, letter, await take_ticket(portal))
