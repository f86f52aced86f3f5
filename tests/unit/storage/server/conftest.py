"""A fresh database for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from silent_courier.storage.server.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "store.sqlite")
    yield opened
    opened.close()
