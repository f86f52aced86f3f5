"""A server whose clock is turned: hour after hour, and over midnight.

Arguments: the server's directory, the time it starts at. Says how long each look at the clock took,
in seconds; the night's last.
"""

import asyncio
import secrets
import sys
import time
from pathlib import Path

from bench.programs import tell, wait_for_word
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.server.run import RunningServer

ANY_PORT = "127.0.0.1:0"


async def main(directory: Path, now: float, epoch_seconds: int) -> None:
    def clock() -> float:
        return now

    async with RunningServer(
        directory,
        clock=clock,
        random=secrets.token_bytes,
        listen=ANY_PORT,
        desk_listen=ANY_PORT,
        use_tor=False,
    ) as server:
        tell(ready=True)
        wait_for_word()
        midnight = (now // SECONDS_PER_DAY + 1) * SECONDS_PER_DAY
        took = []
        while now < midnight:
            now += epoch_seconds
            start = time.perf_counter()
            await server.tick()
            took.append(time.perf_counter() - start)
        tell(epochs=took[:-1], night=took[-1])
        wait_for_word()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
