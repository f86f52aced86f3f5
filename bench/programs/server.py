"""A server as it runs in production, tor included, but that tor stays off the network.

Arguments: the server's directory, the clock's offset. Says where it listens; ends when told.
"""

import asyncio
import secrets
import sys
from pathlib import Path

from bench.programs import tell, wait_for_word
from bench.programs.clock import ShiftedClock
from silent_courier.protocol.sizes import GIB
from silent_courier.server.limits import Limits
from silent_courier.server.run import RunningServer

# What a proof of work costs is the visitor's; checking it costs the server one hash in any case.
# Lanes and circuits' budgets stand in the way of floods on purpose: what is measured lies behind.
LIMITS = Limits(
    ticket_bits=0, lane_places=1_000_000, circuit_boards=1_000_000, circuit_bytes=1024 * GIB
)
ANY_PORT = "127.0.0.1:0"


async def main(directory: Path, offset: float) -> None:
    async with RunningServer(
        directory,
        clock=ShiftedClock(offset),
        random=secrets.token_bytes,
        listen=ANY_PORT,
        desk_listen=ANY_PORT,
        network=("DisableNetwork 1",),
        limits=LIMITS,
    ) as server:
        tell(
            portal=str(server.portal_socket),
            portal_url=f"http://{server.portal_listen}",
            desk_url=f"http://{server.desk_listen}",
        )
        await asyncio.to_thread(wait_for_word)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2])))
