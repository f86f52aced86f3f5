"""Directories: private, short enough, and nobody else's."""

import stat
from pathlib import Path

import pytest

from silent_courier.protocol.errors import TorAlreadyRunningError
from silent_courier.tor.directory import (
    lock_directory,
    make_private_directory,
    short_socket_directory,
)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_directory_that_others_could_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    for name in ("open", "new"):
        make_private_directory(tmp_path / name)
        assert mode_of(tmp_path / name) == 0o700


def test_a_short_path_keeps_its_sockets(short_path: Path) -> None:
    assert short_socket_directory(short_path / "s") == short_path / "s"
    assert mode_of(short_path / "s") == 0o700


def test_sockets_of_a_long_path_go_elsewhere_and_stay_private(short_path: Path) -> None:
    elsewhere = short_socket_directory(short_path / ("long" * 30))
    try:
        assert len(str(elsewhere)) < 40
        assert mode_of(elsewhere) == 0o700
    finally:
        elsewhere.rmdir()


def test_a_second_owner_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    with lock_directory(tmp_path), pytest.raises(TorAlreadyRunningError):
        lock_directory(tmp_path)
    lock_directory(tmp_path).close()
