"""A small honest portal: real documents and real crypto over HTTP on a unix socket, in memory.

Its organisation, its clock and its refusals are the test's to change; all that was asked of it is
in `seen`. What the real server does with the same requests is shown by the tests of the house.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from silent_courier.protocol.age import HybridIdentity
from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.charter import (
    MAGIC,
    SIGNED_LABEL,
    Charter,
    CharterBody,
    Device,
    Handler,
    Parameters,
    RootKeys,
    encode_body,
    verify_chain,
)
from silent_courier.protocol.keyring import Keyring, encode_keyring
from silent_courier.protocol.letter import Letter, open_letter, read_letter
from silent_courier.protocol.payload import InReply, OpenedPayload, ReplyPayload
from silent_courier.protocol.reply import cells_needed, seal_reply
from silent_courier.protocol.root import RootKey, encode_signed_body
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.sizes import SEALED_CHUNK_LEN, SLOTS_PER_HANDLER, letter_len
from silent_courier.protocol.statements import (
    Closure,
    DayStatement,
    S,
    SignOfLife,
    Statements,
    sign_statement,
)
from silent_courier.protocol.thread import ThreadKey, derive_auth, derive_thread_key
from silent_courier.tor.transport import Transport
from tests.servers import HttpServer, Seen, ok

TODAY = 20_780  # a Monday
ANCHOR = TODAY - 70
ENTROPY = bytes(range(16))
LABELS = ("Анна", "Boris", "Clara")
HANDLERS = tuple(Handler(handler=n, label=label) for n, label in enumerate(LABELS))
BITS = 4


def root_key() -> RootKey:
    return RootKey(b"e" * 32, b"m" * 32)


def make_charter(
    *,
    handlers: tuple[Handler, ...] = HANDLERS,
    generation_days: tuple[int, ...] = (ANCHOR,),
    portal: str = "127.0.0.1:1",
) -> tuple[Charter, bytes]:
    """A first charter of these handlers, one device each, and its file."""
    public = root_key().public
    body = CharterBody(
        name="Редакция",
        org_id=None,
        previous=None,
        serial=1,
        issued=ANCHOR,
        expires=TODAY + 365,
        anchor_day=ANCHOR,
        generation_days=generation_days,
        portal=portal,
        desk="127.0.0.1:2",
        root=RootKeys(ed25519=public.ed25519.hex(), ml_dsa_65=public.ml_dsa_65.hex()),
        parameters=Parameters(cells_per_day=8, minimum_handlers=2, letter_slots=4),
        handlers=handlers,
        devices=tuple(
            Device(device=h.handler * SLOTS_PER_HANDLER, key=device_key(h.handler).public.hex())
            for h in handlers
        ),
    )
    data = encode_body(body)
    file = encode_signed_body(MAGIC, SIGNED_LABEL, data, [root_key()])
    return verify_chain([file], sha256(data).digest()), file


def device_key(handler: int) -> DeviceKey:
    return DeviceKey(handler * SLOTS_PER_HANDLER, bytes([handler + 1]) * 32)


def day_identity(handler: int, day: int) -> HybridIdentity:
    return HybridIdentity(sha256(f"{handler} {day}".encode()).digest())


def thread_key(charter: Charter, day: int, generation: int = 1) -> ThreadKey:
    week = (day + 3) // 7 - (charter.body.anchor_day + 3) // 7
    return derive_thread_key(ENTROPY, charter.org_id, generation, week)


def answer_payload(charter: Charter, text: str = "Спасибо", day: int = TODAY) -> ReplyPayload:
    return ReplyPayload(
        id=secrets.token_hex(16),
        org_id=charter.org_id.hex(),
        charter=charter.hash.hex(),
        day=day,
        generation=1,
        to=derive_auth(ENTROPY, charter.org_id, 0).hex(),
        language="ru",
        text=text,
    )


def opened_payload(charter: Charter, day: int = TODAY) -> OpenedPayload:
    answer = answer_payload(charter, day=day)
    return OpenedPayload(
        id=answer.id,
        org_id=answer.org_id,
        charter=answer.charter,
        day=day,
        generation=1,
        to=answer.to,
        opened=day,
    )


def seal_cells(
    charter: Charter,
    payload: InReply,
    *,
    handler: int = 0,
    day: int = TODAY,
    generation: int = 1,
    first: int = 0,
) -> list[bytes]:
    numbers = range(first, first + cells_needed(payload))
    key = thread_key(charter, day, generation)
    return seal_reply(payload, device_key(handler), key, numbers, secrets.token_bytes)


@dataclass
class SmallPortal:
    """What is served, what was taken in, and what to refuse next."""

    charter: Charter
    file: bytes
    day: int = TODAY
    present: tuple[int, ...] = (0, 1, 2)
    alive: tuple[int, ...] = (0, 1, 2)
    closures: tuple[tuple[int, int], ...] = ()
    cells: list[bytes] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)
    chunks: dict[str, bytes] = field(default_factory=dict)
    letters: list[bytes] = field(default_factory=list)
    refusals: dict[str, list[int | None]] = field(default_factory=dict)
    ticket_chunks: int = 64
    bits: int = BITS
    used: dict[str, int] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    @property
    def trace(self) -> list[tuple[str, str, int]]:
        """What someone at the server sees of each request: method, path, length."""
        return [(seen.method, seen.path, len(seen.body)) for seen in self.seen]

    def keyring(self) -> bytes:
        statements = Statements(
            tuple(self._day_statement(handler) for handler in self.present),
            tuple(self._sign(handler, SignOfLife(0, self.day - 1)) for handler in self.alive),
            tuple(self._sign(h, Closure(0, self.day - 1, until)) for h, until in self.closures),
        )
        return encode_keyring(Keyring(self.day, (self.file,), statements))

    def board(self) -> bytes:
        return encode_board(self.day * 24 + 12, self.cells)

    def open_last_letter(self, handler: int = 0) -> Letter:
        """The letter that arrived last, as this handler's desk reads it."""
        opened = open_letter(self.letters[-1], [day_identity(handler, self.day)])
        return read_letter(opened.plaintext, self.charter.org_id, self.charter.all_devices)

    def answer(self, seen: Seen) -> bytes | None:
        self.seen.append(replace(seen))
        refusals = self.refusals.get(f"{seen.method} {seen.path.split('/')[2]}")
        if refusals and (status := refusals.pop(0)) != 0:
            if status is None:
                self._serve(seen)  # taken in, and then the answer is lost
                return None
            return ok(status=status)
        return self._serve(seen)

    def _serve(self, seen: Seen) -> bytes:
        match seen.method, seen.path:
            case "GET", "/v1/keyring":
                return ok(self.keyring())
            case "GET", "/v1/board":
                return ok(self.board())
            case "GET", "/v1/tickets":
                return ok(bytes([self.bits]) + b"c" * 16)
            case "POST", "/v1/tickets":
                return self._give_ticket(seen)
            case "POST", "/v1/letters":
                return self._take_letter(seen)
        return self._take_chunk(seen)

    def _give_ticket(self, seen: Seen) -> bytes:
        digest = sha256(b"courier/ticket\0" + seen.body).digest()
        if seen.body[:16] != b"c" * 16 or int.from_bytes(digest, "big") >> (256 - self.bits):
            return ok(status=403)
        ticket = secrets.token_bytes(32)
        self.tickets.add(f"Bearer {ticket.hex()}")
        return ok(ticket)

    def _take_letter(self, seen: Seen) -> bytes:
        ticket = seen.header("Authorization") or ""
        if ticket not in self.tickets:
            return ok(status=401)
        if len(seen.body) != letter_len(self.charter.body.parameters.letter_slots):
            return ok(status=400)
        self.tickets.discard(ticket)
        if seen.body not in self.letters:
            self.letters.append(seen.body)
        return ok(status=204)

    def _take_chunk(self, seen: Seen) -> bytes:
        ticket = seen.header("Authorization") or ""
        if ticket not in self.tickets or self.used.get(ticket, 0) >= self.ticket_chunks:
            return ok(status=401)
        if len(seen.body) != SEALED_CHUNK_LEN:
            return ok(status=400)
        self.used[ticket] = self.used.get(ticket, 0) + 1
        self.chunks.setdefault(seen.path.rsplit("/", 1)[1], seen.body)
        return ok(status=204)

    def _day_statement(self, handler: int) -> DayStatement:
        recipient = day_identity(handler, self.day).recipient().public_key
        return self._sign(handler, DayStatement(0, self.day, recipient))

    def _sign(self, handler: int, statement: S) -> S:
        return sign_statement(statement, self.charter, device_key(handler))


def make_portal() -> SmallPortal:
    return SmallPortal(*make_charter())


@asynccontextmanager
async def reach(portal: SmallPortal, directory: Path) -> AsyncIterator[Transport]:
    """A transport to this portal, which listens in the meantime."""
    path = directory / "p.sock"
    async with (
        await HttpServer(portal.answer).listen_unix(path),
        Transport(
            f"unix:{path}", socks=None, random_bytes=secrets.token_bytes, sleep=no_sleep
        ) as transport,
    ):
        yield transport


async def no_sleep(_seconds: float) -> None:
    """Waiting that takes no time."""


def clock() -> float:
    return TODAY * 86_400 + 43_200.0
