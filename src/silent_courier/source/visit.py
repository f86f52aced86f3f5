"""The one visit that writing and reading both make. Spec §10.3.

Keyring, board, ticket, letter: the same requests in the same order and of the same lengths,
whether the letter says something or is a cover. What the board holds is handed out before
anything is sent. Refuses to seal under a keyring that does not verify, but shows the answers where
it is only that no letter may be sealed today.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from silent_courier.protocol.board_format import Board, parse_board
from silent_courier.protocol.calendar import SECONDS_PER_DAY, day_of
from silent_courier.protocol.charter import Charter, check_portal, handler_of
from silent_courier.protocol.keyring import VerifiedKeyring, verify_keyring_statements
from silent_courier.protocol.sizes import BOARD_CELLS_MAX, BOARD_HEADER_LEN, CELL_LEN
from silent_courier.source.mailbox import Mailbox, read_mailbox
from silent_courier.source.portal import (
    Portal,
    get_board,
    get_keyring,
    post_letter,
    take_ticket,
)

Clock = Callable[[], float]

_BOARD_SLACK = 4
"""A board may be so much larger than its charter says: an older charter may have given it more."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A handler who is away until the end of this day."""

    label: str
    until: int


@dataclass(frozen=True, slots=True)
class Letterbox:
    """What a source should know of the letterbox; days are UTC days since 1970-01-01.

    emptied: the day of the last sign of life, None where there is none.
    missing: labels of handlers who could not read a letter of today.
    board_stale: the board is of another day than ours, so newer answers may be missing on it.
    """

    name: str
    org_id: bytes
    serial: int
    generation: int
    day: int
    expires: int
    emptied: int | None
    missing: tuple[str, ...]
    closed: tuple[Closed, ...]
    board_stale: bool


OnReplies = Callable[[Letterbox, Mailbox], None]
"""Told what was found before anything is sent."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the first half of a visit brought."""

    keyring: VerifiedKeyring
    letterbox: Letterbox
    mailbox: Mailbox


MakeLetter = Callable[[VerifiedKeyring, str], Awaitable[tuple[bytes, str]]]
"""Makes the sealed letter, with the ticket it may use up on the way; gives the ticket for it."""


def nobody_told(_letterbox: Letterbox, _mailbox: Mailbox) -> None:
    """For callers who wait for the end."""


async def look_ahead(portal: Portal, org_id: bytes, clock: Clock) -> VerifiedKeyring:
    """The keyring alone, before a person is asked for anything; a visit is still to come.

    Comes over circuits of its own, so that nothing ties it to that visit.

    Raises:
        ProtocolError: any of verify_keyring_statements, WrongPortalError, PortalRefusedError
        TorError
    """
    portal.transport.new_visit()
    keyring = await _fetch_keyring(portal, org_id, day_of(clock()))
    portal.transport.new_visit()
    return keyring


async def read(portal: Portal, org_id: bytes, entropy: bytes, clock: Clock) -> Reading:
    """The first half: keyring and board, and what the board holds for these words.

    Raises:
        ProtocolError: any of verify_keyring_statements, WrongPortalError, MalformedBoardError,
            PortalRefusedError
        TorError
    """
    portal.transport.new_visit()
    now = clock()
    today = day_of(now)
    keyring = await _fetch_keyring(portal, org_id, today)
    board = parse_board(await get_board(portal, _board_len_max(keyring.charter)))
    mailbox = await asyncio.to_thread(read_mailbox, board, keyring.charter, entropy, today)
    return Reading(keyring, _letterbox(keyring, _is_stale(board, keyring.charter, now)), mailbox)


async def deliver(portal: Portal, keyring: VerifiedKeyring, make_letter: MakeLetter) -> None:
    """The second half: a ticket, and a letter or cover.

    Raises:
        PortalRefusedError, ProofTooHardError, TorError; whatever `make_letter` raises
    """
    letter, ticket = await make_letter(keyring, await take_ticket(portal))
    await post_letter(portal, letter, ticket)


async def _fetch_keyring(portal: Portal, org_id: bytes, today: int) -> VerifiedKeyring:
    data = await get_keyring(portal)
    keyring = await asyncio.to_thread(verify_keyring_statements, data, org_id, today)
    check_portal(keyring.charter, portal.transport.host)
    return keyring


def _board_len_max(charter: Charter) -> int:
    parameters = charter.body.parameters
    cells = _BOARD_SLACK * parameters.births_per_epoch * parameters.cell_life_epochs_max
    return BOARD_HEADER_LEN + CELL_LEN * min(cells, BOARD_CELLS_MAX)


def _is_stale(board: Board, charter: Charter, now: float) -> bool:
    made = board.epoch * charter.body.parameters.epoch_seconds
    return abs(now - made) > SECONDS_PER_DAY


def _letterbox(keyring: VerifiedKeyring, board_stale: bool) -> Letterbox:
    charter = keyring.charter
    labels = {handler.handler: handler.label for handler in charter.current_handlers}
    closures = {labels[handler_of(c.device)]: c.until for c in keyring.closures}
    return Letterbox(
        name=charter.body.name,
        org_id=charter.org_id,
        serial=charter.body.serial,
        generation=charter.body.generation,
        day=keyring.day,
        expires=charter.body.expires,
        emptied=max(keyring.last_sign_of_life.values(), default=None),
        missing=tuple(handler.label for handler in keyring.missing),
        closed=tuple(Closed(label, until) for label, until in sorted(closures.items())),
        board_stale=board_stale,
    )
