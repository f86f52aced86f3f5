"""A portal for tests of desks: two pages and a style, served over a real socket."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from silent_courier.desk.desk import PortalMaker
from silent_courier.protocol.keyring import VerifiedKeyring
from silent_courier.protocol.manifest import HTML, Bodies, Manifest
from silent_courier.protocol.strict_headers import PORTAL_POLICY, Headers, strict_headers
from silent_courier.tor.transport import Transport
from tests.servers import HttpServer, Seen

STYLE = "/static/a-0123456789abcdef.css"
WORKER = "/static/w-0123456789abcdef.js"
LINK = f'<link rel="stylesheet" href="{STYLE}">'


def bodies(keyring: VerifiedKeyring, manifest: Manifest | None) -> Bodies:
    """What the portal serves while this keyring holds."""
    day = max(keyring.last_sign_of_life.values(), default=0)
    signed = "" if manifest is None else f"<p>{manifest.day}</p>"
    page = (
        f"{LINK}<h1>{keyring.charter.body.name}</h1><!--today--><p>{day}</p>{signed}<!--/today-->"
    )
    return {
        ("/en/", 200): (HTML, page.encode()),
        ("/en/help", 200): (HTML, b"<p>Help</p>" + page.encode()),
        ("/en/", 404): (HTML, b"<p>Nothing</p>"),
        ("/ru/", 200): (HTML, b"<p>RU</p>" + page.encode()),
        ("/ru/letterbox", 200): (HTML, page.encode() + f'<i data-worker="{WORKER}">'.encode()),
        (STYLE, 200): ("text/css", b"p{}"),
        (WORKER, 200): ("text/javascript", b"1"),
    }


MAKER = PortalMaker(b"1" * 32, bodies)


@dataclass(slots=True)
class SmallPortal:
    """What visitors are shown, and what they asked."""

    shown: dict[tuple[str, int], tuple[str, bytes]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    board: bytes = b""
    before: bytes = b""
    tamper: Callable[[str, Headers], Headers] = lambda _path, headers: headers

    def show(self, path: str, old: bytes, new: bytes) -> None:
        """Exchange some bytes at this path."""
        kind, body = self.shown[path, 200]
        assert old in body
        self.shown[path, 200] = kind, body.replace(old, new)

    def answer(self, seen: Seen) -> bytes:
        self.seen.append(seen)
        if seen.path.startswith("/v1/"):
            return self._sent(seen.path, 200, "application/octet-stream", self.board)
        kind, body = self.shown.get((seen.path, 200), ("application/octet-stream", b""))
        status = 200 if (seen.path, 200) in self.shown else 404
        return self._sent(seen.path, status, kind, body)

    def _sent(self, path: str, status: int, kind: str, body: bytes) -> bytes:
        given = strict_headers(PORTAL_POLICY, kind.encode(), len(body))
        sent = self.tamper(path, given)
        lines = [b"HTTP/1.1 %d X" % status, *(b": ".join(each) for each in sent)]
        return self.before + b"\r\n".join(lines) + b"\r\n\r\n" + body


@asynccontextmanager
async def visiting(portal: SmallPortal, directory: Path) -> AsyncIterator[Transport]:
    """A way to this portal."""
    http = HttpServer(portal.answer)
    path = directory / "portal.sock"
    async with (
        await http.listen_unix(path),
        Transport(f"unix:{path}", socks=None, random_bytes=bytes, attempts=1) as transport,
    ):
        yield transport
