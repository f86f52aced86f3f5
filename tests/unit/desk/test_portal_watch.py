"""Pages looked at as a stranger does, at random times: what is not as it was signed alarms."""

import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio

from silent_courier.desk import Desk, list_alarms, sync
from silent_courier.desk.portal_watch import LOOK_WITHIN_S, Sleep, look_at_pages, watch_portal
from silent_courier.desk.remote import DeskServer
from silent_courier.desk.report import Trouble
from silent_courier.protocol.board_format import encode_board
from silent_courier.protocol.keyring import VerifiedKeyring, verify_keyring_statements
from silent_courier.protocol.manifest import (
    HTML,
    Manifest,
    PortalFile,
    encode_manifest,
    name_files,
    sign_manifest,
)
from silent_courier.protocol.strict_headers import Headers
from silent_courier.storage.vault import portal as kept
from silent_courier.tor.browsing import Wanted, browser_headers
from silent_courier.tor.transport import Transport
from tests.unit.desk.kit import Clock, SmallServer, body, hang_up, status, token
from tests.unit.desk.portal_kit import MAKER, STYLE, WORKER, SmallPortal, bodies, visiting
from tests.unit.protocol.makers import device_key

PATH = "/v1/manifest"


async def no_wait(_: float) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Scene:
    """A desk, its server, and the portal that strangers see: honest, signed by a colleague."""

    desk: Desk
    server: SmallServer
    transport: Transport
    portal: SmallPortal
    public: Transport
    clock: Clock
    drawn: list[int]

    @property
    def keyring(self) -> VerifiedKeyring:
        data = self.server._keyring()
        return verify_keyring_statements(data, self.server.org.org_id, self.clock.day)

    def publish(self) -> None:
        """Sign and serve what belongs to the keyring of now."""
        manifest = self.sign(name_files(bodies(self.keyring, None)), 4)
        self.portal.shown = dict(bodies(self.keyring, manifest))

    def sign(self, files: tuple[PortalFile, ...], device: int) -> Manifest:
        """The server publishes what this device has signed."""
        key = device_key(device)
        manifest = sign_manifest(files, self.clock.day, self.server.org.charter, key)
        data = encode_manifest(manifest)
        self.server.overrides[PATH] = body(data)
        if device == 4:  # A sync before has seen it.
            kept.set_shown(self.desk.vault, self.server.org.charter.hash, data)
        return manifest

    def draw(self, number: int) -> None:
        """What is drawn from now on: 0 for the first language, 1 for the second."""
        self.drawn[:] = [number]

    async def look(self, sleep: Sleep = no_wait) -> None:
        """At the time that was drawn."""
        kept.set_look_at(self.desk.vault, int(self.clock.now))
        await self.watch(sleep)

    async def watch(self, sleep: Sleep = no_wait) -> None:
        own, keyring = DeskServer(self.transport, token(0)), self.keyring
        look = await look_at_pages(self.desk, self.public)
        await watch_portal(self.desk, own, keyring, look, sleep)

    @property
    def details(self) -> set[str]:
        """What the alarms are about."""
        rows = list_alarms(self.desk)
        assert {row.kind for row in rows} <= {"portal-changed"}
        return {detail for row in rows for detail in row.details}


@pytest_asyncio.fixture
async def scene(
    desk: Desk, server: SmallServer, transport: Transport, clock: Clock, tmp_path: Path
) -> AsyncIterator[Scene]:
    portal = SmallPortal()
    async with visiting(portal, tmp_path) as public:
        portal.board = encode_board(int(clock.now) // 3600, [bytes(1024)])
        drawn = [0]
        desk = replace(
            desk,
            portal=MAKER,
            random=lambda n: (drawn[0] if drawn else secrets.randbits(32)).to_bytes(n, "big"),
        )
        made = Scene(desk, server, transport, portal, public, clock, drawn)
        made.publish()
        yield made


async def test_honest_portal_raises_nothing_and_sees_a_browser(scene: Scene) -> None:
    scene.draw(0)
    await scene.look()

    assert scene.details == set()
    assert [seen.path for seen in scene.portal.seen] == ["/en/", STYLE, "/en/help", STYLE]
    wanted = (Wanted.TYPED_PAGE, Wanted.STYLE, Wanted.LINKED_PAGE, Wanted.STYLE)
    for seen, each in zip(scene.portal.seen, wanted, strict=True):
        assert seen.headers == browser_headers(each, "localhost")


async def test_page_that_seals_is_seen_with_what_its_script_reads(scene: Scene) -> None:
    scene.draw(1)
    await scene.look()

    assert scene.details == set()
    paths = [seen.path for seen in scene.portal.seen]
    page = ["/ru/letterbox", STYLE, WORKER, "/v1/keyring", "/v1/board"]
    assert paths == ["/ru/", STYLE, *page]
    assert scene.portal.seen[-1].headers == browser_headers(Wanted.FETCHED, "localhost")


async def test_board_that_is_seen_so_is_judged(scene: Scene) -> None:
    scene.draw(1)
    scene.portal.board = encode_board(int(scene.clock.now) // 3600 - 9, [bytes(1024)])
    await scene.look()

    assert {row.kind for row in list_alarms(scene.desk)} == {"old-board"}


def _tampering(path: str, change: Callable[[Headers], Headers]) -> Callable[[SmallPortal], None]:
    """Serve this path with other headers."""

    def tamper(portal: SmallPortal) -> None:
        portal.tamper = lambda asked, given: change(given) if asked == path else given

    return tamper


def _hinting(portal: SmallPortal) -> None:
    portal.before = b"HTTP/1.1 103 X\r\nLink: <https://x/>; rel=preload\r\n\r\n"


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (lambda p: p.show(STYLE, b"p{}", b"p{x:y}"), f"{STYLE} is changed"),
        (lambda p: p.shown.pop((STYLE, 200)), f"{STYLE} is missing"),
        (lambda p: p.show("/en/", b"<h1>", b"<h1 id=a>"), "/en/ is changed"),
        (lambda p: p.show("/en/help", b"Help", b"Kelp"), "/en/help is changed"),
        (
            lambda p: p.show("/en/", b"<h1>", b'<script src="/static/x.js"></script><h1>'),
            "/static/x.js is foreign",
        ),
        (
            lambda p: p.show("/en/", b"<!--today--><p>", b"<!--today--><p>x"),
            "/en/ says something else",
        ),
        (lambda p: p.shown.update({("/en/", 200): ("text/plain", b"")}), "/en/ is changed"),
        (
            _tampering(STYLE, lambda h: [*h, (b"Link", b"<https://x/>; rel=stylesheet")]),
            f"{STYLE} is served with other headers",
        ),
        (
            _tampering("/en/help", lambda h: [*h, (b"Refresh", b"0; url=/en/other")]),
            "/en/help is served with other headers",
        ),
        (
            _tampering("/en/", lambda h: [(n, v.replace(b"'self'", b"*")) for n, v in h]),
            "/en/ is served with other headers",
        ),
        (_hinting, "/en/ is served with other headers"),
    ],
)
async def test_whatever_is_not_as_it_was_signed_alarms(
    scene: Scene, change: Callable[[SmallPortal], None], detail: str
) -> None:
    change(scene.portal)
    await scene.look()

    assert detail in scene.details


async def test_what_a_script_reads_with_another_header_alarms(scene: Scene) -> None:
    scene.draw(1)
    _tampering("/v1/board", lambda h: [*h, (b"set-cookie", b"a=b")])(scene.portal)
    await scene.look()

    assert scene.details == {"/v1/board is served with other headers"}


async def test_portal_that_is_honest_when_a_desk_comes_again_is_found_out(scene: Scene) -> None:
    honest = dict(scene.portal.shown)
    scene.portal.show("/en/", b"<h1>", b"<h1 id=a>")
    scene.portal.show("/en/help", b"<!--today--><p>", b"<!--today--><p>x")

    async def repent(_: float) -> None:
        scene.portal.shown = honest

    await scene.look(repent)

    assert scene.details == {"/en/ is changed"}


async def test_second_look_is_at_the_very_same_pages(scene: Scene) -> None:
    scene.portal.show("/en/help", b"<!--today--><p>", b"<!--today--><p>x")
    scene.draw(0)

    async def draw_otherwise(_: float) -> None:
        scene.draw(1)

    await scene.look(draw_otherwise)

    pages = [seen.path for seen in scene.portal.seen]
    assert pages == ["/en/", STYLE, "/en/help", STYLE] * 2
    assert scene.details == {"/en/help says something else"}


async def test_nothing_that_a_desk_asks_announces_its_look(scene: Scene) -> None:
    """It asks for the same in every sync, and looks before it has said anything in one."""
    asked, told = [], []

    def note(path: str, given: Headers) -> Headers:
        if not path.startswith("/v1/"):
            told.append(len(scene.server.seen) - before)
        return given

    scene.portal.tamper = note
    for due in (False, True):
        kept.set_look_at(scene.desk.vault, int(scene.clock.now) + (0 if due else 60))
        scene.publish()
        before = len(scene.server.seen)
        await sync(scene.desk, scene.transport, public=scene.public)
        assert told == ([0] * 4 if due else [])
        asked.append([seen.path for seen in scene.server.seen[before:]])
    assert [paths.count(PATH) for paths in asked] == [1, 1]
    assert [paths[:2] for paths in asked] == [["/v1/keyring", PATH]] * 2


async def test_portal_of_another_release_is_held_to_what_a_colleague_signed(scene: Scene) -> None:
    page = b"<p>New</p><!--today--><!--/today-->"
    shown = scene.portal.shown
    shown["/en/", 200] = shown["/en/help", 200] = (HTML, page)
    scene.sign(name_files(shown), 4)
    await scene.look()
    assert scene.details == set()

    scene.portal.show("/en/", b"New", b"Old")
    await scene.look()
    assert scene.details == {"/en/ is changed"}


async def test_keyring_that_changed_meanwhile_is_no_alarm(scene: Scene) -> None:
    old = scene.portal.shown
    scene.server.signs[4] = scene.server.org.signs_of_life(scene.clock.day)[1]
    scene.publish()
    fresh, scene.portal.shown = scene.portal.shown, old

    async def settle(_: float) -> None:
        scene.portal.shown = fresh

    await scene.look(settle)

    assert fresh != old
    assert scene.details == set()
    assert len(scene.portal.seen) == 8


async def test_list_that_is_gone_or_old_or_signed_by_nobody_alarms(scene: Scene) -> None:
    await scene.look()
    good = scene.server.overrides[PATH]
    scene.server.overrides[PATH] = status(404)
    await scene.look()
    assert scene.details == {"no signed list"}

    scene.clock.turn(days=1)
    scene.sign(name_files(bodies(scene.keyring, None)), 7)
    await scene.look()
    assert scene.details == {"no signed list", "list signed by nobody"}

    scene.clock.turn(days=31)
    scene.server.overrides[PATH] = good
    await scene.look()
    assert "list is an old one" in scene.details


async def test_where_nobody_signed_there_is_nothing_to_look_at(scene: Scene) -> None:
    scene.server.overrides[PATH] = status(404)
    scene.desk.vault.run("UPDATE portal SET shown_under = NULL, manifest = NULL")
    await scene.look()

    assert (scene.details, scene.portal.seen) == (set(), [])


async def test_looks_come_at_random_times_about_twice_a_day(scene: Scene) -> None:
    scene.drawn.clear()
    await scene.watch()
    assert scene.portal.seen == []
    drawn = set()
    begin = int(scene.clock.now)
    for _ in range(40):
        at = kept.look_at(scene.desk.vault)
        assert at is not None
        drawn.add(at - begin)
        scene.clock.now = float(at - 1)
        before = len(scene.portal.seen)
        await scene.watch()
        assert len(scene.portal.seen) == before
        scene.clock.now = float(begin)
        await scene.look()
        assert len(scene.portal.seen) > before

    assert all(1 <= each <= LOOK_WITHIN_S for each in drawn)
    assert 6 * 3600 < sum(drawn) / len(drawn) < 18 * 3600


async def test_portal_that_cannot_be_seen_stops_no_sync(scene: Scene) -> None:
    scene.server.overrides[PATH] = hang_up
    kept.set_look_at(scene.desk.vault, int(scene.clock.now))
    report = await sync(scene.desk, scene.transport, public=scene.public)

    assert Trouble.PORTAL_NOT_SEEN in report.troubles
