"""Desks for tests, and a small honest server for them: the wire of spec §12 over a real socket.

The organisation is that of the protocol's tests; time stands still until a test turns it. What
the server does can be changed by a test, answer by answer.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from silent_courier.desk import Desk, SyncReport, join, sync
from silent_courier.desk.judging import Reading
from silent_courier.protocol.attachment import AttachmentSeal, derive_chunk_id, seal_chunk
from silent_courier.protocol.board_format import encode_board, parse_board
from silent_courier.protocol.calendar import SECONDS_PER_DAY, week_of
from silent_courier.protocol.chain import encode_chain
from silent_courier.protocol.keyring import Keyring, encode_keyring
from silent_courier.protocol.letter import (
    letter_hash,
    open_letter,
    seal_colleague_letter,
    seal_plaintext,
    seal_source_letter,
)
from silent_courier.protocol.payload import Attachment, ColleaguePayload, SourcePayload
from silent_courier.protocol.primitives import sha256
from silent_courier.protocol.sizes import CHUNK_LEN, chunk_count
from silent_courier.protocol.statements import (
    DayStatement,
    SignOfLife,
    Statements,
    parse_statements,
)
from silent_courier.source.mailbox import Mailbox, read_mailbox
from silent_courier.storage.vault import (
    KdfParameters,
    Secrets,
    beats,
    charters,
    create_vault,
    open_vault,
)
from silent_courier.storage.vault.beats import LastBeat
from silent_courier.tor.transport import Transport
from tests.servers import HttpServer, Seen, ok
from tests.unit.protocol.makers import (
    ANCHOR_DAY,
    ENTROPY,
    TODAY,
    Organisation,
    day_identity,
    device_key,
    draw,
    recipient,
)

PASSPHRASE = "ten dull green words"
MOST_S = 0.4
"""CPU at once while somebody waits at the page; done in one go, what is tested took seconds."""
QUICK = KdfParameters(1, 64, 1)


@dataclass(slots=True)
class Clock:
    """Stands still until it is turned."""

    now: float = TODAY * SECONDS_PER_DAY + 43_200.0

    def __call__(self) -> float:
        return self.now

    @property
    def day(self) -> int:
        return int(self.now // SECONDS_PER_DAY)

    def turn(self, days: int) -> None:
        self.now += days * SECONDS_PER_DAY


def token(device: int) -> bytes:
    """The bearer token of this slot."""
    return draw(f"token/{device}")


def make_desk(
    directory: Path, org: Organisation, device: int = 0, clock: Callable[[], float] | None = None
) -> Desk:
    """A joined desk in this slot, with the day keys that the protocol's tests know for it."""
    secrets = Secrets(
        f"Handler {device // 4}", device_key(device).seed, draw("client"), token(device)
    )
    vault = create_vault(directory, PASSPHRASE, secrets, os.urandom, kdf=QUICK)
    desk = Desk(vault, clock or Clock(), os.urandom)
    join(desk, encode_chain(org.files))
    give_day_keys(desk, device, range(TODAY - 8, TODAY + 40))
    return desk


def again(desk: Desk) -> Desk:
    """The same desk as the next program finds it."""
    desk.vault.close()
    return Desk(open_vault(desk.vault.directory, PASSPHRASE), desk.clock, desk.random)


def give_day_keys(desk: Desk, device: int, days: Iterable[int]) -> None:
    """Make these days' keys the ones that `makers.recipient` seals to."""
    desk.vault.run_many(
        "INSERT OR REPLACE INTO day_key (day, seed) VALUES (?, ?)",
        [(day, day_identity(device, day).seed) for day in days],
    )


async def sync_rested(desk: Desk, transport: Transport, **more: Any) -> SyncReport:
    """Sync as after a day's rest: whatever was posted before, this one has a whole beat."""
    beats.set_last(desk.vault, LastBeat(slot=0))
    return await sync(desk, transport, **more)


def says_something(sealed: bytes, days: Iterable[int] = range(TODAY, TODAY + 12)) -> bool:
    """Whether a letter that slot 0 or 4 can open is no cover."""
    keys = [day_identity(device, day) for day in days for device in (0, 4)]
    return b'"kind":"cover"' not in open_letter(sealed, keys).plaintext[:64]


def make_reading(desk: Desk, org: Organisation) -> Reading:
    """What this desk reads letters against."""
    return Reading(
        vault=desk.vault,
        charter=org.charter,
        known_charters=charters.known_hashes(desk.vault) | {org.charter.hash},
        today=desk.today,
        week=week_of(desk.today, ANCHOR_DAY),
    )


def seal(
    org: Organisation, payload: SourcePayload, devices: Iterable[int] = (0, 4), day: int = TODAY
) -> bytes:
    """A source's letter to these devices' keys of this day."""
    recipients = [recipient(device, day) for device in devices]
    return seal_source_letter(payload, recipients, _slots(org), os.urandom)


def seal_signed(
    org: Organisation,
    payload: ColleaguePayload,
    signer: int,
    devices: Iterable[int] = (0, 4),
    day: int = TODAY,
) -> bytes:
    """A colleague's letter."""
    recipients = [recipient(device, day) for device in devices]
    key = device_key(signer)
    return seal_colleague_letter(payload, key, recipients, _slots(org), os.urandom)


def seal_raw(
    org: Organisation, payload: bytes, devices: Iterable[int] = (0, 4), day: int = TODAY
) -> bytes:
    """Any bytes in the place of a payload, framed and sealed as a letter's."""
    body = len(payload).to_bytes(4, "big") + payload
    recipients = [recipient(device, day) for device in devices]
    return seal_plaintext(body.ljust(16 * 1024, b"\0"), recipients, _slots(org), os.urandom)


def _slots(org: Organisation) -> int:
    return org.charter.body.parameters.letter_slots


Override = Callable[[Seen], bytes | None]


@dataclass(slots=True)
class SmallServer:
    """What the server holds. `overrides` by path: what to answer instead."""

    org: Organisation
    clock: Clock
    days: dict[int, dict[bytes, bytes]] = field(default_factory=dict)
    chunks: dict[str, bytes] = field(default_factory=dict)
    statements: dict[tuple[int, int], DayStatement] = field(default_factory=dict)
    signs: dict[int, SignOfLife] = field(default_factory=dict)
    cells: list[bytes] = field(default_factory=list)
    quota: int = 1000
    overrides: dict[str, Override] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def put(self, sealed: bytes, day: int | None = None) -> bytes:
        """A letter that arrived; its hash."""
        self.days.setdefault(self.clock.day if day is None else day, {})[letter_hash(sealed)] = (
            sealed
        )
        return letter_hash(sealed)

    def letters(self) -> dict[bytes, bytes]:
        """Everything by its hash."""
        return {name: sealed for day in self.days.values() for name, sealed in day.items()}

    def posted(self, path: str) -> list[bytes]:
        """What was posted there."""
        return [seen.body for seen in self.seen if (seen.method, seen.path) == ("POST", path)]

    def real_letters(self) -> list[bytes]:
        """What was posted for colleagues, covers left out."""
        return [sealed for sealed in self.posted("/v1/letters") if says_something(sealed)]

    def state_for(self, devices: Iterable[int], days: Iterable[int]) -> None:
        """Day keys of colleagues, as they would have stated them."""
        for day in days:
            for statement in self.org.day_statements(day, devices):
                self.statements[statement.device, day] = statement

    def answer(self, seen: Seen) -> bytes | None:
        self.seen.append(seen)
        if override := self.overrides.get(seen.path):
            return override(seen)
        device = self._device(seen)
        if device is None:
            return ok(status=401)
        return self._route(seen, device)

    def _device(self, seen: Seen) -> int | None:
        given = seen.header("Authorization")
        return next((d for d in self.org.devices if given == f"Bearer {token(d).hex()}"), None)

    def _route(self, seen: Seen, device: int) -> bytes:
        path = seen.path
        if path == "/v1/keyring":
            return ok(self._keyring())
        if path == "/v1/days":
            counts = sorted((day, len(found)) for day, found in self.days.items())
            return ok(b"".join(d.to_bytes(4, "big") + n.to_bytes(4, "big") for d, n in counts))
        if path.startswith("/v1/days/"):
            return ok(b"".join(sorted(self.days.get(int(path[9:]), {}))))
        if path == "/v1/letters/read":
            return ok(self._read(seen.body))
        if path.startswith("/v1/chunks/"):
            chunk = self.chunks.get(path[11:])
            return ok(chunk) if chunk else ok(status=404)
        return ok(status=self._take(path, seen.body, device))

    def _take(self, path: str, body: bytes, device: int) -> int:
        if path == "/v1/letters":
            if letter_hash(body) not in self.letters():
                self.put(body)
            return 204
        if path == "/v1/cells":
            return self._take_cells([body[i : i + 1024] for i in range(0, len(body), 1024)])
        if path == "/v1/statements":
            return self._take_statements(parse_statements(body), device)
        return 404

    def _take_cells(self, cells: Sequence[bytes]) -> int:
        fresh = [cell for cell in cells if cell not in self.cells]
        if any(cell[:16] == old[:16] for cell in fresh for old in self.cells):
            return 409
        if len(self.cells) + len(fresh) > self.quota:
            return 429
        self.cells += fresh
        return 204

    def _take_statements(self, batch: Statements, device: int) -> int:
        for statement in batch.day_statements:
            before = self.statements.get((device, statement.day))
            if before is not None and before.recipient != statement.recipient:
                return 409
        self.statements |= {(device, s.day): s for s in batch.day_statements}
        self.signs |= {sign.device: sign for sign in batch.signs_of_life}
        return 204

    def _keyring(self) -> bytes:
        today = [s for (_, day), s in self.statements.items() if day == self.clock.day]
        current = [s for s in today if s.device in self.org.devices]
        batch = Statements(
            tuple(sorted(current, key=lambda s: s.device)),
            tuple(s for d, s in sorted(self.signs.items()) if d in self.org.devices),
        )
        return encode_keyring(Keyring(self.clock.day, self.org.files, batch))

    def _read(self, body: bytes) -> bytes:
        letters = self.letters()
        found = (letters.get(body[i : i + 32], b"") for i in range(0, len(body), 32))
        return b"".join(len(sealed).to_bytes(4, "big") + sealed for sealed in found)


def mailbox(server: SmallServer, org: Organisation, day: int = TODAY) -> Mailbox:
    """What the source reads on the board of everything that was posted."""
    board = parse_board(encode_board(day * SECONDS_PER_DAY // 3600, server.cells))
    return read_mailbox(board, org.charter, ENTROPY, day)


@asynccontextmanager
async def serving(server: SmallServer, directory: Path) -> AsyncIterator[Transport]:
    """A transport to this server."""

    async def no_wait(_: float) -> None:
        return None

    path = directory / "desk.sock"
    path.unlink(missing_ok=True)
    http = HttpServer(server.answer)
    async with (
        await http.listen_unix(path),
        Transport(
            f"unix:{path}", socks=None, random_bytes=os.urandom, attempts=2, sleep=no_wait
        ) as transport,
    ):
        yield transport


def status(code: int) -> Override:
    """Answer with this status and nothing else."""
    return lambda _: ok(status=code)


def body(content: bytes) -> Override:
    """Answer with these bytes."""
    return lambda _: ok(content)


def hang_up(_: Seen) -> None:
    """No answer at all."""
    return


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return sha256(data).hex()


def changed(payload: Any, **changes: Any) -> Any:
    """A payload with other values."""

    return msgspec.structs.replace(payload, **changes)


@dataclass(frozen=True, slots=True)
class File:
    """An attachment as a source makes it: what the letter says of it, and its sealed chunks."""

    attachment: Attachment
    chunks: dict[str, bytes]


def make_file(org: Organisation, name: str, content: bytes, **says: Any) -> File:
    """Seal a file. `says`: what the letter says of it that is not so."""
    count = chunk_count(len(content))
    key, identifier = draw(f"key/{name}"), draw(f"id/{name}", 16)
    sealing = AttachmentSeal(key, org.org_id, identifier, count)
    attachment = Attachment(
        id=identifier.hex(),
        name=name,
        size=len(content),
        sha256=digest(content),
        key=key.hex(),
        chunks=count,
    )
    chunks = {
        derive_chunk_id(sealing, position).hex(): seal_chunk(
            sealing, position, content[position * CHUNK_LEN : (position + 1) * CHUNK_LEN]
        )
        for position in range(count)
    }
    return File(msgspec.structs.replace(attachment, **says), chunks)
