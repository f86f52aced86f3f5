"""A source that writes one letter with one file attached.

Arguments: the portal's address, org_id in hex, the clock's offset, the file. Says when it is ready
and when it is done; begins and ends when told.
"""

import asyncio
import secrets
import sys
from pathlib import Path

from bench.programs import tell, wait_for_word
from bench.programs.clock import ShiftedClock
from silent_courier.protocol.sizes import ENTROPY_LEN
from silent_courier.source.attachments import attach_file
from silent_courier.source.compose import Draft
from silent_courier.source.write import write
from silent_courier.tor.transport import Transport


async def main(portal: str, org_id: bytes, clock: ShiftedClock, file: Path) -> None:
    tell(ready=True)
    wait_for_word()
    async with Transport(portal, socks=None, random_bytes=secrets.token_bytes) as transport:
        await write(
            transport,
            org_id,
            secrets.token_bytes(ENTROPY_LEN),
            Draft("It is all in the file.", "en", (attach_file(file),)),
            clock=clock,
            random=secrets.token_bytes,
        )
    tell(done=True)
    wait_for_word()


if __name__ == "__main__":
    portal, org_id, offset, file = sys.argv[1:]
    asyncio.run(main(portal, bytes.fromhex(org_id), ShiftedClock(float(offset)), Path(file)))
