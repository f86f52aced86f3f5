"""Forms for who has no script: hand in a sealed file, and the assisted form. Spec §10.10.

Every answer is a page in the same voice. The text comes back in it when something is wrong, so that
none is lost; it is in memory for the one request and nowhere else. A receipt never comes back: it
is typed from paper each time, so that nobody writes under one that another put there.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, Literal

from silent_courier.protocol.errors import (
    CharterExpiredError,
    CourierError,
    DiskFullError,
    MalformedReceiptError,
    NotEmptiedError,
    PayloadTooLongError,
    RequestRefusedError,
    TooFewDayKeysError,
)
from silent_courier.protocol.sizes import KIB
from silent_courier.server.answers import Answer
from silent_courier.server.assisted import Assisted, UnworkedLane
from silent_courier.server.portal.languages import LANGUAGES
from silent_courier.server.portal.multipart_form import OVERHEAD, read_form
from silent_courier.server.portal.pages import FORMS
from silent_courier.server.routes import NOT_FOUND, Request, Route

View = Literal["file", "write", "found", "sent"]
Trouble = Literal[
    "no-letter", "no-offer", "no-receipt", "empty", "too-long", "not-emptied", "too-few", "expired",
    "busy", "full", "failed",
]  # fmt: skip
Render = Callable[..., Answer]
"""Makes the page of a view: language code, view, status, and what else its template wants."""

TEXT_LEN_MAX: Final = 128 * KIB
"""Much more than a letter holds, so that what is too long comes back; and about as long as the
longest letter, since every connection there can be may bring one at the same time.
"""
_RECEIPT_LEN_MAX: Final = 256
_NAME_LEN_MAX: Final = 16
_BAD_REQUEST: Final = 400
_NOT_FOUND: Final = 404
_BUSY: Final = 503

_TROUBLES: Final[tuple[tuple[type[CourierError], Trouble, int], ...]] = (
    (MalformedReceiptError, "no-receipt", 400),
    (PayloadTooLongError, "too-long", 400),
    (NotEmptiedError, "not-emptied", 503),
    (TooFewDayKeysError, "too-few", 503),
    (CharterExpiredError, "expired", 503),
    (RequestRefusedError, "busy", 503),
    (DiskFullError, "full", 507),
    (CourierError, "failed", 500),
)


class Forms:
    """What is posted from the letterbox page."""

    def __init__(
        self,
        render: Render,
        lane: UnworkedLane,
        letter_len: Callable[[], int],
        may_post: Callable[[int | None], bool],
        assisted: Assisted | None,
    ) -> None:
        """`may_post`: counts one form of a circuit, or says that it has posted enough."""
        self._render = render
        self._lane = lane
        self._letter_len = letter_len
        self._may_post = may_post
        self._assisted = assisted

    def routes(self) -> Sequence[Route]:
        """One path for all: what a form is for stands in it."""
        codes = "|".join(language.code for language in LANGUAGES)
        return (Route("POST", f"/({codes})/{FORMS}", self._take, self._body_max),)

    def _body_max(self) -> int:
        longest = self._letter_len()
        return OVERHEAD + (longest if self._assisted is None else max(longest, TEXT_LEN_MAX))

    async def _take(self, request: Request) -> Answer:
        form = await read_form(
            request.body,
            request.kind,
            {
                "form": _NAME_LEN_MAX,
                "letter": self._letter_len() + 1,
                "receipt": _RECEIPT_LEN_MAX,
                "text": TEXT_LEN_MAX,
            },
        )
        language = request.argument
        match form.get("form"), self._assisted:
            case b"file", _:
                return await self._hand_in(request, form.get("letter", b""))
            case b"receipt", Assisted() as assisted:
                return self._draw(assisted, request)
            case b"write", Assisted() as assisted:
                return await self._write(assisted, request, form)
            case b"read", Assisted() as assisted:
                return await self._read(assisted, request, form)
            case b"receipt" | b"write" | b"read", None:
                return self._render(language, "file", _NOT_FOUND, trouble="no-offer")
        return NOT_FOUND

    def _enter(self, request: Request) -> None:
        if not self._may_post(request.circuit):
            raise RequestRefusedError(_BUSY)

    async def _hand_in(self, request: Request, letter: bytes) -> Answer:
        language = request.argument
        try:
            self._enter(request)
            if len(letter) != self._letter_len():
                return self._render(language, "file", _BAD_REQUEST, trouble="no-letter")
            await self._lane.keep(letter, await self._lane.enter())
        except CourierError as error:
            trouble, status = _trouble(error)
            return self._render(language, "file", status, trouble=trouble)
        return self._render(language, "sent", words=True)

    def _draw(self, assisted: Assisted, request: Request) -> Answer:
        try:
            self._enter(request)
            receipt = assisted.draw()
        except CourierError as error:
            return self._again(request.argument, error, "")
        return self._render(request.argument, "write", receipt=receipt)

    async def _write(self, assisted: Assisted, request: Request, form: dict[str, bytes]) -> Answer:
        language = request.argument
        text = _text(form, "text")
        try:
            self._enter(request)
            if not text.strip():
                return self._render(language, "write", _BAD_REQUEST, trouble="empty", text=text)
            await assisted.write(_text(form, "receipt"), text, language)
        except CourierError as error:
            return self._again(language, error, text)
        return self._render(language, "sent", words=False)

    def _again(self, language: str, error: CourierError, text: str) -> Answer:
        trouble, status = _trouble(error)
        return self._render(language, "write", status, trouble=trouble, text=text)

    async def _read(self, assisted: Assisted, request: Request, form: dict[str, bytes]) -> Answer:
        language = request.argument
        try:
            self._enter(request)
            all_found = await assisted.read(_text(form, "receipt"))
        except CourierError as error:
            trouble, status = _trouble(error)
            return self._render(language, "found", status, trouble=trouble)
        values: dict[str, Any] = {
            "found": all_found.found,
            "partial": all_found.partial,
            "damaged": all_found.damaged,
        }
        return self._render(language, "found", **values)


def _text(form: dict[str, bytes], name: str) -> str:
    """As it was typed, with the line ends that letters have."""
    return form.get(name, b"").decode("utf-8", "replace").replace("\r\n", "\n")


def _trouble(error: CourierError) -> tuple[Trouble, int]:
    return next((name, status) for kind, name, status in _TROUBLES if isinstance(error, kind))
