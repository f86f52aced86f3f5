"""One server on one directory."""

from pathlib import Path

import pytest

from silent_courier.protocol.errors import ServerRunningError
from silent_courier.server.lock import ServerLock, is_locked


def test_second_server_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    first = ServerLock(path)

    with pytest.raises(ServerRunningError):
        ServerLock(path)

    first.release()
    ServerLock(path).release()


def test_lock_shows_whether_a_server_runs(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_locked(path)

    lock = ServerLock(path)
    assert is_locked(path)

    lock.release()
    assert not is_locked(path)
