"""Check: read what has come, and leave a cover so that visits look alike. Spec §10.3."""

import asyncio
from dataclasses import dataclass

from silent_courier.protocol.calendar import day_of
from silent_courier.protocol.errors import (
    CourierError,
    NotEmptiedError,
    TooFewDayKeysError,
)
from silent_courier.protocol.keyring import VerifiedKeyring, check_open
from silent_courier.protocol.payload import CoverPayload
from silent_courier.source.mailbox import Mailbox
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

Refusal = TooFewDayKeysError | NotEmptiedError


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found.

    refusal: why a letter would be refused today, None when it would be taken.
    cover_accepted: False where the visit ended early, which hurts nobody but may be noticed.
    """

    letterbox: Letterbox
    mailbox: Mailbox
    refusal: Refusal | None
    cover_accepted: bool


async def check(
    transport: Transport,
    org_id: bytes,
    entropy: bytes,
    *,
    clock: Clock,
    random: Random,
    on_replies: OnReplies = nobody_told,
    on_progress: OnProgress = untold,
    sleep: Sleep = asyncio.sleep,
) -> Checked:
    """Read the board for these words; arguments as for `write`.

    Raises:
        ProtocolError, TorError: keyring or board could not be had. What happens to the cover
            afterwards is never an error.
    """
    portal = Portal(transport, random, sleep, on_progress)
    reading = await read(portal, org_id, entropy, clock)
    on_replies(reading.letterbox, reading.mailbox)
    refusal, accepted = _refusal(reading.keyring, day_of(clock())), False

    async def make_cover(keyring: VerifiedKeyring, ticket: str) -> tuple[bytes, str]:
        return await asyncio.to_thread(seal_for, keyring, CoverPayload(), random), ticket

    if refusal is None:
        try:
            await deliver(portal, reading.keyring, make_cover)
            accepted = True
        except CourierError:
            pass  # the answers are read; there is nothing to do about it
    return Checked(reading.letterbox, reading.mailbox, refusal, accepted)


def _refusal(keyring: VerifiedKeyring, today: int) -> Refusal | None:
    try:
        check_open(keyring, today)
    except (TooFewDayKeysError, NotEmptiedError) as error:
        return error
    return None
