"""From a request to its handler, and from what went wrong to a constant answer. Spec §10.1.

Every refusal is a status and nothing else. An unexpected failure is counted and answered like any
other; no trace of the request is kept.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from silent_courier.protocol.errors import (
    BodyCutShortError,
    CourierError,
    DiskFullError,
    ProtocolError,
    RequestRefusedError,
)
from silent_courier.protocol.sizes import HASH_LEN, MIB
from silent_courier.server.answers import Answer, send_answer
from silent_courier.server.bodies import Body
from silent_courier.server.seats import Seat

NOT_FOUND: Final = Answer(404)
WRONG_METHOD: Final = Answer(405)
MALFORMED: Final = Answer(400)
FAILED: Final = Answer(500)
UNAVAILABLE: Final = Answer(503)
DISK_FULL: Final = Answer(507)
UNAUTHORISED: Final = 401
_DISCARDED_MAX: Final = MIB

_BEARER: Final = re.compile(rb"Bearer ([0-9a-f]{64})")
HEX_32: Final = "([0-9a-f]{64})"


@dataclass(frozen=True, slots=True)
class Request:
    """What a handler gets: the path's variable part, body and type, a token, the connection."""

    argument: str
    body: Body
    bearer: bytes | None
    circuit: int | None
    seat: Seat
    kind: bytes | None = None

    def token(self) -> bytes:
        """The 32 bytes of the bearer token; RequestRefusedError (401) when there is none."""
        if self.bearer is None:
            raise RequestRefusedError(UNAUTHORISED)
        return self.bearer


Handler = Callable[[Request], Awaitable[Answer]]


def _no_body() -> int:
    return 0


class Route:
    """A method and a path, its handler, and how long a body it takes."""

    def __init__(
        self, method: str, path: str, handler: Handler, body_max: Callable[[], int] = _no_body
    ) -> None:
        self.method = method
        self.path = re.compile(path)
        self.handler = handler
        self.body_max = body_max


@dataclass(slots=True)
class Faults:
    """How often something failed that should not have."""

    count: int = 0


Admit = Callable[[Scope], Answer | None]
"""A first look at a request: what it is answered at once, or None."""

Finish = Callable[[Scope, Answer], Answer]
"""A last look at a request and its answer, which may be exchanged."""


def let_in(_: Scope) -> Answer | None:
    """For an app that turns nobody away before looking at the path."""
    return None


def as_it_is(_: Scope, answer: Answer) -> Answer:
    """For an app whose answers need no last look."""
    return answer


def make_app(
    routes: Sequence[Route], faults: Faults, finish: Finish = as_it_is, admit: Admit = let_in
) -> ASGIApp:
    """An app that knows these routes and refuses everything else."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            refused = admit(scope)
            if refused is None:
                answer = finish(scope, await _answer(routes, faults, scope, receive))
            else:
                answer = refused
                await _pass_over(scope, receive)
        except BodyCutShortError:
            return  # Nobody is left to be answered.
        except Exception:  # noqa: BLE001 - a fault of ours must not show what it was about
            faults.count += 1
            answer = FAILED
        await send_answer(send, answer)

    return app


async def _pass_over(scope: Scope, receive: Receive) -> None:
    """Take in what comes with a request that is not looked at, so that its answer arrives."""
    with suppress(RequestRefusedError):
        await Body(scope, receive, _DISCARDED_MAX).discard()


async def _answer(
    routes: Sequence[Route], faults: Faults, scope: Scope, receive: Receive
) -> Answer:
    path: str = scope["path"]
    if scope["query_string"]:
        return NOT_FOUND
    matches = [(route, match) for route in routes if (match := route.path.fullmatch(path))]
    if not matches:
        return NOT_FOUND
    for route, match in matches:
        if route.method == scope["method"]:
            return await _handle(route, "".join(match.groups()), faults, scope, receive)
    return WRONG_METHOD


async def _handle(
    route: Route, argument: str, faults: Faults, scope: Scope, receive: Receive
) -> Answer:
    body: Body | None = None
    try:
        body = Body(scope, receive, route.body_max())
        bearer, state = _bearer(scope), scope["state"]
        kind = _header(scope, b"content-type")
        request = Request(argument, body, bearer, state["circuit"], state["seat"], kind)
        return await route.handler(request)
    except BodyCutShortError:
        raise
    except CourierError as error:
        answer = answer_for(error)
    except Exception:  # noqa: BLE001 - a fault of ours must not show what it was about
        faults.count += 1
        answer = FAILED
    if body is not None:
        await body.discard()
    return answer


def answer_for(error: CourierError) -> Answer:
    """The constant answer to each kind of failure."""
    match error:
        case RequestRefusedError():
            return Answer(error.status)
        case ProtocolError():
            return MALFORMED
        case DiskFullError():
            return DISK_FULL
        case _:
            return UNAVAILABLE


def _bearer(scope: Scope) -> bytes | None:
    match = _BEARER.fullmatch(_header(scope, b"authorization") or b"")
    return None if match is None else bytes.fromhex(match[1].decode("ascii"))


def _header(scope: Scope, wanted: bytes) -> bytes | None:
    """The header's value, where it is there once."""
    values: list[bytes] = [value for name, value in scope["headers"] if name == wanted]
    return values[0] if len(values) == 1 else None


def chunk_id(request: Request) -> bytes:
    """The 32 bytes that the path names."""
    identifier = bytes.fromhex(request.argument)
    assert len(identifier) == HASH_LEN
    return identifier
