"""The exact headers of every answer, written out: what is served is held to this, not to the code.

Whoever asks a server of ours in a test, a small client, a proxy or our own transport, checks here.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from silent_courier.tor.connection import Connection, Request, Response

OFF: Final = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone"
POLICIES: Final = {
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    b"connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; "
    b"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types courier"
}
EXACT: Final = {
    b"cache-control": b"no-store",
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-embedder-policy": b"require-corp",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": ", ".join(
        f"{name}=()" for name in f"{OFF} midi payment usb".split()
    ).encode(),
}
KINDS: Final = {
    b"application/octet-stream",
    b"text/html; charset=utf-8",
    b"text/css; charset=utf-8",
    b"text/javascript; charset=utf-8",
    b"text/plain; charset=utf-8",
    b"image/png",
}


def assert_exact(headers: Iterable[tuple[bytes, bytes]], status: int = 200) -> None:
    """These headers, each once, with these values, and no others but a connection's end.

    A 204 has no body, so it tells no length: RFC 9110 §8.6.
    """
    listed = [(name.lower(), value) for name, value in headers]
    given = dict(listed)
    assert len(listed) == len(given), "a header is there twice"
    connection = given.pop(b"connection", b"close")
    assert (b"content-length" in given) == (status != 204)
    kind, length = given.pop(b"content-type"), given.pop(b"content-length", b"0")
    policy = given.pop(b"content-security-policy")
    assert given == EXACT
    assert policy in POLICIES
    assert connection == b"close"
    assert kind in KINDS
    assert length.isdigit()


_EXCHANGE: Final = Connection.exchange


@contextmanager
def exact_answers() -> Iterator[None]:
    """Hold every answer that our own programs get meanwhile to this; all must be a server's."""
    exchange = Connection.exchange

    async def checked(self: Connection, request: Request) -> Response:
        response = await exchange(self, request)
        assert_exact(response.headers, response.status)
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "exchange", checked)
        yield


@contextmanager
def any_answers() -> Iterator[None]:
    """Let our own programs get any headers meanwhile: somebody tampers, and they have to see it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "exchange", _EXCHANGE)
        yield
