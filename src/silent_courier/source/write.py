"""Write: leave a letter, and read what has come since. Spec §10.3.

Holds nothing beyond the call; the words are the caller's to show and to forget.
"""

import asyncio
from dataclasses import dataclass
from functools import partial

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.keyring import VerifiedKeyring, check_open
from silent_courier.source.compose import Draft, compose_letter
from silent_courier.source.mailbox import Mailbox
from silent_courier.source.parcel import Parcel, prepare, send_chunks
from silent_courier.source.portal import Portal, Sleep
from silent_courier.source.progress import OnProgress, untold
from silent_courier.source.proof import Random
from silent_courier.source.seal import seal_for
from silent_courier.source.visit import (
    Clock,
    Letterbox,
    OnReplies,
    deliver,
    nobody_told,
    read,
)
from silent_courier.tor.transport import Transport
from silent_courier.tor.upload import STREAMS


@dataclass(frozen=True, slots=True)
class Sent:
    """The letter is in the letterbox; and what was found there.

    text_attached: the text was too long for a letter and went as a file.
    """

    letterbox: Letterbox
    mailbox: Mailbox
    text_attached: bool


async def write(
    transport: Transport,
    org_id: bytes,
    entropy: bytes,
    letter: Draft | Parcel,
    *,
    clock: Clock,
    random: Random,
    on_replies: OnReplies = nobody_told,
    on_progress: OnProgress = untold,
    streams: int = STREAMS,
    sleep: Sleep = asyncio.sleep,
) -> Sent:
    """Leave a letter; it is there for good when this returns.

    Args:
        transport: to the organisation's portal.
        org_id: 32 bytes, as the source was told.
        entropy: the 16 bytes behind the twelve words, old or new.
        letter: a draft; or a parcel that was prepared before, and perhaps half sent.
        clock: seconds since 1970.
        random: gives that many random bytes.
        on_replies: told what the board holds before anything is sent.
        on_progress: told how far it is.
        streams: uploads at once; memory holds a few MiB for each.
        sleep: seconds, between tries.

    Raises:
        ProtocolError: what `prepare`, `read` and `check_open` raise, and PortalRefusedError.
        TorError: the network stayed away; the same parcel may be written again.
    """
    portal = Portal(transport, random, sleep, on_progress)
    parcel = await prepare(letter, random, on_progress) if isinstance(letter, Draft) else letter
    reading = await read(portal, org_id, entropy, clock)
    on_replies(reading.letterbox, reading.mailbox)
    check_open(reading.keyring, day_of(clock()))

    async def make_letter(keyring: VerifiedKeyring, ticket: str) -> tuple[bytes, str]:
        ticket = await send_chunks(portal, parcel, org_id, ticket, streams)
        sealed = await asyncio.to_thread(partial(_seal, parcel, keyring, entropy, random))
        return sealed, ticket

    await deliver(portal, reading.keyring, make_letter)
    return Sent(reading.letterbox, reading.mailbox, parcel.text_attached)


def _seal(parcel: Parcel, keyring: VerifiedKeyring, entropy: bytes, random: Random) -> bytes:
    """The letter; the very same bytes for as long as charter and day stay the same."""
    place = (keyring.charter.hash, keyring.day)
    if place not in parcel.sealed:
        payload = compose_letter(
            parcel.draft,
            parcel.attachments,
            parcel.letter_id,
            charter=keyring.charter,
            entropy=entropy,
            day=keyring.day,
        )
        parcel.sealed[place] = seal_for(keyring, payload, random)
    return parcel.sealed[place]
