"""Who belongs to the organisation, and with which devices: values and how they change. Spec §8.3.

A handler's number is never given again, nor is a device slot, nor may a key that left come back.
What no charter has named yet can be taken back without trace. Changes nothing by itself: each
function returns a new roster, and only a charter makes it count.
"""

import unicodedata
from collections.abc import Iterable
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from silent_courier.protocol.access import RequestBody
from silent_courier.protocol.calendar import SECONDS_PER_DAY
from silent_courier.protocol.charter import Address, Device, Handler, handler_of
from silent_courier.protocol.errors import (
    DeviceKnownError,
    LabelTakenError,
    LastHandlerError,
    RosterFullError,
    UnknownHandlerError,
)
from silent_courier.protocol.payload import Day, Hex32
from silent_courier.protocol.sizes import DEVICES_MAX, HANDLERS_MAX, SLOTS_PER_HANDLER

FIRST_GENERATION: Final = 1

_BLANK_LETTERS: Final = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
)
"""Letters and marks that show nothing: fillers, joiners, selectors of variants, empty Braille."""


class Rhythm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The board's timing, chosen once at the beginning; bounds as in the charter's schema."""

    epoch_seconds: Annotated[int, Meta(ge=1, le=SECONDS_PER_DAY)] = 3600
    births_per_epoch: Annotated[int, Meta(ge=1, le=256)] = 2
    cell_life_epochs_min: Annotated[int, Meta(ge=1, le=2**20)] = 30 * 24
    cell_life_epochs_max: Annotated[int, Meta(ge=1, le=2**20)] = 44 * 24
    sign_of_life_days: Annotated[int, Meta(ge=1, le=30)] = 3


class Choices(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was asked for when a charter was issued; None follows the roster."""

    cells_per_day: int | None = None
    minimum_handlers: int | None = None
    letter_slots: int | None = None


class Member(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One device as its desk asked for it, at its slot (handler × 4 + 0 to 3)."""

    device: Annotated[int, Meta(ge=0, lt=DEVICES_MAX)]
    signing_key: Hex32
    tor_client_key: Hex32
    token_hash: Hex32


class Roster(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All that the organisation decided, but for its key and the charters it issued."""

    version: Literal[1] = 1
    name: Annotated[str, Meta(min_length=1, max_length=120)]
    portal: Address
    desk: Address
    rhythm: Rhythm = Rhythm()
    choices: Choices = Choices()
    expires: Day | None = None
    next_handler: Annotated[int, Meta(ge=0, le=HANDLERS_MAX)] = 0
    handlers: tuple[Handler, ...] = ()
    members: tuple[Member, ...] = ()

    @property
    def current_handlers(self) -> tuple[Handler, ...]:
        """Who has not left."""
        return tuple(h for h in self.handlers if h.left_generation is None)

    @property
    def current_members(self) -> tuple[Member, ...]:
        """The devices of those who have not left."""
        current = {h.handler for h in self.current_handlers}
        return tuple(m for m in self.members if handler_of(m.device) in current)

    @property
    def devices(self) -> tuple[Device, ...]:
        """Every device there ever was, as the charter names it."""
        return tuple(Device(device=m.device, key=m.signing_key) for m in self.members)

    @property
    def generation(self) -> int:
        """The generation that the next charter will have."""
        left = (h.left_generation or FIRST_GENERATION for h in self.handlers)
        return max(left, default=FIRST_GENERATION)


def enrol(roster: Roster, request: RequestBody, *, further_device: bool = False) -> Roster:
    """The roster with this device; unchanged when it is in it already, just so.

    Args:
        roster: as it is.
        request: from `parse_request`, so that its sender holds the signing key.
        further_device: a handler of this label exists, and this is one more device of theirs.

    Raises:
        LabelTakenError: a handler of this label exists, or left, and `further_device` was not said.
        DeviceKnownError: the key is enrolled otherwise, or left.
        UnknownHandlerError: `further_device` was said and nobody has this label.
        RosterFullError: no number or slot is free.
    """
    if _is_enrolled(roster, request):
        return roster
    handler = _labelled(roster.current_handlers, request.label)
    if not further_device:
        # Answers of those who left are still read, under their labels.
        if _labelled(roster.handlers, request.label) is not None:
            raise LabelTakenError
        return _enrol_handler(roster, request)
    if handler is None:
        raise UnknownHandlerError
    return _with_member(roster, request, _free_slot(roster, handler.handler))


def revoke(roster: Roster, who: str, *, known: frozenset[int], generation: int) -> Roster:
    """The roster without this handler.

    Args:
        roster: as it is.
        who: a current handler's label or number.
        known: the handlers named by some charter; others vanish without trace.
        generation: the last charter's. Who leaves ends it, and all who leave before the next
            charter leave in the same one.

    Raises:
        UnknownHandlerError, LastHandlerError
    """
    handler = find_handler(roster, who)
    if len(roster.current_handlers) == 1:
        raise LastHandlerError
    if handler.handler not in known:
        return _without(roster, handler.handler)
    gone = msgspec.structs.replace(handler, left_generation=generation + 1)
    handlers = tuple(gone if h.handler == handler.handler else h for h in roster.handlers)
    return msgspec.structs.replace(roster, handlers=handlers)


def find_handler(roster: Roster, who: str) -> Handler:
    """The current handler of this label, else of this number; UnknownHandlerError."""
    handler = _labelled(roster.current_handlers, who)
    if handler is None:
        handler = next((h for h in roster.current_handlers if str(h.handler) == who.strip()), None)
    if handler is None:
        raise UnknownHandlerError
    return handler


def _is_enrolled(roster: Roster, request: RequestBody) -> bool:
    """Whether this very device is there; DeviceKnownError when it is there in another way."""
    known = next((m for m in roster.members if m.signing_key == request.signing_key), None)
    if known is None:
        return False
    handler = next(h for h in roster.handlers if h.handler == handler_of(known.device))
    same_keys = (known.tor_client_key, known.token_hash) == (
        request.tor_client_key,
        request.token_hash,
    )
    same_label = _folded(handler.label) == _folded(request.label)
    if handler.left_generation is not None or not same_keys or not same_label:
        raise DeviceKnownError
    return True


def _enrol_handler(roster: Roster, request: RequestBody) -> Roster:
    if roster.next_handler >= HANDLERS_MAX:
        raise RosterFullError
    number = roster.next_handler
    handler = Handler(handler=number, label=request.label)
    grown = msgspec.structs.replace(
        roster, next_handler=number + 1, handlers=(*roster.handlers, handler)
    )
    return _with_member(grown, request, number * SLOTS_PER_HANDLER)


def _with_member(roster: Roster, request: RequestBody, slot: int) -> Roster:
    member = Member(
        device=slot,
        signing_key=request.signing_key,
        tor_client_key=request.tor_client_key,
        token_hash=request.token_hash,
    )
    members = tuple(sorted((*roster.members, member), key=lambda m: m.device))
    return msgspec.structs.replace(roster, members=members)


def _without(roster: Roster, number: int) -> Roster:
    return msgspec.structs.replace(
        roster,
        handlers=tuple(h for h in roster.handlers if h.handler != number),
        members=tuple(m for m in roster.members if handler_of(m.device) != number),
    )


def _free_slot(roster: Roster, number: int) -> int:
    used = sum(handler_of(m.device) == number for m in roster.members)
    if used == SLOTS_PER_HANDLER:
        raise RosterFullError
    return number * SLOTS_PER_HANDLER + used


def _labelled(handlers: Iterable[Handler], label: str) -> Handler | None:
    wanted = _folded(label)
    return next((h for h in handlers if _folded(h.label) == wanted), None)


def _folded(label: str) -> str:
    """Labels that people cannot tell apart count as one: width, case, blanks, what is unseen."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", label).casefold())
    seen = "".join(c for c in folded if c.isspace() or not _is_unseen(c))
    return " ".join(seen.split())


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character)[0] == "C" or character in _BLANK_LETTERS
