"""Looking at the portal's pages as a visitor does: are they those that one of us signed? §14.12.

At random times, on circuits of its own, by the requests that Tor Browser makes, so that a server
cannot easily show its desks other pages than it shows sources. What was signed is asked for over
the desk onion, which a visitor never asks, and at every sync, so that it announces no look. Refuses
to let its own failure stop a sync.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
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
from silent_courier.protocol.manifest import (
    HTML,
    Difference,
    Manifest,
    compare,
    parse_manifest,
    same_release,
    verify_manifest,
)
from silent_courier.protocol.sizes import KEYRING_LEN_MAX
from silent_courier.protocol.strict_headers import OCTETS, wrong_headers
from silent_courier.storage.vault import portal
from silent_courier.tor.browsing import Loaded, Wanted, load_page, load_read, named_files
from silent_courier.tor.transport import Transport

LOOK_WITHIN_S: Final = 24 * 3600
"""Each look is drawn from so many seconds after the one before: twice a day, on the whole."""

SETTLED_AFTER_S: Final = 5.0
"""A server shows in its pages within a second or two what has changed in the keyring."""

_RANDOM_LEN: Final = 8
_SHOWN_MAX: Final = 8
_BOARD: Final = "/v1/board"

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Look:
    """What was shown there: some pages with their files, and what the script of one reads."""

    public: Transport
    pages: Sequence[Loaded]
    reads: Sequence[Loaded]


async def look_at_pages(desk: Desk, public: Transport) -> Look | None:
    """Now and then load some pages; None where it is not time, or nothing is known of them yet.

    To be called before a sync has said anything to the server: what a desk asks for just before it
    looks would tell which of the visitors is a desk.

    Raises:
        TorError
    """
    at, now = portal.look_at(desk.vault), int(desk.clock())
    if at is None:
        _draw_next(desk, now)
        return None
    shown = portal.shown(desk.vault)
    if shown is None or now < at <= now + LOOK_WITHIN_S:
        return None
    _draw_next(desk, now)
    return await _visit(public, _draw_pages(desk, parse_manifest(shown)))


async def watch_portal(
    desk: Desk,
    server: DeskServer,
    keyring: VerifiedKeyring,
    look: Look | None,
    sleep: Sleep = asyncio.sleep,
) -> None:
    """Ask what was signed, at every sync, and hold against it what the look before has shown.

    Raises:
        TorError, UnexpectedAnswerError, MalformedBoardError, ProtocolError of the keyring
    """
    manifest = await _signed(desk, server, keyring.charter)
    if manifest is None or look is None:
        return
    changed, unsettled = await _judge(desk, keyring, manifest, look)
    if unsettled:
        # A keyring that changed meanwhile shows in the pages a little later: look once more at
        # the same ones, and ask for the keyring only then. What was signed has no such excuse.
        await sleep(SETTLED_AFTER_S)
        again = await _visit(look.public, [each.path for each in look.pages if each.kind == HTML])
        data = await server.keyring()
        keyring = verify_keyring_statements(data, keyring.charter.org_id, desk.today)
        more, unsettled = await _judge(desk, keyring, manifest, again)
        changed = list(dict.fromkeys([*changed, *more, *unsettled]))
    if changed:
        raise_alarm(desk, AlarmKind.PORTAL_CHANGED, desk.today, "", *changed[:_SHOWN_MAX])
    for each in look.reads:
        if each.path == _BOARD:
            board = parse_board(each.response.body)
            judge_board(desk, board, keyring.charter.body.parameters)


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
    portal.set_shown(desk.vault, charter.hash, data)
    return manifest


async def _judge(
    desk: Desk, keyring: VerifiedKeyring, manifest: Manifest, look: Look
) -> tuple[list[str], list[str]]:
    """What is not as it was signed; and what only says something else than the keyring now."""
    expected = await asyncio.to_thread(_expected, desk, keyring, manifest)
    changed: dict[str, None] = {}
    unsettled: dict[str, None] = {}
    for each in look.pages:
        path, response = each.path, each.response
        difference = compare(manifest.named(path), response.status, response.headers, response.body)
        if difference is not None:
            changed[f"{path} is {difference}"] = None
        elif expected.get(path, response.body) != response.body:
            unsettled[f"{path} says something else"] = None
    for each in look.reads:
        if wrong_headers(each.response.headers, OCTETS, len(each.response.body)):
            changed[f"{each.path} is {Difference.HEADERS}"] = None
    return list(changed), list(unsettled)


def _expected(desk: Desk, keyring: VerifiedKeyring, manifest: Manifest) -> dict[str, bytes]:
    """The pages to the byte, where this desk runs the release that was signed."""
    if desk.portal is None:
        return {}
    bodies = same_release(desk.portal.make(keyring, manifest), manifest)
    return {path: body for (path, status), (_, body) in bodies.items() if status == 200}


def _draw_pages(desk: Desk, manifest: Manifest) -> Sequence[str]:
    """A start page, and one that a link on it leads to."""
    starts = [f.path for f in manifest.files if f.status == 200 and _is_start(f.path, f.kind)]
    if not starts:
        return ()
    start = starts[_draw(desk, len(starts))]
    further = [f.path for f in manifest.files if f.kind == HTML and _is_below(f.path, start)]
    return (start, further[_draw(desk, len(further))]) if further else (start,)


async def _visit(public: Transport, paths: Sequence[str]) -> Look:
    """Load these with their files, on a fresh circuit, and what the script of one of them reads."""
    public.new_visit()
    pages: list[Loaded] = []
    for number, path in enumerate(paths):
        pages += await load_page(public, path, typed=number == 0)
    if not any(_runs_worker(each) for each in pages):
        return Look(public, pages, ())
    keyring = await load_read(public, "/v1/keyring", KEYRING_LEN_MAX)
    return Look(public, pages, (keyring, await load_read(public, _BOARD, BOARD_LEN_MAX)))


def _runs_worker(loaded: Loaded) -> bool:
    return any(wanted is Wanted.WORKER for _, wanted in named_files(loaded.response.body))


def _is_start(path: str, kind: str) -> bool:
    return kind == HTML and path.count("/") == 2 and path.endswith("/")


def _is_below(path: str, start: str) -> bool:
    return path != start and path.startswith(start)
