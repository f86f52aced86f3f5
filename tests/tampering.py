"""A proxy before a real server that changes what visitors get: a hostile host, for tests."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from tests.headers import assert_exact


@dataclass(frozen=True, slots=True)
class Passing:
    """An answer on its way: to which path, what it is, and with which headers it was asked for."""

    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    asked: tuple[tuple[str, str], ...] = ()


Change = Callable[[Passing], Passing]
"""What becomes of an answer."""


def replacing(path: str, old: bytes, new: bytes) -> Change:
    """In answers to paths that begin so, exchange these bytes."""

    def change(passing: Passing) -> Passing:
        if not passing.path.startswith(path):
            return passing
        return replace(passing, body=passing.body.replace(old, new))

    return change


def answering(path: str, status: int, body: bytes = b"") -> Change:
    """Answer otherwise at paths that begin so."""

    def change(passing: Passing) -> Passing:
        if not passing.path.startswith(path):
            return passing
        return replace(passing, status=status, body=body)

    return change


def adding(path: str, name: str, value: str) -> Change:
    """In answers to paths that begin so, add a header."""

    def change(passing: Passing) -> Passing:
        if not passing.path.startswith(path):
            return passing
        return replace(passing, headers=(*passing.headers, (name, value)))

    return change


def loosening(path: str, old: str, new: str) -> Change:
    """In headers of answers to paths that begin so, exchange this text."""

    def change(passing: Passing) -> Passing:
        if not passing.path.startswith(path):
            return passing
        headers = tuple((name, value.replace(old, new)) for name, value in passing.headers)
        return replace(passing, headers=headers)

    return change


@contextmanager
def tampering(address: str, change: Change) -> Iterator[str]:
    """`HOST:PORT` of a proxy before the server at `address`; it names the server in `Host`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, address, change), daemon=True).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def _accept(listener: socket.socket, address: str, change: Change) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            threading.Thread(target=_serve, args=(client, address, change), daemon=True).start()


def _serve(client: socket.socket, address: str, change: Change) -> None:
    host, _, port = address.rpartition(":")
    with (
        suppress(OSError, EOFError, ValueError),
        client,
        socket.create_connection((host, int(port))) as server,
    ):
        asked, answered = client.makefile("rb"), server.makefile("rb")
        while line := asked.readline():
            path = line.split(b" ")[1].decode()
            given = _headers(asked)
            headers = [(n, v if n.lower() != "host" else address) for n, v in given]
            server.sendall(_message(line.strip(), headers, _body(asked, headers)))
            status = int(answered.readline().split(b" ")[1])
            back = _headers(answered)
            assert_exact(((name.encode(), value.encode()) for name, value in back), status)
            body = _body(answered, back)
            passing = change(Passing(path, status, tuple(back), body, tuple(given)))
            client.sendall(_answer(passing))


def _headers(file: object) -> list[tuple[str, str]]:
    headers = []
    while line := file.readline().decode("latin-1").strip():  # type: ignore[attr-defined]
        name, _, value = line.partition(":")
        headers.append((name.strip(), value.strip()))
    return headers


def _body(file: object, headers: list[tuple[str, str]]) -> bytes:
    length = {name.lower(): value for name, value in headers}.get("content-length", "0")
    return bytes(file.read(int(length)))  # type: ignore[attr-defined]


def _answer(passing: Passing) -> bytes:
    length = str(len(passing.body))
    headers = [(n, v if n.lower() != "content-length" else length) for n, v in passing.headers]
    return _message(b"HTTP/1.1 %d X" % passing.status, headers, passing.body)


def _message(first: bytes, headers: list[tuple[str, str]], body: bytes) -> bytes:
    lines = [first, *(f"{name}: {value}".encode("latin-1") for name, value in headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
