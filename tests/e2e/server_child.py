"""A server as a process of its own: to be killed, traced, and put on a disk that fills up.

Run as `python -m tests.e2e.server_child DIR`; with `--careless` it is a mutant that syncs nothing,
to show that the tests would notice.
"""

import asyncio
import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from silent_courier.server.limits import Limits
from silent_courier.server.run import RunningServer
from silent_courier.storage.server import database
from tests.unit.server.kit import Client

ROOT = Path(__file__).parents[2]
LIMITS = Limits(ticket_bits=4, tick_s=0.2, stop_s=0.5)


@dataclass(frozen=True, slots=True)
class Child:
    """A server that runs elsewhere."""

    process: asyncio.subprocess.Process
    pid: int
    portal: str
    desk: str

    def public(self) -> Client:
        return Client(self.portal)

    def desks(self) -> Client:
        return Client(self.desk)

    async def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End the server itself, which may be the child of what was started."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, how)
            await asyncio.wait_for(self.process.wait(), 10)


@asynccontextmanager
async def run_child(
    directory: Path, *, before: Sequence[str] = (), arguments: Sequence[str] = ()
) -> AsyncIterator[Child]:
    """A server in a child process; `before` is a command that runs the rest of its line."""
    module = [sys.executable, "-m", "tests.e2e.server_child", str(directory), *arguments]
    process = await asyncio.create_subprocess_exec(
        *before,
        *module,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), 30)
    child = Child(process, **json.loads(line))
    try:
        yield child
    finally:
        await child.end()


def _sync_nothing() -> None:
    """The mutant: everything works, and nothing is on the disk."""
    vars(os)["fsync"] = lambda _: None
    careless = (*database._PRAGMAS, "PRAGMA synchronous = OFF")
    vars(database)["_PRAGMAS"] = careless


async def _serve(directory: Path) -> None:
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    server = RunningServer(
        directory,
        clock=time.time,
        random=secrets.token_bytes,
        listen="127.0.0.1:0",
        desk_listen="127.0.0.1:0",
        limits=LIMITS,
    )
    async with server:
        place = {"portal": server.portal_listen, "desk": server.desk_listen}
        print(json.dumps({"pid": os.getpid(), **place}), flush=True)
        await ended.wait()


if __name__ == "__main__":
    if "--careless" in sys.argv:
        _sync_nothing()
    asyncio.run(_serve(Path(sys.argv[1])))
