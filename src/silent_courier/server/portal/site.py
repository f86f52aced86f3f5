"""The portal's pages as answers: made when the keyring changes, found by path when asked for.

Knows nothing of who asks. What goes wrong at a page's path gets a page in the same voice; the API
keeps its empty bodies.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final, Self

from starlette.types import Scope

from silent_courier.protocol.errors import RequestRefusedError
from silent_courier.protocol.keyring import verify_keyring_statements
from silent_courier.protocol.manifest import Manifest, PortalFile, name_files
from silent_courier.server.answers import Answer
from silent_courier.server.portal.assets import Assets, load_assets
from silent_courier.server.portal.facts import Facts, collect_facts
from silent_courier.server.portal.files import portal_bodies
from silent_courier.server.portal.hosts import is_from_own_page, is_own
from silent_courier.server.portal.pages import (
    Message,
    render_left,
    render_messages,
    render_pages,
    render_posted,
)
from silent_courier.server.publisher import Publisher
from silent_courier.server.routes import NOT_FOUND, UNAVAILABLE, Request, Route

HTML: Final = b"text/html; charset=utf-8"
_API: Final = "/v1/"
_FILES: Final = "/static/"
_STRANGERS: Final = 403
_MISDIRECTED: Final = 421
_MESSAGES: Final[Mapping[int, Message]] = {
    404: "missing",
    503: "closed",
    _STRANGERS: "foreign",
    _MISDIRECTED: "foreign",
}


class Site:
    """All pages and files of the portal, ready to be sent."""

    def __init__(self, publisher: Publisher, assets: Assets, hosts: frozenset[bytes]) -> None:
        self._publisher = publisher
        self._hosts = hosts
        self._assets = assets
        self._shown: tuple[bytes, Manifest | None] | None = None
        self._facts: Facts | None = None
        self._pages: Mapping[str, bytes] = {}
        self._left = render_left(assets)
        self._messages = render_messages(assets)
        self._files = {
            path: Answer(200, body, kind) for path, (kind, body) in assets.served().items()
        }

    @classmethod
    async def load(cls, publisher: Publisher, hosts: frozenset[bytes]) -> Self:
        """Read files and translations; PortalNotBuiltError."""
        return await asyncio.to_thread(lambda: cls(publisher, load_assets(), hosts))

    async def refresh(self) -> None:
        """Render again if keyring or manifest are others; without pages the portal says so.

        A charter that ran out, or a page that cannot be made, must never stop the server's clock.
        """
        standing = self._publisher.loaded
        if standing is None:
            return
        keyring, manifest = self._publisher.keyring, self._publisher.manifests.parsed
        if self._shown is not None and self._shown[0] is keyring and self._shown[1] is manifest:
            return
        render = partial(_render, keyring, standing.charter.org_id, self._assets, manifest)
        self._shown = keyring, manifest
        try:
            made = await asyncio.to_thread(render, self._publisher.day)
            self._facts, self._pages, files = made
            self._publisher.manifests.serve(files)
        except Exception:  # noqa: BLE001 - whatever it was, letters and answers go on
            self._facts, self._pages = None, {}

    def routes(self) -> Sequence[Route]:
        """One route for everything that is not the API."""
        return (Route("GET", f"((?!{_API}).*)", self._show),)

    async def _show(self, request: Request) -> Answer:
        path = request.argument
        if path in self._files:
            return self._files[path]
        page = self._left.get(path) or self._pages.get(path)
        if page is not None:
            return Answer(200, page, HTML)
        return NOT_FOUND if self._pages else UNAVAILABLE

    def posted(self, language: str, view: str, status: int = 200, **values: Any) -> Answer:
        """The page that answers a form; RequestRefusedError (503) where there are no pages."""
        if self._facts is None:
            raise RequestRefusedError(UNAVAILABLE.status)
        page = render_posted(language, view, self._facts, self._assets, **values)
        return Answer(status, page, HTML)

    def admit(self, scope: Scope) -> Answer | None:
        """Turn away, before anything is looked at, who came by a stranger's address or form."""
        path: str = scope["path"]
        if path.startswith((_API, _FILES)):
            return None
        if not is_own(scope, self._hosts):
            return self._explained(path, Answer(_MISDIRECTED))
        if scope["method"] == "POST" and not is_from_own_page(scope, self._hosts):
            return self._explained(path, Answer(_STRANGERS))
        return None

    def finish(self, scope: Scope, answer: Answer) -> Answer:
        """The answer with a page that explains it, where a browser shows pages."""
        path: str = scope["path"]
        if path.startswith((_API, _FILES)) or answer.status < 400 or answer.body:
            return answer
        return self._explained(path, answer)

    def _explained(self, path: str, answer: Answer) -> Answer:
        language, message = path.lstrip("/").partition("/")[0], self._message(answer.status)
        page = self._messages.get((language, message)) or self._messages["en", message]
        return replace(answer, body=page, kind=HTML)

    def _message(self, status: int) -> Message:
        if status == UNAVAILABLE.status and self._publisher.loaded is not None:
            return "expired"
        return _MESSAGES.get(status, "failed")


def _render(
    keyring: bytes, org_id: bytes, assets: Assets, manifest: Manifest | None, day: int
) -> tuple[Facts, dict[str, bytes], tuple[PortalFile, ...]]:
    facts = collect_facts(verify_keyring_statements(keyring, org_id, day), manifest)
    pages = render_pages(facts, assets)
    return facts, pages, name_files(portal_bodies(pages, assets))
