"""A fresh database and a key of the day for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from silent_courier.storage.server.database import Database
from silent_courier.storage.staging import StagingKeys
from tests.unit.storage.kit import make_keys


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "store.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def keys(tmp_path: Path) -> StagingKeys:
    return make_keys(tmp_path)
