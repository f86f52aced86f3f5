"""Visitors who never finish: heads and bodies a byte at a time, and answers that are not read.

Arguments: the portal's unix socket, how many. Says so when all are there; whoever is hung up on
comes back at once.
"""

import asyncio
import random
import sys
from pathlib import Path

from bench.programs import tell, wait_for_word
from bench.wire import proxy_line, request_head

PAUSE_S = 2.0
STAY_S = 25.0
"""Less than the server bears; later nobody here could tell whether it has hung up."""

FIRST_CIRCUIT = 1_000_000
HEAD = request_head("GET", "/v1/keyring")
BODY = request_head("POST", "/v1/tickets", bytes(32))
BOARD = request_head("GET", "/v1/board")


class Crowd:
    """How many are connected now, and whether all were once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.here = 0
        self.complete = asyncio.Event()

    def enter(self) -> None:
        """One more."""
        self.here += 1
        if self.here == self._size:
            self.complete.set()


async def dawdle(path: Path, number: int, crowd: Crowd) -> None:
    """Be slow in one of three ways, for ever."""
    way = (_write_head, _write_body, _read_nothing)[number % 3]
    while True:
        reader, writer = await asyncio.open_unix_connection(path)
        crowd.enter()
        try:
            writer.write(proxy_line(FIRST_CIRCUIT + number))
            await way(reader, writer)
        except OSError:
            continue
        finally:
            crowd.here -= 1
            writer.transport.abort()


async def _write_head(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await _trickle(reader, writer, HEAD)


async def _write_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(BODY)
    await _trickle(reader, writer, bytes(32))


async def _read_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    # What comes unasked fills the buffers, and then the server waits.
    writer.write(BOARD)
    await asyncio.sleep(STAY_S)


async def _trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes) -> None:
    await asyncio.sleep(random.uniform(0, PAUSE_S))
    for byte in data:
        writer.write(bytes([byte]))
        try:
            async with asyncio.timeout(PAUSE_S):
                await reader.read(1)
                return
        except TimeoutError:
            continue


async def main(path: Path, count: int) -> None:
    crowd = Crowd(count)
    tasks = [asyncio.create_task(dawdle(path, number, crowd)) for number in range(count)]
    await crowd.complete.wait()
    tell(here=crowd.here)
    await asyncio.to_thread(wait_for_word)
    tell(here=crowd.here)
    await asyncio.to_thread(wait_for_word)
    for task in tasks:
        task.cancel()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
