"""Pages are loaded with a browser's requests, in a browser's order, and nothing is run."""

import os
from pathlib import Path

from silent_courier.tor.browsing import Wanted, browser_headers, load_page, load_read, named_files
from silent_courier.tor.transport import Transport
from tests.servers import HttpServer, Seen, ok

PAGE = (
    b'<link rel="stylesheet" href="/static/a.css"><link rel="icon" href="/static/i.png">'
    b'<script src="/static/p.js" defer></script>'
    b'<template data-worker="/static/w.js" data-list="/static/l.txt"></template>'
)
FILES = [
    ("/static/a.css", Wanted.STYLE),
    ("/static/p.js", Wanted.SCRIPT),
    ("/static/w.js", Wanted.WORKER),
    ("/static/l.txt", Wanted.FETCHED),
]


def test_files_are_found_in_the_order_in_which_a_browser_asks() -> None:
    assert list(named_files(PAGE)) == FILES


def test_only_files_of_the_portal_are_found() -> None:
    for place in ("http://x/static/a.css", "//x/a.css", "/v1/board", "/static/a b"):
        assert list(named_files(PAGE.replace(b"/static/a.css", place.encode()))) == FILES[1:]


async def test_each_request_has_a_browsers_headers_and_no_others(tmp_path: Path) -> None:
    server = HttpServer(lambda seen: ok(PAGE if seen.path == "/en/" else seen.path.encode()))
    path = tmp_path / "s.sock"
    async with (
        await server.listen_unix(path),
        Transport(f"unix:{path}", socks=None, random_bytes=os.urandom) as transport,
    ):
        loaded = await load_page(transport, "/en/", typed=True)
        await load_page(transport, "/en/help", typed=False)
        await load_read(transport, "/v1/board", 100)

    assert [each.path for each in loaded] == ["/en/", *(path for path, _ in FILES)]
    assert loaded[1].response.body == b"/static/a.css"
    wanted = [Wanted.TYPED_PAGE, *(each for _, each in FILES), Wanted.LINKED_PAGE, Wanted.FETCHED]
    assert [seen.headers for seen in server.seen] == [
        browser_headers(each, "localhost") for each in wanted
    ]
    assert server.connections == 1


def test_nothing_in_the_headers_says_which_program_asks() -> None:
    for wanted in Wanted:
        said = repr(browser_headers(wanted, "x.onion")).lower()
        assert not any(word in said for word in ("python", "courier", "linux", "h11"))


async def test_missing_type_is_empty(tmp_path: Path) -> None:
    def answer(_: Seen) -> bytes:
        return b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n"

    path = tmp_path / "s.sock"
    async with (
        await HttpServer(answer).listen_unix(path),
        Transport(f"unix:{path}", socks=None, random_bytes=os.urandom) as transport,
    ):
        (loaded,) = await load_page(transport, "/x", typed=True)

    assert (loaded.kind, loaded.response.status) == ("", 404)
