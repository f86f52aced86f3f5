"""The requests a source makes of a portal, one function each. Spec §10.

All are bound in length and made for one purpose, so that they share one circuit and nothing else
does. What may be sent twice is tried again while the network is away; what the portal refuses is
refused at once. Reads no document: that is `visit`'s.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from silent_courier.protocol.errors import (
    PortalBusyError,
    PortalFullError,
    PortalNotReadyError,
    PortalRefusedError,
)
from silent_courier.protocol.sizes import KEYRING_LEN_MAX, TICKET_LEN
from silent_courier.source.progress import OnProgress, Progress, Stage
from silent_courier.source.proof import CHALLENGE_LEN, Random, find_nonce
from silent_courier.tor.transport import NETWORK_TROUBLE, Response, Transport

Sleep = Callable[[float], Awaitable[None]]

BITS_LEN: Final = 1
PATIENCE_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Pauses before further tries, once a visit has begun: tor may be restarting."""

_OK: Final = 200
_TAKEN: Final = 204
_UNAUTHORISED: Final = 401
_FORBIDDEN: Final = 403
_TOO_MANY: Final = 429
_NOT_READY: Final = 503
_FULL: Final = 507
_NO_ANSWER: Final = 0


@dataclass(frozen=True, slots=True)
class Portal:
    """How to reach a portal, and what its requests need from outside."""

    transport: Transport
    random: Random
    sleep: Sleep
    on_progress: OnProgress


def refusal(status: int) -> PortalRefusedError:
    """The error for a status that ends a visit."""
    if status == _NOT_READY:
        return PortalNotReadyError(status)
    if status == _FULL:
        return PortalFullError(status)
    return PortalRefusedError(status)


async def get_keyring(portal: Portal) -> bytes:
    """The keyring's bytes; PortalRefusedError, TorError."""
    return await _get(portal, "/v1/keyring", KEYRING_LEN_MAX, "keyring")


async def get_board(portal: Portal, max_len: int) -> bytes:
    """The board's bytes; PortalRefusedError, TorError."""
    for pause in PATIENCE_S:
        try:
            return await _get(portal, "/v1/board", max_len, "board")
        except NETWORK_TROUBLE:
            await portal.sleep(pause)
    return await _get(portal, "/v1/board", max_len, "board")


async def take_ticket(portal: Portal) -> str:
    """A fresh ticket for one letter and 64 chunks, as the Authorization header's value.

    Where tickets run short they go by lot: who was not drawn asks again, with the same work.

    Raises:
        PortalBusyError: not drawn, as often as we asked.
        PortalRefusedError: refused, or no ticket in the answer.
        ProofTooHardError, TorError
    """
    proof = None
    for pause in PATIENCE_S:
        try:
            proof = proof or await _solve(portal)
            answer = await _redeem(portal, proof)
        except NETWORK_TROUBLE:
            await portal.sleep(pause)
            continue
        if answer.status == _FORBIDDEN:
            # The challenge passed while we worked on it, or an answer was lost and it is used.
            proof = None
        elif answer.status == _NOT_READY:
            await portal.sleep(pause)
        else:
            return _header(answer)
    return _header(await _redeem(portal, proof or await _solve(portal)))


async def post_letter(portal: Portal, letter: bytes, ticket: str) -> None:
    """Hand in a sealed letter with this ticket, or with a fresh one where it no longer holds.

    A connection lost after sending says nothing of whether the letter arrived, so the very same
    bytes go again: a portal keeps a letter once.

    Raises:
        PortalRefusedError, ProofTooHardError, TorError
    """
    portal.on_progress(Progress("letter", 0, 1))
    for pause in PATIENCE_S:
        try:
            status = await _post(portal, letter, ticket)
        except NETWORK_TROUBLE:
            status = _NO_ANSWER
        if status not in (_NO_ANSWER, _UNAUTHORISED, _TOO_MANY):
            break
        await portal.sleep(pause)
        ticket = await take_ticket(portal)
    else:
        status = await _post(portal, letter, ticket)
    if status != _TAKEN:
        raise refusal(status)
    portal.on_progress(Progress("letter", 1, 1))


async def _post(portal: Portal, letter: bytes, ticket: str) -> int:
    answer = await portal.transport.request(
        "POST", "/v1/letters", body=letter, authorization=ticket
    )
    return answer.status


async def _solve(portal: Portal) -> bytes:
    """A challenge of now, and the nonce that solves it."""
    length = BITS_LEN + CHALLENGE_LEN
    offer = await _get(portal, "/v1/tickets", length, None)
    if len(offer) != length:
        raise PortalRefusedError(_OK)
    challenge = offer[BITS_LEN:]
    nonce = await find_nonce(challenge, offer[0], portal.random, portal.on_progress)
    return challenge + nonce


async def _redeem(portal: Portal, proof: bytes) -> Response:
    return await portal.transport.request("POST", "/v1/tickets", body=proof, max_len=TICKET_LEN)


def _header(answer: Response) -> str:
    if answer.status == _NOT_READY:
        raise PortalBusyError(answer.status)
    if answer.status != _OK or len(answer.body) != TICKET_LEN:
        raise refusal(answer.status)
    return f"Bearer {answer.body.hex()}"


async def _get(portal: Portal, path: str, max_len: int, stage: Stage | None) -> bytes:
    def tell(received: int) -> None:
        if stage is not None:
            portal.on_progress(Progress(stage, received, 0))

    answer = await portal.transport.request("GET", path, max_len=max_len, on_received=tell)
    if answer.status != _OK:
        raise refusal(answer.status)
    return answer.body
