"""A server whose clock is turned: hour after hour, and over midnight.

Arguments: the server's directory, the time it stands at until told to go on, the length of an
epoch. Says how long each look at the clock took, in seconds; the night's last.
"""

import asyncio
import secrets
import sys
import time
from dataclasses import replace
from pathlib import Path

from bench.programs import tell, wait_for_word
from bench.programs.server import LIMITS
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.server.run import RunningServer

NEVER_S = 86_400.0


async def main(directory: Path, now: float, epoch_seconds: int) -> None:
    def clock() -> float:
        return now

    async with RunningServer(
        directory,
        clock=clock,
        random=secrets.token_bytes,
        network=("DisableNetwork 1",),
        # Only when told to: what its own look had begun would not be counted.
        limits=replace(LIMITS, tick_s=NEVER_S),
    ) as server:
        tell(portal=str(server.portal_socket))
        await asyncio.to_thread(wait_for_word)
        midnight = (now // SECONDS_PER_DAY + 1) * SECONDS_PER_DAY
        took = []
        while now < midnight:
            now += epoch_seconds
            start = time.perf_counter()
            await server.tick()
            took.append(time.perf_counter() - start)
        tell(epochs=took[:-1], night=took[-1])
        await asyncio.to_thread(wait_for_word)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
