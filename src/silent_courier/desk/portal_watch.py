"""Looking at the portal's pages as a visitor does: are they those that one of us signed? §14.12.

At random times, on circuits of its own, by the requests that Tor Browser makes, so that a server
cannot easily show its desks other pages than it shows sources. What was signed is asked for over
the desk onion, which a visitor never asks. Refuses to let its own failure stop a sync.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from silent_courier.desk.alarms import AlarmKind, raise_alarm
from silent_courier.desk.board_watch import BOARD_LEN_MAX, judge_board
from silent_courier.desk.desk import Desk
from silent_courier.desk.remote import DeskServer
from silent_courier.protocol.board_format import parse_board
from silent_courier.protocol.charter import Charter
from silent_courier.protocol.errors import (
    MalformedManifestError,
    ManifestOldError,
    ManifestSignatureError,
)
from silent_courier.protocol.keyring import VerifiedKeyring, verify_keyring_statements
from silent_courier.protocol.manifest import HTML, Manifest, compare, same_release, verify_manifest
from silent_courier.protocol.sizes import KEYRING_LEN_MAX
from silent_courier.storage.vault import portal
from silent_courier.tor.browsing import Loaded, Wanted, load_page, load_read, named_files
from silent_courier.tor.transport import Transport

LOOK_WITHIN_S: Final = 24 * 3600
"""Each look is drawn from so many seconds after the one before: twice a day, on the whole."""

SETTLED_AFTER_S: Final = 5.0
"""A server shows in its pages within a second or two what has changed in the keyring."""

_RANDOM_LEN: Final = 8
_SHOWN_MAX: Final = 8

Sleep = Callable[[float], Awaitable[None]]


async def watch_portal(
    desk: Desk,
    server: DeskServer,
    public: Transport,
    charter: Charter,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Now and then look at some pages; raise what is wrong with them.

    Raises:
        TorError, UnexpectedAnswerError, ProtocolError of the keyring
    """
    at, now = portal.look_at(desk.vault), int(desk.clock())
    if at is None or now < at <= now + LOOK_WITHIN_S:
        if at is None:
            _draw_next(desk, now)
        return
    _draw_next(desk, now)
    manifest = await _signed(desk, server, charter)
    if manifest is None:
        return
    changed, reads = await _look(desk, server, public, charter, manifest)
    if changed:
        # A keyring that changed meanwhile shows in the pages a little later: look once more.
        await sleep(SETTLED_AFTER_S)
        changed, reads = await _look(desk, server, public, charter, manifest)
    if changed:
        raise_alarm(desk, AlarmKind.PORTAL_CHANGED, desk.today, "", *changed[:_SHOWN_MAX])
    if reads:
        await _read(desk, public, charter)


def _draw_next(desk: Desk, now: int) -> None:
    portal.set_look_at(desk.vault, now + 1 + _draw(desk, LOOK_WITHIN_S))


def _draw(desk: Desk, below: int) -> int:
    return int.from_bytes(desk.random(_RANDOM_LEN), "big") % below


async def _signed(desk: Desk, server: DeskServer, charter: Charter) -> Manifest | None:
    """What one of us signed; an alarm when it was there and is gone, or does not verify."""
    data = await server.manifest()
    if data is None:
        if portal.was_shown(desk.vault, charter.hash):
            raise_alarm(desk, AlarmKind.PORTAL_CHANGED, desk.today, "manifest", "no signed list")
        return None
    try:
        manifest = verify_manifest(data, charter, desk.today)
    except (MalformedManifestError, ManifestSignatureError):
        raise_alarm(desk, AlarmKind.PORTAL_CHANGED, desk.today, "manifest", "list signed by nobody")
        return None
    except ManifestOldError:
        raise_alarm(desk, AlarmKind.PORTAL_CHANGED, desk.today, "manifest", "list is an old one")
        return None
    portal.set_shown(desk.vault, charter.hash)
    return manifest


async def _look(
    desk: Desk, server: DeskServer, public: Transport, charter: Charter, manifest: Manifest
) -> tuple[Sequence[str], bool]:
    """Some pages in one language: where something else is shown; whether a script would read."""
    keyring = verify_keyring_statements(await server.keyring(), charter.org_id, desk.today)
    expected = await asyncio.to_thread(_expected, desk, keyring, manifest)
    changed: dict[str, None] = {}
    public.new_visit()
    loaded = await _visit(desk, public, manifest)
    for each in loaded:
        body, path = each.response.body, each.path
        difference = compare(manifest.named(path), each.response.status, each.kind, body)
        if difference is not None:
            changed[f"{path} is {difference}"] = None
        elif expected.get(path, body) != body:
            changed[f"{path} says something else"] = None
    return tuple(changed), any(_runs_worker(each) for each in loaded)


def _runs_worker(loaded: Loaded) -> bool:
    return any(wanted is Wanted.WORKER for _, wanted in named_files(loaded.response.body))


async def _read(desk: Desk, public: Transport, charter: Charter) -> None:
    """The page in which letters are sealed reads these as it opens; the board may be judged, too.

    Raises:
        TorError, MalformedBoardError
    """
    await load_read(public, "/v1/keyring", KEYRING_LEN_MAX)
    board = await load_read(public, "/v1/board", BOARD_LEN_MAX)
    judge_board(desk, parse_board(board.response.body), charter.body.parameters)


def _expected(desk: Desk, keyring: VerifiedKeyring, manifest: Manifest) -> dict[str, bytes]:
    """The pages to the byte, where this desk runs the release that was signed."""
    if desk.portal is None:
        return {}
    bodies = same_release(desk.portal.make(keyring, manifest), manifest)
    return {path: body for (path, status), (_, body) in bodies.items() if status == 200}


async def _visit(desk: Desk, public: Transport, manifest: Manifest) -> Sequence[Loaded]:
    """A start page, and one that a link on it leads to, with their files."""
    starts = [f.path for f in manifest.files if f.status == 200 and _is_start(f.path, f.kind)]
    if not starts:
        return ()
    start = starts[_draw(desk, len(starts))]
    loaded = await load_page(public, start, typed=True)
    further = [f.path for f in manifest.files if f.kind == HTML and _is_below(f.path, start)]
    if further:
        loaded += await load_page(public, further[_draw(desk, len(further))], typed=False)
    return loaded


def _is_start(path: str, kind: str) -> bool:
    return kind == HTML and path.count("/") == 2 and path.endswith("/")


def _is_below(path: str, start: str) -> bool:
    return path != start and path.startswith(start)
