"""The status tells an operator whether a server runs, and nothing about who came."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from silent_courier.protocol.errors import NotAServerError
from silent_courier.server.config import Places
from silent_courier.server.lock import ServerLock
from silent_courier.server.status import (
    ServerStatus,
    encode_status,
    read_status,
    write_status,
)
from silent_courier.tor.publication import OnionStatus
from silent_courier.tor.service import ServiceStatus
from tests.unit.server.kit import make_organisation, set_up

TOR = ServiceStatus(True, 100, 0, (OnionStatus("a" * 56 + ".onion", True, 3, 6, 1.5, 2.5),))
STATUS = ServerStatus(
    running=True,
    portal="127.0.0.1:1",
    desk="127.0.0.1:2",
    day=20_600,
    epoch=7,
    serial=1,
    org_id="ab" * 32,
    letters=3,
    chunks=4,
    tor=TOR,
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    set_up(tmp_path, make_organisation())
    return tmp_path


def test_status_of_a_running_server_is_what_it_wrote(directory: Path) -> None:
    lock = ServerLock(Places(directory).lock)
    write_status(directory, STATUS)

    assert read_status(directory) == STATUS
    lock.release()


def test_server_that_ended_is_not_running_whatever_it_wrote(directory: Path) -> None:
    write_status(directory, STATUS)

    status = read_status(directory)

    assert not status.running
    assert status.tor is None
    assert status.letters == 3


@pytest.mark.parametrize("content", [None, b"", b"{}", b'{"running": 3}'])
def test_server_that_never_ran_has_a_status_too(directory: Path, content: bytes | None) -> None:
    if content is not None:
        Places(directory).status.write_bytes(content)

    assert read_status(directory) == ServerStatus(False, "127.0.0.1:1", "127.0.0.1:2")


def test_directory_without_a_server_has_none(tmp_path: Path) -> None:
    with pytest.raises(NotAServerError):
        read_status(tmp_path)


def test_status_is_one_json_object(directory: Path) -> None:
    decoded = json.loads(encode_status(STATUS))

    assert decoded["epoch"] == 7
    assert decoded["tor"]["onions"][0]["published"] is True


def test_no_field_beyond_the_known_ones() -> None:
    """A new field has to be thought about here first: what does it tell about visitors?"""
    assert {field.name for field in fields(ServerStatus)} == {
        "running",
        "portal",
        "desk",
        "day",
        "epoch",
        "serial",
        "org_id",
        "letters",
        "chunks",
        "store_full",
        "store_failing",
        "faults",
        "tor",
    }
