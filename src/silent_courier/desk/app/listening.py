"""The app on one port of 127.0.0.1, by uvicorn's HTTP/1.1, silent and without a word of its own.

Every user of this machine can connect there; where the system tells whose a connection is, others
than ours are hung up on. Whoever only holds connections open gets no more than a few, for some
seconds: the page must find one, and the desk its files.
"""

import asyncio
import logging
import socket
from functools import partial
from typing import Final

from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from silent_courier.desk.app.peers import is_ours
from silent_courier.protocol.errors import PortInUseError

LOOPBACK: Final = "127.0.0.1"
CONNECTIONS_MAX: Final = 64
HEAD_S: Final = 10.0
"""Seconds in which a request's head has to be complete."""
_HEAD_MAX: Final = 16 * 1024
_LAST_WORDS_S: Final = 1.0
_SILENT: Final = logging.Logger("silent", logging.CRITICAL)
_SILENT.disabled = True


class _Protocol(H11Protocol):
    """One connection, unlogged, with a deadline for each request's head."""

    def __init__(self, config: Config, state: ServerState) -> None:
        super().__init__(config, state, {})
        self.logger = _SILENT
        self.access_log = False
        self._deadline: asyncio.TimerHandle | None = None
        self.quiet_since = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self.cycle is not None and not self.cycle.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Take the connection; when there are too many, that goes which has been quiet longest."""
        super().connection_made(transport)
        self._expect_head()
        if not _is_ours(transport):
            transport.abort()
            return
        if len(self.connections) > CONNECTIONS_MAX:
            quiet = [each for each in self.connections if not getattr(each, "is_busy", False)]
            min(quiet, key=lambda each: getattr(each, "quiet_since", 0.0)).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Wait for the next request, but not for ever."""
        super().on_response_complete()
        self._expect_head()

    def _expect_head(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self.quiet_since = self.loop.time()
        self._deadline = self.loop.call_later(HEAD_S, self._too_late)

    def _too_late(self) -> None:
        if not self.is_busy:
            self.transport.abort()


def _is_ours(transport: asyncio.Transport) -> bool:
    try:
        return is_ours(transport.get_extra_info("peername"), transport.get_extra_info("sockname"))
    except OSError:
        # The kernel could be asked before: this one can be asked again.
        return False


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
