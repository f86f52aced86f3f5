"""Manifests: the latest of each device under a charter, and none of another charter."""

import pytest

from silent_courier.protocol.errors import ManifestTakenError
from silent_courier.storage.server.database import Database
from silent_courier.storage.server.manifests import read_manifests, store_manifest

FIRST, SECOND = b"1" * 32, b"2" * 32


def _store(database: Database, charter: bytes, device: int, day: int, manifest: bytes) -> None:
    with database.write() as connection:
        store_manifest(connection, charter, device, day, manifest)


def _read(database: Database, charter: bytes) -> list[bytes]:
    with database.read() as connection:
        return read_manifests(connection, charter)


def test_latest_of_each_device_is_kept(database: Database) -> None:
    for device, day, manifest in ((4, 9, b"a"), (0, 9, b"b"), (4, 10, b"c"), (4, 10, b"d")):
        _store(database, FIRST, device, day, manifest)

    assert _read(database, FIRST) == [b"b", b"d"]


def test_an_earlier_one_takes_no_later_ones_place(database: Database) -> None:
    _store(database, FIRST, 4, 10, b"new")

    with pytest.raises(ManifestTakenError):
        _store(database, FIRST, 4, 9, b"old")
    assert _read(database, FIRST) == [b"new"]


def test_under_a_new_charter_the_old_ones_are_gone(database: Database) -> None:
    _store(database, FIRST, 4, 10, b"first")

    assert _read(database, SECOND) == []
    _store(database, SECOND, 4, 9, b"second")
    assert _read(database, SECOND) == [b"second"]
    assert _read(database, FIRST) == []
