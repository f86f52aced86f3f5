"""The process in front: it holds the port and the page's tokens, and never a key or a passphrase.

The desk itself is a process of its own behind it, which takes the connections, opens the vault
and ends when it locks: memory that has held a key goes back to the system with its process. The
next one stands at the locked door at once, on the same port and with the same session.
"""

import asyncio
import os
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from silent_courier.desk.app.listening import host_of
from silent_courier.desk.app.sessions import Sessions
from silent_courier.desk.app.standing import Standing, parse_standing
from silent_courier.desk.desk import Random

Command = Callable[[int, int, bool], Sequence[str]]
"""The desk's command line: listening socket, way to us, and whether it is the first process."""

LEAVE_S: Final = 10.0
"""How long a process that is leaving may take; after that it is killed."""

QUICK_S: Final = 5.0
QUICK_ENDS_MAX: Final = 3
LEAVING: Final = b"\n"


class Porter:
    """One desk's port, for as long as the program runs."""

    def __init__(self, listening: socket.socket, command: Command, random: Random) -> None:
        self._listening = listening
        self._command = command
        self._standing = Standing()
        self._sessions = Sessions(random, self._standing)
        self._control: asyncio.StreamWriter | None = None
        self._ready = False

    def new_address(self) -> str:
        """The address to open, good for one time; an earlier one counts no more."""
        start = self._sessions.new_start()
        if self._control is not None:
            self._control.write(self._standing.encode())
        return f"http://{host_of(self._listening)}/#{start}"

    async def serve(self, ready: Callable[[], None]) -> int:
        """Until it is cancelled, or the desk cannot be kept running: then its exit code.

        `ready` is called once, when the first process can be asked.
        """
        quick = 0
        while True:
            began = time.monotonic()
            code = await self._one(ready)
            if code is None:
                quick = 0
                continue
            quick = quick + 1 if time.monotonic() - began < QUICK_S else 1
            if not self._ready or quick >= QUICK_ENDS_MAX:
                return code
            self._standing.broke = True

    async def _one(self, ready: Callable[[], None]) -> int | None:
        """One process of the desk, from its start to its end; None when it left in good order."""
        ours, theirs = socket.socketpair()
        behind, front = theirs.fileno(), self._listening.fileno()
        process = await asyncio.create_subprocess_exec(
            *self._command(front, behind, not self._ready),
            pass_fds=(front, behind),
            stdin=asyncio.subprocess.DEVNULL,
            # What is typed at our terminal, Ctrl-C too, is for us: we tell the desk to leave.
            start_new_session=True,
        )
        theirs.close()
        reader, self._control = await asyncio.open_connection(sock=ours)
        try:
            self._control.write(self._standing.encode())
            left = False
            # One that was killed leaves what we told it unread, which counts as a reset.
            with suppress(ConnectionError):
                left = await self._follow(reader, ready)
        finally:
            self._control.close()
            self._control = None
            code = await _end(process)
        return None if left and code == 0 else code

    async def _follow(self, reader: asyncio.StreamReader, ready: Callable[[], None]) -> bool:
        """Take what it tells until it goes; whether it said that it was leaving."""
        while line := await reader.readline():
            if line == LEAVING:
                return True
            self._take(parse_standing(line))
            if not self._ready:
                self._ready = True
                ready()
        return False

    def _take(self, given: Standing) -> None:
        for name in Standing.__struct_fields__:
            setattr(self._standing, name, getattr(given, name))


async def _end(process: asyncio.subprocess.Process) -> int:
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVE_S):
            return await process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    return await process.wait()
