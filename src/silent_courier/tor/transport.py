"""What a source and a desk reach a server with: small HTTP requests to one address, through Tor.

Each *purpose* of each *visit* has a random SOCKS user of its own, so that tor gives it circuits
that nothing else shares. Refuses to leave this machine without a SOCKS port. Keeps no cookies,
reads no environment, follows no redirect, logs nothing. Spec §10.
"""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from silent_courier.protocol.errors import (
    BadOnionAddressError,
    ConnectionLostError,
    DirectConnectionRefusedError,
    OnionUnreachableError,
    ServerUnreachableError,
    SocksUnreachableError,
)
from silent_courier.tor.address import SocksAddress
from silent_courier.tor.connection import (
    BytesDone,
    Connection,
    Headers,
    Request,
    Response,
    Timeouts,
)
from silent_courier.tor.onion import parse_onion_address
from silent_courier.tor.socks import Stream, open_through_socks

__all__ = [
    "BytesDone",
    "Headers",
    "RandomBytes",
    "Response",
    "Target",
    "Timeouts",
    "Transport",
    "parse_target",
]

RandomBytes = Callable[[int], bytes]
Sleep = Callable[[float], Awaitable[None]]

USER_LEN = 16
"""Random bytes in a SOCKS user name."""

RESPONSE_LEN_MAX = 64 * 1024
"""The bound where the caller names none."""

FIRST_DELAY_S = 0.5
"""The back-off before the second attempt; doubled before each further one."""

KEPT_S = 2.0
"""One idle for longer is not used again: the server may be closing it, and POST is sent once."""

_NOT_CONNECTED = (OnionUnreachableError, ServerUnreachableError, SocksUnreachableError)
NETWORK_TROUBLE = (*_NOT_CONNECTED, ConnectionLostError)
"""What may be gone a little later, unlike a wrong key or address."""

_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where requests go: a host and port, or a unix socket on this machine."""

    host: str
    port: int
    path: Path | None = None

    @property
    def authority(self) -> str:
        """What the Host header says."""
        return self.host if self.port == 80 else f"{self.host}:{self.port}"

    @property
    def is_onion(self) -> bool:
        """Only Tor can reach it."""
        return self.host.endswith(".onion")


def parse_target(base_url: str) -> Target:
    """An onion, a loopback URL or `unix:/path`; else BadOnionAddressError or its like."""
    if base_url.startswith("unix:/"):
        return Target("localhost", 80, Path(base_url.removeprefix("unix:")))
    try:
        url = urlsplit(base_url if "://" in base_url else f"http://{base_url}")
        host, port = url.hostname or "", url.port or 80
    except ValueError as error:
        raise BadOnionAddressError from error
    if url.scheme != "http" or url.username or url.path.strip("/") or url.query or url.fragment:
        raise BadOnionAddressError
    if host.endswith(".onion"):
        parse_onion_address(host)
    elif not _is_loopback(host):
        raise DirectConnectionRefusedError
    return Target(host, port)


def _is_loopback(host: str) -> bool:
    # A name is looked up by somebody else, so only addresses count.
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(slots=True)
class _Lane:
    """One purpose: its SOCKS user, its kept connection, and room for one request at a time."""

    user: str
    connection: Connection | None = None
    idle_since: float = 0.0
    retired: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def retire(self) -> None:
        """Nobody will come again; who is here may finish."""
        self.retired = True
        if not self.lock.locked():
            self.drop()

    def drop(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Transport:
    """Requests to one server, isolated by purpose and visit."""

    def __init__(
        self,
        base_url: str,
        *,
        socks: SocksAddress | None,
        random_bytes: RandomBytes,
        attempts: int = 4,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - frozen
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._target = parse_target(base_url)
        if self._target.is_onion and socks is None:
            raise DirectConnectionRefusedError
        self._socks = socks if self._target.is_onion else None
        self._random_bytes = random_bytes
        self._attempts = attempts
        self._timeouts = timeouts
        self._sleep = sleep
        self._lanes: dict[str, _Lane] = {}

    def to(self, base_url: str) -> "Transport":
        """The same way to another server, sharing no circuit with this one.

        Raises:
            BadOnionAddressError, DirectConnectionRefusedError
        """
        return Transport(
            base_url,
            socks=self._socks,
            random_bytes=self._random_bytes,
            attempts=self._attempts,
            timeouts=self._timeouts,
            sleep=self._sleep,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    @property
    def host(self) -> str:
        """The onion, in lower case, or the loopback address; without a port."""
        return self._target.host

    @property
    def authority(self) -> str:
        """What the Host header says: with the port where it is not 80."""
        return self._target.authority

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        authorization: str = "",
        purpose: str = "visit",
        max_len: int = RESPONSE_LEN_MAX,
        on_sent: BytesDone | None = None,
        on_received: BytesDone | None = None,
        headers: Headers = (),
    ) -> Response:
        """One request and its response, whatever the status; a TorError when the network fails.

        Args:
            method: GET, HEAD, PUT and DELETE are tried again when the connection is lost; others
            only before they
                were sent.
            path: from `/` on, query included.
            body: sent whole, with its length.
            authorization: the value of that header; all others are always the same.
            purpose: what it is for; equal purposes share a circuit within a visit, others never.
            max_len: bytes of the response's body; one more is ResponseTooLongError.
            on_sent: called with the bytes of the body handed to tor so far.
            on_received: called with the bytes of the response's body so far.
            headers: sent instead of all others, for what looks as a browser does.
        """
        request = Request(method, path, body, max_len, authorization, on_sent, on_received, headers)
        lane = self._lane(purpose)
        async with lane.lock:
            return await self._try_all(lane, request)

    def new_visit(self) -> None:
        """Share nothing with what went before: new SOCKS users and new connections from now on."""
        for lane in self._lanes.values():
            lane.retire()
        self._lanes = {}

    async def aclose(self) -> None:
        """Close every connection."""
        for lane in self._lanes.values():
            lane.retired = True
            lane.drop()
        self._lanes = {}

    def _lane(self, purpose: str) -> _Lane:
        if purpose not in self._lanes:
            self._lanes[purpose] = _Lane(self._new_user())
        return self._lanes[purpose]

    def _new_user(self) -> str:
        return self._random_bytes(USER_LEN).hex()

    async def _try_all(self, lane: _Lane, request: Request) -> Response:
        delay = FIRST_DELAY_S
        for _ in range(self._attempts - 1):
            try:
                return await self._try_once(lane, request)
            except _NOT_CONNECTED:
                pass
            except ConnectionLostError:
                if request.method not in _IDEMPOTENT:
                    raise
            # Another user, therefore another circuit: the old one may be what is broken.
            lane.user = self._new_user()
            await self._sleep(delay)
            delay *= 2
        return await self._try_once(lane, request)

    async def _try_once(self, lane: _Lane, request: Request) -> Response:
        connection = await self._connected(lane)
        try:
            return await connection.exchange(request)
        finally:
            lane.idle_since = asyncio.get_running_loop().time()
            if lane.retired or not connection.usable:
                lane.drop()

    async def _connected(self, lane: _Lane) -> Connection:
        idle = asyncio.get_running_loop().time() - lane.idle_since
        if lane.connection is not None and lane.connection.usable and idle < KEPT_S:
            return lane.connection
        lane.drop()
        stream = await self._open(lane.user)
        lane.connection = Connection(stream, self._target.authority, self._timeouts)
        return lane.connection

    async def _open(self, user: str) -> Stream:
        target = self._target
        try:
            async with asyncio.timeout(self._timeouts.connect_s):
                if self._socks is not None:
                    return await open_through_socks(self._socks, target.host, target.port, user)
                if target.path is not None:
                    return await asyncio.open_unix_connection(target.path)
                return await asyncio.open_connection(target.host, target.port)
        except (ConnectionLostError, TimeoutError) as error:
            # Nothing was sent yet, so it may be tried again whatever it is.
            raise OnionUnreachableError from error
        except OSError as error:
            raise ServerUnreachableError from error
