"""Talks to a running tor over its control socket.

Only a unix socket, because its directory's mode is the lock; a cookie is shown where tor wants one.
Does not start tor, does not interpret what a command means, and refuses lines that would carry a
second command.
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from silent_courier.protocol.errors import ControlError

_LINE_MAX = 1024 * 1024
_DATA_LINES_MAX = 100_000
_ESCAPED = re.compile(r"\\(.)")
_EVENT_STATUS = 650
_PLAIN_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-/:.*$~=")

EventHandler = Callable[[str], None]
"""Takes an event's text without its name, lines joined by a newline."""


@dataclass(frozen=True, slots=True)
class Message:
    """A whole reply or event: its status and its lines, data blocks folded into theirs."""

    status: int
    lines: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Tor did what it was told."""
        return 200 <= self.status < 300

    def value(self, key: str) -> str:
        """What stands after `key=`; ControlError when it is not there."""
        for line in self.lines:
            if line.startswith(f"{key}="):
                return line[len(key) + 1 :].removeprefix("\n")
        raise ControlError


async def read_message(reader: asyncio.StreamReader) -> Message:
    """Read one reply or event; ControlError when the stream ends or is not the control protocol."""
    lines: list[str] = []
    while len(lines) < _DATA_LINES_MAX:
        line = await _read_line(reader)
        if len(line) < 4 or not line[:3].isdecimal() or line[3] not in " -+":
            raise ControlError
        text = line[4:]
        if line[3] == "+":
            text = "\n".join([text, *await _read_data(reader)])
        lines.append(text)
        if line[3] == " ":
            return Message(int(line[:3]), tuple(lines))
    raise ControlError


async def _read_data(reader: asyncio.StreamReader) -> list[str]:
    data: list[str] = []
    while len(data) < _DATA_LINES_MAX:
        line = await _read_line(reader)
        if line == ".":
            return data
        data.append(line.removeprefix("."))
    raise ControlError


async def _read_line(reader: asyncio.StreamReader) -> str:
    try:
        line = await reader.readuntil(b"\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError) as error:
        raise ControlError from error
    return line.decode("utf-8", "replace").rstrip("\r\n")


def quote(text: str) -> str:
    """A value as it stands in a command; ValueError when it is not printable."""
    if text and _PLAIN_WORD.issuperset(text):
        return text
    if not text.isprintable():
        raise ValueError("a control value must be printable")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _read_cookie(auth: str) -> bytes:
    """The cookie named in PROTOCOLINFO's AUTH line."""
    name = auth.split('COOKIEFILE="', 1)[1].rsplit('"', 1)[0]
    try:
        return Path(_ESCAPED.sub(r"\1", name)).read_bytes()
    except OSError as error:
        raise ControlError from error


class ControlClient:
    """One control connection: commands one after the other, events to their handlers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._waiting: deque[asyncio.Future[Message]] = deque()
        self._handlers: dict[str, list[EventHandler]] = {}
        self._reading = asyncio.create_task(self._read_all())

    @classmethod
    async def connect(cls, path: Path) -> Self:
        """Open and authenticate; ControlError when nobody listens or tor does not let us in."""
        try:
            reader, writer = await asyncio.open_unix_connection(path, limit=_LINE_MAX)
        except OSError as error:
            raise ControlError from error
        client = cls(reader, writer)
        try:
            await client._authenticate()
        except BaseException:
            await client.close()
            raise
        return client

    async def command(self, *words: str) -> Message:
        """Send one command, its words as they are; the reply, or ControlError when tor refuses."""
        line = " ".join(words)
        if not line.isprintable():
            raise ValueError("a command is one printable line")
        if self._reading.done():
            raise ControlError
        reply: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting.append(reply)
        try:
            self._writer.write(line.encode() + b"\r\n")
            await self._writer.drain()
        except OSError as error:
            raise ControlError from error
        message = await reply
        if not message.accepted:
            raise ControlError
        return message

    async def get_info(self, key: str) -> str:
        """One GETINFO value; ControlError when tor does not know the key."""
        return (await self.command("GETINFO", key)).value(key)

    async def set_conf(self, **options: str) -> None:
        """Change options of the running tor; ControlError when it refuses them."""
        await self.command("SETCONF", *(f"{name}={quote(v)}" for name, v in options.items()))

    async def listen(self, event: str, handler: EventHandler) -> None:
        """Call `handler` with the text of each event of this name from now on."""
        self._handlers.setdefault(event, []).append(handler)
        await self.command("SETEVENTS", *sorted(self._handlers))

    async def wait_closed(self) -> None:
        """Return when tor has gone or the connection was closed."""
        await asyncio.wait([self._reading])

    async def close(self) -> None:
        """Close; commands under way end in ControlError."""
        self._reading.cancel()
        self._writer.close()
        await asyncio.wait([self._reading])

    async def _authenticate(self) -> None:
        offer = await self.command("PROTOCOLINFO", "1")
        auth = next((line for line in offer.lines if line.startswith("AUTH ")), "")
        if "NULL" in auth or 'COOKIEFILE="' not in auth:
            await self.command("AUTHENTICATE")
            return
        await self.command("AUTHENTICATE", _read_cookie(auth).hex())

    async def _read_all(self) -> None:
        try:
            while True:
                self._take(await read_message(self._reader))
        except ControlError:
            pass
        finally:
            for reply in self._waiting:
                if not reply.done():
                    reply.set_exception(ControlError())
            self._waiting.clear()

    def _take(self, message: Message) -> None:
        if message.status == _EVENT_STATUS:
            name, _, text = "\n".join(message.lines).partition(" ")
            for handler in self._handlers.get(name, ()):
                handler(text)
        elif self._waiting:
            reply = self._waiting.popleft()
            if not reply.done():
                reply.set_result(message)
