"""Every answer of the app: a status, a body, one strict set of headers; errors as a sentence.

The policy is the portal's, and stricter where the page can bear it: no markup is ever made from
text (`trusted-types 'none'`), and no form can be sent anywhere.
"""

from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.types import Send

from silent_courier.protocol.strict_headers import strict_headers

JSON: Final = b"application/json"

_CONTENT_SECURITY_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    b"require-trusted-types-for 'script'; trusted-types 'none'"
)

SENTENCES: Final = {
    400: "The request does not have the form that this program expects.",
    401: "This page has no session any more. Open a new address from the terminal.",
    403: "This request did not come from the desk's own page.",
    404: "There is nothing here.",
    405: "This cannot be asked in this way.",
    413: "This is too long.",
    423: "The desk is locked.",
    429: "Wait a moment before the next attempt.",
    500: "Something went wrong inside this program. What was saved before is safe.",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body, and of what kind the body is."""

    status: int
    body: bytes
    kind: bytes = JSON


def json_answer(value: object) -> Answer:
    """The result of a request; dataclasses become objects."""
    return Answer(200, msgspec.json.encode(value))


def refusal(status: int, sentence: str = "", remedy: str = "") -> Answer:
    """A status, one constant sentence for the person, and what to do, if that is known."""
    told = {"error": sentence or SENTENCES[status]}
    return Answer(status, msgspec.json.encode(told | {"remedy": remedy} if remedy else told))


async def send_answer(send: Send, answer: Answer) -> None:
    """Send an answer whole."""
    head = strict_headers(_CONTENT_SECURITY_POLICY, answer.kind, len(answer.body))
    await send({"type": "http.response.start", "status": answer.status, "headers": head})
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
