"""`courier verify` against a real server behind a proxy that tampers with what it serves."""

import re
import time
import urllib.error
import urllib.request

import pytest

from silent_courier.cli import portal_files
from silent_courier.protocol.manifest import HTML
from tests.headers import any_answers
from tests.tampering import (
    Change,
    Passing,
    adding,
    answering,
    loosening,
    replacing,
    tampering,
)
from tests.unit.cli.conftest import Ran, World


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal_files, "SETTLED_AFTER_S", 1e-3)


def _verify(world: World, change: Change) -> Ran:
    listen = world.server.portal_listen
    assert listen is not None
    with any_answers(), tampering(listen, change) as address:
        return world.courier("verify", f"http://{address}", "--org", world.org_id)


def sign(world: World, handler: str) -> None:
    """Sign, and wait until the pages say so."""
    world.desk("sign-portal", handler.lower())
    while f"{handler} signed it on" not in _get(world, "/en/about"):
        time.sleep(0.1)


def _get(world: World, path: str) -> str:
    with urllib.request.urlopen(world.server.portal_url + path) as answer:
        return str(answer.read().decode())


def _published(world: World) -> bool:
    try:
        return bool(_get(world, "/v1/manifest"))
    except UnicodeDecodeError:
        return True
    except urllib.error.HTTPError:
        return False


def _problems(ran: Ran) -> list[str]:
    return re.findall(r"^BAD +(.*)$", ran.out, re.M)


def _unchanged(passing: Passing) -> Passing:
    return passing


def test_portal_that_nobody_has_signed_is_found_wrong(world: World) -> None:
    ran = _verify(world, _unchanged)

    assert ran.code == 1
    assert _problems(ran) == ["No handler has signed the files of this portal."]


def test_signed_portal_is_found_right_and_every_other_one_wrong(world: World) -> None:
    sign(world, "Anna")
    ran = _verify(world, _unchanged)
    assert (ran.code, _problems(ran)) == (0, [])
    assert re.search(r"All \d+ files of the portal are those that Anna signed on 20", ran.out)
    assert "not compared" not in ran.out

    for change, expected in (
        (
            replacing("/static/worker", b"X25519", b"X25510"),
            r"/static/worker-[0-9a-f]{16}\.js is not as it was signed\.",
        ),
        (answering("/static/worker", 404), r"/static/worker-\S+ was signed and is not there\."),
        (answering("/ru/help", 404), r"/ru/help was signed and is not there\."),
        (
            replacing("/es/letterbox", b"<main", b"<main id=x"),
            r"/es/letterbox is not as it was signed\.",
        ),
        (
            replacing("/en/letterbox", b"</head>", b'<script src="/static/x.js"></script></head>'),
            r"/static/x\.js is loaded by a page and was signed by nobody\.",
        ),
        (answering("/static/icon", 200, b"GIF"), r"/static/icon-\S+ is not as it was signed\."),
        (_strangers_page, r"/en/[0-9a-f]{12} is not as it was signed\."),
        (_another_type, r"/static/portal-[0-9a-f]{16}\.css is not as it was signed\."),
        (
            replacing("/en/", b"Last time:", b"Last time (not):"),
            "/en/ says something else than what the desks have signed.",
        ),
        (
            replacing("/en/help", b"<h1>", b"<!--today--><p>Write to x</p><!--/today--><h1>"),
            r"/en/help is not as it was signed\.",
        ),
        (_once("/en/help"), r"/en/help is not as it was signed\."),
        (
            adding("/en/help", "Refresh", "0; url=/en/other"),
            r"/en/help is served with other headers than every answer must have\.",
        ),
        (
            loosening("/es/", "style-src 'self'", "style-src *"),
            r"/es/letterbox is served with other headers than every answer must have\.",
        ),
        (
            adding("/static/portal-", "Link", "<https://x.example/>; rel=stylesheet"),
            r"/static/portal-\S+ is served with other headers than every answer must have\.",
        ),
        (
            adding("/v1/board", "Set-Cookie", "a=b"),
            r"Not every answer has the right headers: look at set-cookie\.",
        ),
        (replacing("/v1/manifest", b"SCMF\x01", b"SCMF\x02"), "The manifest .* has a wrong form."),
        (_flip_signature, "The manifest .* signed by nobody in today's charter."),
    ):
        ran = _verify(world, change)
        assert ran.code == 1, ran.err
        assert any(re.fullmatch(expected, problem) for problem in _problems(ran)), ran.out


def _once(path: str) -> Change:
    """Tamper the first time alone, and be honest when somebody looks again."""
    left = [replacing(path, b"<main", b"<main id=x")]

    def change(passing: Passing) -> Passing:
        if passing.path == "/en/about":
            passing = replacing("/en/about", b"<!--today-->", b"<!--today--><p>x</p>")(passing)
        return left.pop()(passing) if left and passing.path == path else passing

    return change


def _strangers_page(passing: Passing) -> Passing:
    if passing.status != 404 or not passing.path.startswith("/en/"):
        return passing
    return answering("/en/", 404, b"<p>Write to somebody else</p>")(passing)


def _another_type(passing: Passing) -> Passing:
    if not passing.path.endswith(".css"):
        return passing
    headers = tuple((n, v if n != "content-type" else HTML) for n, v in passing.headers)
    return Passing(passing.path, passing.status, headers, passing.body)


def _flip_signature(passing: Passing) -> Passing:
    if passing.path != "/v1/manifest":
        return passing
    body = passing.body[:-1] + bytes([passing.body[-1] ^ 1])
    return Passing(passing.path, passing.status, passing.headers, body)


def test_list_signed_by_a_former_handler_or_under_an_old_charter_is_found_wrong(
    world: World,
) -> None:
    sign(world, "Boris")
    portal = world.server.portal_url
    theirs = _served(world)
    secret = world.secret
    files = (world.directory / "charter2", "--access", world.directory / "access2")
    for command in (
        ("org", "revoke", world.directory / "org", "boris"),
        ("org", "charter", world.directory / "org", "--out", *files, *secret),
        ("server", "charter", world.directory / "server", *files),
    ):
        ran = world.courier(*command)
        assert ran.code == 0, ran.err
    while _published(world):
        time.sleep(0.1)
    world.desk("sync", "anna")

    ran = world.courier("verify", portal, "--org", world.org_id)
    assert _problems(ran) == ["No handler has signed the files of this portal."]
    ran = _verify(world, answering("/v1/manifest", 200, theirs))
    assert any("signed by nobody in today's charter" in each for each in _problems(ran))
    sign(world, "Anna")
    assert world.courier("verify", portal, "--org", world.org_id).code == 0


def _served(world: World) -> bytes:
    caught: list[bytes] = []

    def catch(passing: Passing) -> Passing:
        if passing.path == "/v1/manifest":
            caught.append(passing.body)
        return passing

    _verify(world, catch)
    return caught[0]
