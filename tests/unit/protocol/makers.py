"""Makes what protocol tests are about: an organisation, its handlers, keyrings, payloads.

Everything is drawn from labels, so a failure can be looked at twice. Only ML-DSA signatures and
HPKE, whose randomness is the library's own, differ from run to run.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import shake_256
from typing import Any, Final, TypeVar

import msgspec

from silent_courier.protocol import charter as charters
from silent_courier.protocol.age import HybridIdentity, HybridRecipient
from silent_courier.protocol.charter import (
    Charter,
    CharterBody,
    Device,
    Handler,
    Parameters,
    RootKeys,
    charter_hash,
    encode_body,
    verify_chain,
)
from silent_courier.protocol.keyring import Keyring, encode_keyring
from silent_courier.protocol.payload import (
    CLOCK_A_DAY,
    ChangePayload,
    LetterPayload,
    NotePayload,
    ReplyPayload,
)
from silent_courier.protocol.root import RootKey, encode_signed_body
from silent_courier.protocol.signing import DeviceKey
from silent_courier.protocol.statements import (
    Closure,
    DayStatement,
    SignOfLife,
    Statements,
    sign_statement,
)
from silent_courier.protocol.thread import ThreadKey, derive_auth, derive_thread_key

TODAY: Final = 20_780
ANCHOR_DAY: Final = 20_720
WEEK: Final = 9
ENTROPY: Final = bytes(range(16))

S = TypeVar("S", DayStatement, SignOfLife, Closure)


def draw(label: str, length: int = 32) -> bytes:
    """Bytes that this label, and no other, stands for."""
    return shake_256(label.encode()).digest(length)


def drawing(label: str = "random") -> Callable[[int], bytes]:
    """A source of randomness that goes on with each call."""
    calls = iter(range(10**6))
    return lambda length: draw(f"{label}/{next(calls)}", length)


def root_key(name: str = "first") -> RootKey:
    """The root key of this name."""
    return RootKey(draw(f"root/{name}/ed25519"), draw(f"root/{name}/ml-dsa"))


def device_key(device: int) -> DeviceKey:
    """The signing key of this slot, the same in all organisations."""
    return DeviceKey(device, draw(f"device/{device}"))


def day_identity(device: int, day: int = TODAY) -> HybridIdentity:
    """The private day key of this slot."""
    return HybridIdentity(draw(f"day-key/{device}/{day}"))


@cache
def recipient(device: int, day: int = TODAY) -> HybridRecipient:
    """The public day key of this slot."""
    return day_identity(device, day).recipient()


def root_keys(key: RootKey) -> RootKeys:
    """The root's public halves, as a charter names them."""
    public = key.public
    return RootKeys(ed25519=public.ed25519.hex(), ml_dsa_65=public.ml_dsa_65.hex())


@dataclass(frozen=True, slots=True)
class Organisation:
    """A chain of charters, and the keys of everybody in it."""

    files: tuple[bytes, ...]
    charter: Charter

    @property
    def org_id(self) -> bytes:
        return self.charter.org_id

    @property
    def devices(self) -> list[int]:
        """The current device slots."""
        return sorted(self.charter.current_devices)

    def issue(
        self,
        *,
        roots: Sequence[RootKey] = (),
        signers: Sequence[RootKey] = (),
        skip: bool = False,
        **changes: Any,
    ) -> "Organisation":
        """The organisation with one more charter, verified.

        roots: the new root, where it changes. signers: who signs, if not who should.
        skip: leave the charter before it out of the chain.
        """
        file = self.next_file(roots=roots, signers=signers, **changes)
        files = (*(self.files[:-1] if skip else self.files), file)
        return Organisation(files, verify_chain(files, self.org_id))

    def next_file(
        self, *, roots: Sequence[RootKey] = (), signers: Sequence[RootKey] = (), **changes: Any
    ) -> bytes:
        """A charter file that follows ours, right but for these changes; nothing is verified."""
        body = self.next_body(**changes)
        if roots:
            body = msgspec.structs.replace(body, root=root_keys(roots[0]))
        keys = signers or (root_key(), *roots)
        return charter_file(body, keys)

    def next_body(self, **changes: Any) -> CharterBody:
        """The body of a charter that follows ours."""
        body = msgspec.structs.replace(
            self.charter.body,
            org_id=self.org_id.hex(),
            previous=self.charter.hash.hex(),
            serial=self.charter.body.serial + 1,
        )
        return msgspec.structs.replace(body, **changes)

    def without(self, handler: int) -> "Organisation":
        """After this handler left."""
        generation = self.charter.body.generation + 1
        handlers = tuple(
            msgspec.structs.replace(h, left_generation=generation) if h.handler == handler else h
            for h in self.charter.body.handlers
        )
        days = (*self.charter.body.generation_days, TODAY - 3)
        return self.issue(handlers=handlers, generation_days=days)

    def day_statements(
        self, day: int = TODAY, devices: Iterable[int] | None = None
    ) -> tuple[DayStatement, ...]:
        """A day statement of each of these devices, else of all."""
        chosen = self.devices if devices is None else devices
        return tuple(
            self.sign(d, DayStatement(d, day, recipient(d, day).public_key)) for d in chosen
        )

    def signs_of_life(
        self, day: int = TODAY, devices: Iterable[int] | None = None
    ) -> tuple[SignOfLife, ...]:
        """A sign of life of each of these devices, else of all."""
        chosen = self.devices if devices is None else devices
        return tuple(self.sign(d, SignOfLife(d, day)) for d in chosen)

    def closure(self, device: int, day: int, until: int) -> Closure:
        """A signed closure."""
        return self.sign(device, Closure(device, day, until))

    def sign(self, device: int, statement: S) -> S:
        """This statement, signed by this device under our charter."""
        return sign_statement(statement, self.charter, device_key(device))

    def keyring(self, day: int = TODAY, **changes: Any) -> bytes:
        """A keyring that is in order but for these changes, of Keyring or of Statements."""
        statements = Statements(self.day_statements(day), self.signs_of_life(day))
        inner = {k: changes.pop(k) for k in list(changes) if hasattr(statements, k)}
        keyring = Keyring(day, self.files, replace(statements, **inner))
        return encode_keyring(replace(keyring, **changes))


def make_organisation(
    handlers: int = 2, *, devices_each: int = 1, root: str = "first", **parameters: int
) -> Organisation:
    """An organisation at its first charter; by default a majority is the minimum."""
    body = first_body(handlers, devices_each=devices_each, root=root, **parameters)
    file = charter_file(body, [root_key(root)])
    org_id = charter_hash(encode_body(body))
    return Organisation((file,), verify_chain([file], org_id))


def first_body(
    handlers: int = 2, *, devices_each: int = 1, root: str = "first", **parameters: int
) -> CharterBody:
    """The body of a first charter."""
    slots = [4 * h + d for h in range(handlers) for d in range(devices_each)]
    chosen = {
        "cells_per_day": 12,
        "minimum_handlers": handlers // 2 + 1,
        "letter_slots": max(4, handlers),
        **parameters,
    }
    return CharterBody(
        name="Редакция",
        org_id=None,
        previous=None,
        serial=1,
        issued=ANCHOR_DAY,
        expires=ANCHOR_DAY + 365,
        anchor_day=ANCHOR_DAY,
        generation_days=(ANCHOR_DAY,),
        portal="portal.example.onion",
        desk="desk.example.onion",
        root=root_keys(root_key(root)),
        parameters=Parameters(**chosen),
        handlers=tuple(Handler(handler=h, label=f"Handler {h}") for h in range(handlers)),
        devices=tuple(Device(device=s, key=device_key(s).public.hex()) for s in slots),
    )


def charter_file(body: CharterBody | bytes, keys: Sequence[RootKey]) -> bytes:
    """A charter file with these signatures, whatever the body says."""
    data = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return encode_signed_body(charters.MAGIC, charters.SIGNED_LABEL, data, keys)


def thread_key(week: int = WEEK, generation: int = 1, org: Organisation | None = None) -> ThreadKey:
    """The source's thread key."""
    org_id = org.org_id if org else draw("org")
    return derive_thread_key(ENTROPY, org_id, generation, week)


def letter_payload(org: Organisation, **changes: Any) -> LetterPayload:
    """A source's letter of today."""
    letter = LetterPayload(
        **_head(org),
        auth=derive_auth(ENTROPY, org.org_id, 1).hex(),
        thread_key=derive_thread_key(ENTROPY, org.org_id, 1, WEEK).key.hex(),
        week=WEEK,
        language="ru",
        text="Здравствуйте",
    )
    return msgspec.structs.replace(letter, **changes)


def note_payload(org: Organisation, **changes: Any) -> NotePayload:
    """A handler's note."""
    note = NotePayload(**_head(org), source_id=source_id(org).hex(), text="Перезвонить")
    return msgspec.structs.replace(note, **changes)


def reply_payload(org: Organisation, **changes: Any) -> ReplyPayload:
    """A handler's reply to the source."""
    reply = ReplyPayload(**_head(org), to=source_id(org).hex(), language="ru", text="Спасибо")
    return msgspec.structs.replace(reply, **changes)


def change_payload(org: Organisation, **changes: Any) -> ChangePayload:
    """A label that a handler puts on the thread at noon."""
    change = ChangePayload(
        **(_head(org) | {"id": draw("change", 16).hex()}),
        source_id=source_id(org).hex(),
        field="label",
        item="urgent",
        value="on",
        clock=(2 * TODAY + 1) * CLOCK_A_DAY // 2,
    )
    return msgspec.structs.replace(change, **changes)


def source_id(org: Organisation) -> bytes:
    """What desks know the source by."""
    return derive_auth(ENTROPY, org.org_id, 0)


def _head(org: Organisation) -> dict[str, Any]:
    return {
        "id": draw("payload", 16).hex(),
        "org_id": org.org_id.hex(),
        "charter": org.charter.hash.hex(),
        "day": TODAY,
        "generation": 1,
    }


def flip(data: bytes, bit: int) -> bytes:
    """The same bytes with one bit the other way."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
