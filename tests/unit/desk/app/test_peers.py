"""That the kernel says whose a connection is, and that other users are hung up on."""

import asyncio
import os
import socket
import subprocess
from collections.abc import Iterator

import pytest

from silent_courier.desk.app import peers
from silent_courier.desk.app.peers import can_tell, is_ours, owner_of
from tests.unit.desk.app.kit import Visitor

NOBODY = 65534
ASK = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as c:
    c.sendall(b"GET / HTTP/1.1\\r\\nHost: 127.0.0.1:" + sys.argv[1].encode() + b"\\r\\n\\r\\n")
    c.settimeout(5)
    try:
        print(len(c.recv(9999)))
    except OSError:
        print(0)
"""


def asked_by(user: int | None, port: int) -> int:
    """How many bytes another program is answered, run by this user."""
    done = subprocess.run(
        ["/usr/bin/python3", "-I", "-c", ASK, str(port)],
        user=user,
        group=user,
        extra_groups=None if user is None else (),
        cwd="/",
        capture_output=True,
        check=True,
    )
    return int(done.stdout)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def test_this_system_tells_whose_a_connection_is(listening: socket.socket) -> None:
    assert can_tell()
    here = listening.getsockname()
    with socket.create_connection(here) as ours:
        assert owner_of(ours.getsockname(), here) == os.geteuid()
        assert is_ours(ours.getsockname(), here)
    with socket.socket(socket.AF_INET6) as six:
        six.connect(("::ffff:127.0.0.1", here[1]))
        assert owner_of(("127.0.0.1", six.getsockname()[1]), here) == os.geteuid()


def test_a_connection_that_is_gone_is_nobodys(listening: socket.socket) -> None:
    here = listening.getsockname()
    ours = socket.create_connection(here)
    peer = ours.getsockname()
    ours.close()

    assert owner_of(peer, here) is None
    assert not is_ours(peer, here)
    assert owner_of(("127.0.0.1", 1), here) is None


async def test_another_users_program_is_hung_up_on_without_a_word(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(visitor.app._listener.host.rpartition(":")[2])
    assert await asyncio.to_thread(asked_by, None, port) > 100
    if os.geteuid() == peers.ROOT:
        assert await asyncio.to_thread(asked_by, NOBODY, port) == 0
    # As if we were somebody else ourselves.
    with monkeypatch.context() as patched:
        patched.setattr(peers, "ROOT", NOBODY)
        patched.setattr(os, "geteuid", lambda: NOBODY)
        assert await asyncio.to_thread(asked_by, None, port) == 0
    assert await asyncio.to_thread(asked_by, None, port) > 100


async def test_where_nobody_can_tell_whoever_asks_is_answered(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(peers, "can_tell", lambda: False)
    monkeypatch.setattr(peers, "owner_of", lambda *_: 1 / 0)
    assert (await visitor.http.get("/")).status_code == 200
