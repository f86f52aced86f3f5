"""Sockets that are ours, and the app behind them. Spec §12.3.

A unix socket is bound here, private from the first moment; a TCP address says when it is taken.
"""

import asyncio
import errno
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp
from uvicorn.server import ServerState

from silent_courier.protocol.errors import PortInUseError
from silent_courier.server.http_protocol import CourierProtocol, Rules, silent_config
from silent_courier.server.limits import Limits
from silent_courier.server.seats import Seats
from silent_courier.storage.files import translated

_BACKLOG: Final = 512
_IN_USE: Final = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES})


@dataclass(frozen=True, slots=True)
class Door:
    """A bound socket; `proxied`: tor's PROXY line stands in front of every stream."""

    socket: socket.socket
    proxied: bool = False


def bind_unix(path: Path) -> socket.socket:
    """A unix socket that only we, and a tor of ours, may use."""
    with translated():
        path.unlink(missing_ok=True)
        bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            bound.bind(str(path))
        except BaseException:
            bound.close()
            raise
        finally:
            os.umask(before)
    return bound


def bind_tcp(address: str) -> socket.socket:
    """A socket at `HOST:PORT` (port 0: any free one).

    Raises:
        PortInUseError: taken, or not ours to listen at.
        ValueError: not an address.
    """
    host, port = split_address(address)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, the protocol makes asyncio send at once; else each answer waits for the head's receipt.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with translated():
            _bind(bound, host, port)
    except BaseException:
        bound.close()
        raise
    return bound


def _bind(bound: socket.socket, host: str, port: int) -> None:
    try:
        bound.bind((host, port))
        # Two sockets may be bound to one port as long as neither listens.
        bound.listen(_BACKLOG)
    except OSError as error:
        if error.errno in _IN_USE:
            raise PortInUseError from None
        raise


def split_address(address: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8000` or `[::1]:8000`; ValueError."""
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 0xFFFF:
        raise ValueError("an address is HOST:PORT")
    return host.removeprefix("[").removesuffix("]"), int(port)


def address_of(bound: socket.socket) -> str:
    """`HOST:PORT` of a TCP socket."""
    host, port = bound.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class Listener:
    """Serves one app at its doors, which share their seats."""

    def __init__(self, app: ASGIApp, doors: Sequence[Door], limits: Limits, seats: Seats) -> None:
        self._config = silent_config(app, limits)
        self._state = ServerState()
        self._doors = doors
        self._limits = limits
        self._seats = seats
        self._servers: list[asyncio.Server] = []
        self._empty = asyncio.Event()
        self._empty.set()

    async def start(self) -> None:
        """Take connections."""
        loop = asyncio.get_running_loop()
        for door in self._doors:
            rules = Rules(self._limits, self._seats, door.proxied, self._empty)
            factory = partial(CourierProtocol, self._config, self._state, rules)
            self._servers.append(
                await loop.create_server(factory, sock=door.socket, backlog=_BACKLOG)
            )

    @property
    def connections(self) -> int:
        """How many connections there are now."""
        return len(self._state.connections)

    async def stop(self) -> None:
        """Take no more, let what is under way end, and hang up on what does not."""
        for server in self._servers:
            server.close()
        for door in self._doors:
            door.socket.close()
        connections = self._state.connections
        for connection in list(connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.stop_s):
                await self._empty.wait()
        for connection in list(connections):
            connection.transport.abort()
        for task in list(self._state.tasks):
            task.cancel()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)
