"""For tests of the server: an organisation, a clock to turn, and a small HTTP client."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import h11
import msgspec

from silent_courier.protocol.access import MAGIC as ACCESS_MAGIC
from silent_courier.protocol.access import SIGNED_LABEL as ACCESS_LABEL
from silent_courier.protocol.access import AccessBody, DeviceAccess
from silent_courier.protocol.age import HybridIdentity
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.charter import MAGIC as CHARTER_MAGIC
from silent_courier.protocol.charter import SIGNED_LABEL as CHARTER_LABEL
from silent_courier.protocol.charter import (
    Charter,
    CharterBody,
    Device,
    Handler,
    Parameters,
    RootKeys,
    charter_hash,
    encode_body,
)
from silent_courier.protocol.root import RootKey, encode_signed_body
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import letter_len
from silent_courier.protocol.statements import DayStatement, sign_statement
from silent_courier.server.config import Places
from silent_courier.server.limits import Limits
from silent_courier.server.run import RunningServer
from silent_courier.server.setup import init_server, load_charter
from silent_courier.tor.onion import make_client_key
from tests.headers import assert_exact

DAY = 20_600
NOON = DAY * SECONDS_PER_DAY + 12 * 3600
SLOTS = 2
LETTER_LEN = letter_len(SLOTS)
QUICK = Limits(ticket_bits=4, stop_s=0.5)


@dataclass(slots=True)
class Clock:
    """Stands still until it is turned."""

    now: float = float(NOON)

    def __call__(self) -> float:
        return self.now

    def turn(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        self.now += days * SECONDS_PER_DAY + hours * 3600 + seconds

    @property
    def day(self) -> int:
        return int(self.now // SECONDS_PER_DAY)


@dataclass(frozen=True, slots=True)
class Desk:
    """A device: its signing key, its token, its tor client key (the private half first)."""

    key: DeviceKey
    token: bytes = field(default_factory=lambda: os.urandom(32))
    tor_private: bytes = field(default_factory=lambda: os.urandom(32))

    @property
    def tor_client_key(self) -> bytes:
        return make_client_key(self.tor_private).public


def make_desk(slot: int) -> Desk:
    return Desk(DeviceKey(slot, os.urandom(32)))


def parameters(**changes: int) -> Parameters:
    defaults = {
        "cells_per_day": 20,
        "minimum_handlers": 1,
        "letter_slots": SLOTS,
        "cell_life_epochs_min": 6,
        "cell_life_epochs_max": 9,
    }
    return Parameters(**{**defaults, **changes})


def make_root() -> RootKey:
    return RootKey(os.urandom(32), os.urandom(32))


@dataclass(frozen=True, slots=True)
class Organisation:
    """A root, its charters so far, and its desks."""

    root: RootKey
    desks: tuple[Desk, ...]
    files: tuple[bytes, ...]
    charter: Charter
    access: bytes

    @property
    def chain(self) -> bytes:
        return encode_chain(self.files)

    def signed_anew(self) -> "Organisation":
        """The same charter with an access list signed again."""
        return replace(self, access=sign_access(self.desks, self.charter, self.root))

    def next(self, *, root: RootKey | None = None, **changes: object) -> "Organisation":
        """The organisation after another charter; with another root, after a rotation."""
        keys = [self.root] if root is None else [self.root, root]
        body = msgspec.structs.replace(
            self.charter.body,
            org_id=self.charter.org_id.hex(),
            previous=self.charter.hash.hex(),
            serial=self.charter.body.serial + 1,
            root=_root_keys(keys[-1]),
        )
        body = msgspec.structs.replace(body, **changes)
        file, charter = _sign(body, keys, self.charter.org_id)
        access = sign_access(self.desks, charter, keys[-1])
        return Organisation(keys[-1], self.desks, (*self.files, file), charter, access)


def make_organisation(desks: int = 2, **changes: int) -> Organisation:
    """An organisation whose handlers have one desk each."""
    root = make_root()
    made = tuple(make_desk(4 * handler) for handler in range(desks))
    body = CharterBody(
        name="Example Herald",
        org_id=None,
        previous=None,
        serial=1,
        issued=DAY - 1,
        expires=DAY + 365,
        anchor_day=DAY - 1,
        generation_days=(DAY - 1,),
        portal="127.0.0.1:8000",
        desk="127.0.0.1:8001",
        root=_root_keys(root),
        parameters=parameters(**changes),
        handlers=tuple(Handler(handler=n, label=f"handler {n}") for n in range(desks)),
        devices=tuple(Device(device=d.key.device, key=d.key.public.hex()) for d in made),
    )
    file, charter = _sign(body, [root], None)
    return Organisation(root, made, (file,), charter, sign_access(made, charter, root))


def sign_access(desks: Iterable[Desk], charter: Charter, root: RootKey) -> bytes:
    """An access list; a root's signatures are never the same twice."""
    body = AccessBody(
        org_id=charter.org_id.hex(),
        charter=charter.hash.hex(),
        devices=tuple(
            DeviceAccess(
                device=desk.key.device,
                tor_client_key=desk.tor_client_key.hex(),
                token_hash=hashlib.sha256(desk.token).hexdigest(),
            )
            for desk in desks
        ),
    )
    return encode_signed_body(ACCESS_MAGIC, ACCESS_LABEL, msgspec.json.encode(body), [root])


def _sign(
    body: CharterBody, keys: Iterable[RootKey], org_id: bytes | None
) -> tuple[bytes, Charter]:
    data = encode_body(body)
    digest = charter_hash(data)
    file = encode_signed_body(CHARTER_MAGIC, CHARTER_LABEL, data, list(keys))
    return file, Charter(body, digest, org_id or digest)


def _root_keys(root: RootKey) -> RootKeys:
    public = root.public
    return RootKeys(ed25519=public.ed25519.hex(), ml_dsa_65=public.ml_dsa_65.hex())


def day_statement(organisation: Organisation, desk: Desk, day: int) -> DayStatement:
    """A signed statement of a new day key."""
    recipient = HybridIdentity(os.urandom(32)).recipient().public_key
    statement = DayStatement(desk.key.device, day, recipient)
    return sign_statement(statement, organisation.charter, desk.key)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Client:
    """One connection to a server, at `HOST:PORT` or at a unix socket behind tor."""

    def __init__(self, place: str | Path, *, first: bytes = b"") -> None:
        self._place = place
        self._first = first
        self._http = h11.Connection(h11.CLIENT)

    async def __aenter__(self) -> Self:
        if isinstance(self._place, Path):
            opened = await asyncio.open_unix_connection(self._place)
        else:
            host, port = self._place.split(":")
            opened = await asyncio.open_connection(host, int(port))
        self.reader, self.writer = opened
        self.writer.write(self._first)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()

    async def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        token: bytes | None = None,
        headers: Iterable[tuple[str, str]] = (),
        host: str = "x",
    ) -> Response:
        """Ask and wait for the whole answer; EOFError when there is none."""
        all_headers = [("Host", host), *headers]
        if body:
            all_headers.append(("Content-Length", str(len(body))))
        if token is not None:
            all_headers.append(("Authorization", f"Bearer {token.hex()}"))
        self._send(h11.Request(method=method, target=path, headers=all_headers))
        if body:
            self._send(h11.Data(body))
        self._send(h11.EndOfMessage())
        await self.writer.drain()
        return await self.response()

    def _send(self, event: Any) -> None:
        self.writer.write(self._http.send(event) or b"")

    async def response(self) -> Response:
        status, headers, parts = 0, list[tuple[bytes, bytes]](), list[bytes]()
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError:
                raise EOFError from None
            if event is h11.NEED_DATA:
                self._http.receive_data(await self.reader.read(1 << 20))
            elif isinstance(event, h11.Response):
                status, headers = event.status_code, list(event.headers)
                assert_exact(headers, status)
            elif isinstance(event, h11.Data):
                parts.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
                    self._http.start_next_cycle()
                return Response(status, headers, b"".join(parts))
            else:
                raise EOFError

    async def ticket(self) -> bytes:
        """Do the work and get a ticket."""
        offer = (await self.request("GET", "/v1/tickets")).body
        answer = await self.request("POST", "/v1/tickets", solve(offer))
        assert answer.status == 200
        return answer.body


def solve(offer: bytes) -> bytes:
    """A proof for an offered challenge."""
    bits, challenge = offer[0], offer[1:]
    while True:
        proof = challenge + os.urandom(16)
        digest = hashlib.sha256(b"courier/ticket\0" + proof).digest()
        if int.from_bytes(digest, "big") >> (256 - bits) == 0:
            return proof


@dataclass(frozen=True, slots=True)
class House:
    """A running server with an organisation."""

    server: RunningServer
    organisation: Organisation
    clock: Clock
    directory: Path

    def public(self) -> Client:
        assert self.server.portal_listen is not None
        return Client(self.server.portal_listen)

    def desk(self) -> Client:
        assert self.server.desk_listen is not None
        return Client(self.server.desk_listen)

    async def ask_public(self, method: str, path: str, body: bytes = b"", **how: Any) -> Response:
        async with self.public() as client:
            return await client.request(method, path, body, **how)

    async def ask_desk(self, method: str, path: str, body: bytes = b"", **how: Any) -> Response:
        how.setdefault("token", self.organisation.desks[0].token)
        async with self.desk() as client:
            return await client.request(method, path, body, **how)


def is_server(directory: Path) -> bool:
    return Places(directory).config.exists()


def set_up(directory: Path, organisation: Organisation) -> None:
    """A server's directory with a charter, addresses to be chosen when it runs."""
    init_server(directory, random=os.urandom, portal="127.0.0.1:1", desk="127.0.0.1:2")
    load_charter(directory, organisation.chain, organisation.access)


def make_server(
    directory: Path, clock: Clock, *, limits: Limits = QUICK, random: Any = os.urandom
) -> RunningServer:
    """A server on loopback, not started."""
    return RunningServer(
        directory,
        clock=clock,
        random=random,
        listen="127.0.0.1:0",
        desk_listen="127.0.0.1:0",
        limits=limits,
    )


@asynccontextmanager
async def open_house(
    directory: Path,
    organisation: Organisation | None = None,
    *,
    clock: Clock | None = None,
    limits: Limits = QUICK,
    random: Any = os.urandom,
) -> AsyncIterator[House]:
    """A server with a charter, on loopback."""
    organisation = organisation or make_organisation()
    clock = clock or Clock()
    if not is_server(directory):
        set_up(directory, organisation)
    async with make_server(directory, clock, limits=limits, random=random) as server:
        yield House(server, organisation, clock, directory)
