"""From a request to the API and back: the gate, the session, total parsing, constant refusals.

Files are for everyone at the right address; everything else is a POST with the session's token.
Nothing is logged, and no answer tells more of a fault than a sentence.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from silent_courier.desk.app.answers import Answer, json_answer, refusal, send_answer
from silent_courier.desk.app.gate import is_own_request
from silent_courier.desk.app.remedies import remedy_of
from silent_courier.desk.app.sessions import Sessions
from silent_courier.protocol.errors import (
    CourierError,
    ProtocolError,
    RequestRefusedError,
    UnknownThreadError,
    VaultError,
    WrongPassphraseError,
)

BODY_MAX: Final = 128 * 1024
BODY_S: Final = 10.0
"""Seconds in which a request's body has to be there: it comes from this machine."""
_BEARER: Final = re.compile(rb"Bearer ([0-9a-f]{64})")


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a request asks with; this one with nothing."""


@dataclass(frozen=True, slots=True)
class Route:
    """A handler, what it is asked with, and whether it needs the session."""

    handler: Callable[[Any], Awaitable[object]]
    question: type[Question] = Question
    session: bool = True


@dataclass(slots=True)
class Place:
    """Where the app is served and what it serves; `host` is known once it is bound."""

    files: Mapping[str, tuple[bytes, bytes]]
    routes: Mapping[str, Route]
    sessions: Sessions
    host: str = ""
    faults: int = field(default=0)


def make_app(place: Place) -> ASGIApp:
    """The ASGI app of this place."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            answer = await _answer(place, scope, receive)
            if answer is not None:
                await send_answer(send, answer)

    return app


async def _answer(place: Place, scope: Scope, receive: Receive) -> Answer | None:
    """None when nobody is left to be answered."""
    method, path = scope["method"], scope["path"]
    if not is_own_request(method, scope["headers"], place.host):
        return refusal(403)
    route, file = place.routes.get(path), place.files.get(path)
    if scope["query_string"] or (route is None and file is None):
        return refusal(404)
    if method != ("POST" if route else "GET"):
        return refusal(405)
    if file is not None:
        return Answer(200, *file)
    assert route is not None
    return await _ask(place, route, scope, receive)


async def _ask(place: Place, route: Route, scope: Scope, receive: Receive) -> Answer | None:
    if route.session and not place.sessions.allows(_token(scope)):
        return refusal(401)
    try:
        async with asyncio.timeout(BODY_S):
            body = await _read(receive)
    except TimeoutError:
        return refusal(400)
    if body is None:
        return None
    return refusal(413) if len(body) > BODY_MAX else await _handle(place, route, body)


async def _handle(place: Place, route: Route, body: bytes) -> Answer:
    try:
        question = msgspec.json.decode(body, type=route.question)
        return json_answer(await route.handler(question))
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        return refusal(400)
    except RequestRefusedError as error:
        return refusal(error.status)
    except CourierError as error:
        return refusal(_status(error), error.sentence, remedy_of(error))
    except Exception:  # noqa: BLE001 - a fault of ours must not show what it was about
        place.faults += 1
        return refusal(500)


def _status(error: CourierError) -> int:
    match error:
        case WrongPassphraseError():
            return 403
        case UnknownThreadError():
            return 404
        case ProtocolError():
            return 400
        case VaultError():
            return 409
        case _:
            return 503


def _token(scope: Scope) -> str:
    values = [value for name, value in scope["headers"] if name == b"authorization"]
    match = _BEARER.fullmatch(values[0]) if len(values) == 1 else None
    return "" if match is None else match[1].decode("ascii")


async def _read(receive: Receive) -> bytes | None:
    """The body, or a little more than may be; None when the other side left."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False) or len(body) > BODY_MAX:
            return bytes(body)
