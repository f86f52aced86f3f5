"""Loading pages with the requests that Tor Browser makes, for programs that look as visitors do.

The headers and their order are those of a Firefox of Tor Browser's line on an onion, without
history, cookies or cache; a page's files are asked for in its order. What a browser does beside,
several connections at once and its own pace, is not imitated: a server that measures them can
tell. Runs and shows nothing of what it loads.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Final

from silent_courier.tor.connection import Response
from silent_courier.tor.transport import Headers, Transport

FIREFOX: Final = "153.0"
"""The version of Firefox that Tor Browser is made from; it changes about once a year."""

_UNCACHED: Final = (("Pragma", "no-cache"), ("Cache-Control", "no-cache"))
FILE_LEN_MAX: Final = 4 * 1024 * 1024
_PAGE: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


class Wanted(Enum):
    """What a browser asks for: `Accept`, the three of `Sec-Fetch`, `Priority` ("" for none).

    FETCHED is what a page's script asks for, past every cache.
    """

    TYPED_PAGE = (_PAGE, "document", "navigate", "none", "u=0, i")
    LINKED_PAGE = (_PAGE, "document", "navigate", "same-origin", "u=0, i")
    STYLE = ("text/css,*/*;q=0.1", "style", "no-cors", "same-origin", "u=2")
    SCRIPT = ("*/*", "script", "no-cors", "same-origin", "")
    WORKER = ("*/*", "worker", "same-origin", "same-origin", "u=4")
    FETCHED = ("*/*", "empty", "cors", "same-origin", "u=4")

    @property
    def is_page(self) -> bool:
        """Whether a person goes there."""
        return self in {Wanted.TYPED_PAGE, Wanted.LINKED_PAGE}


_FILES: Final = (
    (Wanted.STYLE, re.compile(rb'<link rel="stylesheet" href="(/static/[!-~]+?)"')),
    (Wanted.SCRIPT, re.compile(rb'<script src="(/static/[!-~]+?)"')),
    (Wanted.WORKER, re.compile(rb' data-worker="(/static/[!-~]+?)"')),
    (Wanted.FETCHED, re.compile(rb' data-list="(/static/[!-~]+?)"')),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A path, and what came from there."""

    path: str
    response: Response

    @property
    def kind(self) -> str:
        """The value of `Content-Type`."""
        return dict(self.response.headers).get(b"content-type", b"").decode("latin-1")


def browser_headers(wanted: Wanted, authority: str) -> Headers:
    """What Tor Browser sends when it wants this from there, in its order."""
    accept, destination, mode, site, priority = wanted.value
    return (
        ("Host", authority),
        (
            "User-Agent",
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{FIREFOX})"
            f" Gecko/20100101 Firefox/{FIREFOX}",
        ),
        ("Accept", accept),
        ("Accept-Language", "en-US,en;q=0.9"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Sec-GPC", "1"),
        ("Connection", "keep-alive"),
        *((("Upgrade-Insecure-Requests", "1"),) if wanted.is_page else ()),
        ("Sec-Fetch-Dest", destination),
        ("Sec-Fetch-Mode", mode),
        ("Sec-Fetch-Site", site),
        *((("Sec-Fetch-User", "?1"),) if wanted.is_page else ()),
        *((("Priority", priority),) if priority else ()),
        *(_UNCACHED if wanted is Wanted.FETCHED else ()),
    )


async def load_page(
    transport: Transport, path: str, *, typed: bool, purpose: str = "pages"
) -> list[Loaded]:
    """A page and the files it names, as a browser loads them; TorError, ResponseTooLongError.

    Args:
        transport: one visit on circuits of its own.
        path: of the page.
        typed: the address was typed; else a link on this portal was followed.
        purpose: what shares a circuit with it.
    """
    wanted = Wanted.TYPED_PAGE if typed else Wanted.LINKED_PAGE
    page = await _load(transport, path, wanted, purpose)
    files = [await _load(transport, *each, purpose) for each in named_files(page.response.body)]
    return [page, *files]


async def load_read(
    transport: Transport, path: str, max_len: int, purpose: str = "pages"
) -> Loaded:
    """What the script of a page reads under `/v1/`; TorError, ResponseTooLongError."""
    return await _load(transport, path, Wanted.FETCHED, purpose, max_len)


def named_files(page: bytes) -> Iterator[tuple[str, Wanted]]:
    """What a page has a browser load, in the order in which one does."""
    for wanted, pattern in _FILES:
        for found in pattern.findall(page):
            yield found.decode("ascii"), wanted


async def _load(
    transport: Transport, path: str, wanted: Wanted, purpose: str, max_len: int = FILE_LEN_MAX
) -> Loaded:
    headers = browser_headers(wanted, transport.authority)
    response = await transport.request(
        "GET", path, purpose=purpose, max_len=max_len, headers=headers
    )
    return Loaded(path, response)
