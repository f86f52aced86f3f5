"""A relay before a server that stops answering once a client said certain words."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def silent_after(address: str, words: bytes) -> Iterator[str]:
    """Pass everything on; what holds `words` still goes in, but nothing comes back."""
    host, _, port = address.rpartition(":")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(
            target=_accept, args=(listener, (host, int(port)), words), daemon=True
        ).start()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def _accept(listener: socket.socket, target: tuple[str, int], words: bytes) -> None:
    with suppress(OSError):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection(target)
            heard = threading.Event()
            for source, sink, mark in ((client, server, words), (server, client, None)):
                threading.Thread(
                    target=_pass_on, args=(source, sink, mark, heard), daemon=True
                ).start()


def _pass_on(
    source: socket.socket, sink: socket.socket, mark: bytes | None, heard: threading.Event
) -> None:
    with suppress(OSError), source, sink:
        while data := source.recv(65536):
            if mark is not None and mark in data:
                heard.set()
            if mark is None and heard.is_set():
                sink.shutdown(socket.SHUT_RDWR)
                source.shutdown(socket.SHUT_RDWR)
                return
            sink.sendall(data)
