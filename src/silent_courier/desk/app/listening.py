"""The app on one port of 127.0.0.1, by uvicorn's HTTP/1.1, silent and without a word of its own."""

import asyncio
import logging
import socket
from functools import partial
from typing import Final

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from silent_courier.protocol.errors import PortInUseError

LOOPBACK: Final = "127.0.0.1"
_HEAD_MAX: Final = 16 * 1024
_LAST_WORDS_S: Final = 1.0
_SILENT: Final = logging.Logger("silent", logging.CRITICAL)
_SILENT.disabled = True


class _Protocol(H11Protocol):
    """One connection, unlogged."""

    def __init__(self, config: Config, state: ServerState) -> None:
        super().__init__(config, state, {})
        self.logger = _SILENT
        self.access_log = False


class Listener:
    """Serves one app on a socket of this machine alone."""

    def __init__(self, app: ASGIApp, listening: socket.socket) -> None:
        self._socket = listening
        self._state = ServerState()
        self._config = Config(
            app,
            lifespan="off",
            ws="none",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            h11_max_incomplete_event_size=_HEAD_MAX,
        )
        self._config.load()
        self._config.loaded_app = app
        self._server: asyncio.Server | None = None

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`."""
        return host_of(self._socket)

    async def start(self) -> None:
        """Take connections."""
        loop = asyncio.get_running_loop()
        factory = partial(_Protocol, self._config, self._state)
        self._server = await loop.create_server(factory, sock=self._socket)

    async def stop(self) -> None:
        """Take no more, finish what was nearly answered, and hang up."""
        if self._server is not None:
            self._server.close()
        self._socket.close()
        if self._state.tasks:
            await asyncio.wait(self._state.tasks, timeout=_LAST_WORDS_S)
        for connection in list(self._state.connections):
            connection.transport.abort()
        for task in list(self._state.tasks):
            task.cancel()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)


def host_of(listening: socket.socket) -> str:
    """`127.0.0.1:PORT`."""
    return f"{LOOPBACK}:{listening.getsockname()[1]}"


def bind(port: int = 0) -> socket.socket:
    """A listening socket of this machine alone; port 0: any free one. PortInUseError."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((LOOPBACK, port))
        bound.listen()
    except OSError:
        bound.close()
        raise PortInUseError from None
    return bound
