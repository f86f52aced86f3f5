"""HTTP/1.1 on one connection: uvicorn's h11 protocol, made strict and silent. Spec §10.7.

Adds what uvicorn leaves out: a deadline for the head, a seat for each connection, tor's PROXY line,
our own 400, and an end to connections whose request was not read to its end. Logs nothing at all:
neither visitors nor what they send are anybody's business.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Any, Final, Literal

import h11
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from silent_courier.server.answers import headers
from silent_courier.server.limits import Limits
from silent_courier.server.proxy_line import ProxyLineError, split_proxy_line
from silent_courier.server.seats import Seat, Seats

_SILENT: Final = logging.Logger("silent", logging.CRITICAL)
_SILENT.disabled = True


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every connection at one socket; `empty` is set while there is none."""

    limits: Limits
    seats: Seats
    proxied: bool
    empty: asyncio.Event


class CourierProtocol(H11Protocol):
    """One connection."""

    def __init__(self, config: Config, server_state: ServerState, rules: Rules) -> None:
        super().__init__(config, server_state, {})
        self.logger = _SILENT
        self.access_log = False
        self._rules = rules
        self._before_line: bytes | None = b"" if rules.proxied else None
        self._head_deadline: asyncio.TimerHandle | None = None
        self._seat: Seat

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection; when there are too many, somebody has to go."""
        super().connection_made(transport)
        self._rules.empty.clear()
        self._seat = self._rules.seats.take(transport, proxied=self._rules.proxied)
        self.app_state = {"abort": transport.abort, "circuit": None, "seat": self._seat}
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._head_is_here()
        self._seat.leave()
        super().connection_lost(exc)
        if not self.connections:
            self._rules.empty.set()

    def data_received(self, data: bytes) -> None:
        """Take bytes in, tor's line first."""
        if self._before_line is not None:
            data = self._take_line(self._before_line + data)
        if not data or self._seat.gone:
            return
        if not self._is_busy():
            self._expect_head()
        super().data_received(data)
        if self._is_busy():
            self._head_is_here()
            self._seat.be_busy()

    def _take_line(self, data: bytes) -> bytes:
        try:
            split = split_proxy_line(data)
        except ProxyLineError:
            self.transport.abort()
            return b""
        if split is None:
            self._before_line = data
            return b""
        self.app_state["circuit"], rest = split
        self._before_line = None
        self._seat.name(self.app_state["circuit"])
        return rest

    def _is_busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_head(self) -> None:
        if self._head_deadline is None:
            self._head_deadline = self.loop.call_later(
                self._rules.limits.head_s, self.transport.abort
            )

    def _head_is_here(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def on_response_complete(self) -> None:
        """Go on with the next request, unless this one was not read to its end."""
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self.conn.send(h11.ConnectionClosed())
            self.transport.close()
        super().on_response_complete()
        if not self._is_busy():
            self._seat.be_quiet()
        self._end_if_closing()

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP like everything else, without a word about it."""
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        try:
            response = h11.Response(status_code=400, headers=headers(0))
            for event in (response, h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:
            # An answer was under way already; there is no second one.
            self.transport.abort()
        self.transport.close()
        self._end_if_closing()

    def timeout_keep_alive_handler(self) -> None:
        """Hang up on who asks nothing more, or never took what it asked for."""
        self.transport.abort()

    def _end_if_closing(self) -> None:
        # A closed connection stays until the other side has read everything: not for ever.
        if self.transport.is_closing():
            self.loop.call_later(self._rules.limits.idle_s, self.transport.abort)


def silent_config(app: Any, limits: Limits) -> Config:
    """uvicorn's settings: nothing logged, nothing added to an answer, nothing believed."""
    ws: Literal["none"] = "none"
    config = Config(
        app,
        http=CourierProtocol,
        ws=ws,
        lifespan="off",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=limits.keep_alive_s,
        h11_max_incomplete_event_size=limits.head_len,
    )
    config.load()
    # Where logging is set to its finest, `load` puts something around the app that logs requests.
    config.loaded_app = app
    return config
